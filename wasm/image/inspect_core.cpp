// One reader of a header, and one of a profile, per format of the core.
#include "image/inspect_core.hpp"

#include "image/bmp_header.hpp"
#include "image/jpeg_markers.hpp"
#include "image/png_chunks.hpp"

namespace netocr {
namespace {

ColorModel png_color_model(std::uint8_t color_type) {
  if (color_type == 3) return ColorModel::kPalette;
  return (color_type & 2) != 0 ? ColorModel::kRgb : ColorModel::kGrey;
}

}  // namespace

Result<ImageInfo> inspect_jpeg(Bytes bytes) {
  const auto header = read_jpeg_header(bytes, JpegWalk::kWhole);
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
  if (!header->complete) info.warnings |= kWarnTruncated;
  return info;
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
  if (header->lost_profile) info.profile = ProfileUse::kIgnored;
  return info;
}

Result<Buffer> read_png_profile(Bytes bytes) {
  const auto header = read_png_header(bytes);
  if (!header.ok()) return header.error();
  return read_png_colors(header->color, png_color_model(header->color_type) == ColorModel::kGrey);
}

Result<Buffer> read_bmp_profile(Bytes bytes) {
  const auto header = read_bmp_header(bytes);
  if (!header.ok()) return header.error();
  if (header->coding == BmpCoding::kJpeg) return read_jpeg_profile(header->pixels);
  if (header->coding == BmpCoding::kPng) return read_png_profile(header->pixels);
  return Buffer::copy_of(header->profile);
}

}  // namespace netocr
