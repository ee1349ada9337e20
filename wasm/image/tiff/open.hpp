// Opens a TIFF by reading its directories and selecting one of them.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"
#include "image/tiff/embedded_jpeg.hpp"

namespace netocr::tiff {

// `open_jpeg` decodes the streams of old-style JPEG. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, OpenEmbeddedJpeg open_jpeg);

}  // namespace netocr::tiff
