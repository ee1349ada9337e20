// Header -> ImageInfo; decode/header.cpp reads the header.
#include "image/jpeg/inspect.hpp"

#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/decode/planes.hpp"

namespace netocr::jpeg {

Result<ImageInfo> inspect(Bytes bytes) {
  NETOCR_ASSIGN(const auto& header, read_header(bytes, Walk::kWhole));
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

Result<ImageInfo> inspect_usual(Bytes bytes) {
  auto info = inspect(bytes);
  if (info.ok() && is_rare(bytes)) info->decodable = false;
  return info;
}

bool is_rare(Bytes bytes) {
  const auto header = read_header(bytes, Walk::kFirstScan);
  return header.ok() && check_variant(*header).ok() && !has_own_decoder(*header);
}

}  // namespace netocr::jpeg
