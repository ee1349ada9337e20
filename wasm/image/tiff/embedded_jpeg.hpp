// The interface of the decoder of JPEG streams in a TIFF: the TIFF code does not depend on a JPEG decoder,
// the caller passes one.
#pragma once

#include <array>
#include <memory>

#include "base/limits.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::tiff {

// An opened JPEG file.
struct EmbeddedJpeg {
  struct Component {
    std::uint8_t h = 0;  // sampling factors, 1..4
    std::uint8_t v = 0;
  };

  std::unique_ptr<RowSource> rows;  // at full size
  std::uint32_t width = 0;          // width of the frame in pixels
  ColorModel color_model = ColorModel::kUnknown;
  std::array<Component, 4> components{};
};

// `bytes` must outlive the opened file. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE, UNSUPPORTED_FEATURE,
// OUT_OF_MEMORY.
using OpenEmbeddedJpeg = Result<EmbeddedJpeg> (*)(Bytes bytes, const Limits& limits);

}  // namespace netocr::tiff
