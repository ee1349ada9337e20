// What tests, fuzz targets and benchmarks ask of a file in one step each.
#pragma once

#include "image/registry/open.hpp"

namespace netocr::testing {

inline Result<ImageInfo> inspect_image(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(const auto image, open_image(bytes, limits));
  return image->info();
}

inline Result<std::unique_ptr<RowSource>> open_row_source(Bytes bytes, const WantedSize& wanted,
                                                          const Limits& limits) {
  NETOCR_ASSIGN(const auto image, open_image(bytes, limits));
  return image->rows(wanted);
}

// Whether the header says that the second module decodes the file; false for what cannot be opened.
inline bool is_left_to_codecs(Bytes bytes) {
  const auto image = open_image(bytes, {});
  return image.ok() && (*image)->is_left_to_codecs();
}

}  // namespace netocr::testing
