// Interprets the header by JFIF 1.02 and Adobe TN 5116 (APP14).
#include "image/jpeg/decode/header.hpp"

namespace netocr::jpeg {
namespace {

bool has_ids(const Header& header, std::uint8_t first, std::uint8_t second, std::uint8_t third) {
  return header.components[0].id == first && header.components[1].id == second &&
         header.components[2].id == third;
}

Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFeature, 0, detail}; }

}  // namespace

ColorModel color_model(const Header& header) {
  switch (header.component_count) {
    case 1:
      return ColorModel::kGrey;
    case 3:
      if (header.has_jfif) return ColorModel::kYcbcr;
      if (header.has_adobe) return header.adobe_transform == 0 ? ColorModel::kRgb : ColorModel::kYcbcr;
      return has_ids(header, 'R', 'G', 'B') ? ColorModel::kRgb : ColorModel::kYcbcr;
    case 4:
      return header.has_adobe && header.adobe_transform != 0 ? ColorModel::kYcck : ColorModel::kCmyk;
    default:
      return ColorModel::kUnknown;
  }
}

Status check_variant(const Header& header) {
  if (header.process == Process::kLossless)
    return unsupported("lossless JPEG is not decoded: save it as baseline JPEG or PNG");
  if (header.process == Process::kHierarchical)
    return unsupported("hierarchical JPEG is not decoded: save it as baseline JPEG or PNG");
  if (header.bits_per_sample == 12)
    return unsupported("12-bit JPEG is not decoded: save it as JPEG of 8 bits or as PNG");
  if (header.bits_per_sample != 8)
    return unsupported("JPEG with a sample precision other than 8 bits is not decoded: save it as PNG");
  if (color_model(header) == ColorModel::kUnknown) {
    return unsupported("JPEG with two or more than four components is not decoded: save it as PNG");
  }
  return {};
}

ImageInfo image_info(const Header& header) {
  ImageInfo info;
  info.width = header.width;
  info.height = header.height;
  info.orientation = header.orientation;
  info.bits_per_sample = header.bits_per_sample;
  info.color_model = color_model(header);
  info.has_metadata = header.has_metadata;
  info.progressive = header.process == Process::kProgressive;
  info.decodable = check_variant(header).ok();
  if (!header.complete) info.warnings |= kWarnTruncated;
  return info;
}

}  // namespace netocr::jpeg
