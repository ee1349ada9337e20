// One parser per decodable format; the other formats are recognised only.
#include "image/image_info.hpp"

#include <iterator>

#include "image/bmp_header.hpp"
#include "image/jpeg_markers.hpp"
#include "image/png_chunks.hpp"

namespace netocr {
namespace {

struct ModelName {
  ColorModel model;
  std::string_view name;
};
constexpr ModelName kModelNames[] = {
    {ColorModel::kUnknown, "unknown"}, {ColorModel::kGrey, "grey"}, {ColorModel::kRgb, "rgb"},
    {ColorModel::kYcbcr, "ycbcr"},     {ColorModel::kCmyk, "cmyk"}, {ColorModel::kYcck, "ycck"},
    {ColorModel::kPalette, "palette"},
};
constexpr bool models_in_enum_order() {
  for (std::size_t i = 0; i < std::size(kModelNames); ++i) {
    if (static_cast<std::size_t>(kModelNames[i].model) != i) return false;
  }
  return std::size(kModelNames) == static_cast<std::size_t>(ColorModel::kPalette) + 1;
}
static_assert(models_in_enum_order());

Result<ImageInfo> inspect_jpeg(Bytes bytes) {
  const auto header = read_jpeg_header(bytes);
  if (!header.ok()) return header.error();
  ImageInfo info;
  info.width = header->width;
  info.height = header->height;
  info.orientation = header->orientation;
  info.bits_per_sample = header->bits_per_sample;
  info.color_model = jpeg_color_model(*header);
  info.has_metadata = header->has_metadata;
  info.progressive = header->process == JpegProcess::kProgressive;
  info.decodable = check_jpeg_variant(*header).ok();
  if (header->has_profile && !header->profile_is_srgb) info.warnings |= kWarnProfileIgnored;
  if (!header->complete) info.warnings |= kWarnTruncated;
  return info;
}

ColorModel png_color_model(std::uint8_t color_type) {
  if (color_type == 3) return ColorModel::kPalette;
  return (color_type & 2) != 0 ? ColorModel::kRgb : ColorModel::kGrey;
}

Result<ImageInfo> inspect_png(Bytes bytes) {
  const auto header = read_png_header(bytes);
  ImageInfo info;
  if (!header.ok()) {
    // A variant that is not decoded is recognised all the same.
    if (header.error().code == ErrorCode::kUnsupportedFeature) return info;
    return header.error();
  }
  info.width = header->width;
  info.height = header->height;
  info.orientation = header->orientation;
  info.bits_per_sample = header->bit_depth;
  info.color_model = png_color_model(header->color_type);
  info.has_alpha = header->has_transparency;
  info.has_metadata = header->has_metadata;
  info.progressive = header->interlaced;
  info.decodable = true;
  if (header->foreign_color) info.warnings |= kWarnProfileIgnored;
  if (!header->complete) info.warnings |= kWarnTruncated;
  return info;
}

Result<ImageInfo> inspect_bmp(Bytes bytes) {
  const auto header = read_bmp_header(bytes);
  ImageInfo info;
  if (!header.ok()) {
    if (header.error().code == ErrorCode::kUnsupportedFeature) return info;
    return header.error();
  }
  if (header->coding == BmpCoding::kJpeg || header->coding == BmpCoding::kPng) {
    auto inner =
        header->coding == BmpCoding::kJpeg ? inspect_jpeg(header->pixels) : inspect_png(header->pixels);
    if (inner.ok()) inner->orientation = 1;  // BMP readers do not turn it
    return inner;
  }
  info.width = header->width;
  info.height = header->height;
  info.bits_per_sample = bmp_bits_per_sample(*header);
  info.color_model = bmp_has_palette(header->coding) ? ColorModel::kPalette : ColorModel::kRgb;
  info.has_alpha = header->masks[3] != 0 || header->coding == BmpCoding::kBgra64;
  info.has_metadata = header->has_metadata;
  info.decodable = true;
  if (header->foreign_color) info.warnings |= kWarnProfileIgnored;
  return info;
}

Result<ImageInfo> inspect_as(ImageFormat format, Bytes bytes) {
  switch (format) {
    case ImageFormat::kJpeg:
      return inspect_jpeg(bytes);
    case ImageFormat::kPng:
      return inspect_png(bytes);
    case ImageFormat::kBmp:
      return inspect_bmp(bytes);
    case ImageFormat::kUnknown:
      return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
    case ImageFormat::kTiff:
    case ImageFormat::kWsq:
    case ImageFormat::kJp2:
    case ImageFormat::kJ2k:
    case ImageFormat::kWebp:
    case ImageFormat::kHeic:
    case ImageFormat::kAvif:
    case ImageFormat::kGif:
    case ImageFormat::kPdf:
      break;
  }
  return ImageInfo{};
}

}  // namespace

std::string_view color_model_name(ColorModel model) {
  return kModelNames[static_cast<std::size_t>(model)].name;
}

Result<ImageInfo> inspect_image(Bytes bytes, const Limits& limits) {
  if (const Status size = check_input_size(bytes.size(), limits); !size.ok()) return size.error();
  const ImageFormat format = sniff_image(bytes);
  auto info = inspect_as(format, bytes);
  if (!info.ok()) return info;
  info->format = format;
  if (info->decodable) {
    if (const Status fits = check_dimensions(info->width, info->height, limits); !fits.ok())
      return fits.error();
  }
  return info;
}

}  // namespace netocr
