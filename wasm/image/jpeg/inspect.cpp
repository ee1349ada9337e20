// The fields of the header; jpeg_markers reads them.
#include "image/jpeg/inspect.hpp"

#include "image/jpeg/decode/header.hpp"

namespace netocr {

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

}  // namespace netocr
