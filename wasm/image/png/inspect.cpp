// Header -> ImageInfo; chunks.cpp reads the header.
#include "image/png/inspect.hpp"

#include "image/png/chunks.hpp"

namespace netocr::png {
namespace {

ColorModel color_model(std::uint8_t color_type) {
  if (color_type == 3) return ColorModel::kPalette;
  return (color_type & 2) != 0 ? ColorModel::kRgb : ColorModel::kGrey;
}

}  // namespace

Result<ImageInfo> inspect(Bytes bytes) {
  const auto header = read_header(bytes);
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
  info.color_model = color_model(header->color_type);
  info.has_alpha = header->has_transparency;
  info.has_metadata = header->has_metadata;
  info.progressive = header->interlaced;
  info.decodable = true;
  if (!header->complete) info.warnings |= kWarnTruncated;
  return info;
}

Result<Buffer> read_profile(Bytes bytes) {
  NETOCR_ASSIGN(const auto& header, read_header(bytes));
  return read_colors(header.color, color_model(header.color_type) == ColorModel::kGrey);
}

}  // namespace netocr::png
