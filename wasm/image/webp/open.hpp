// Opens a WebP file by reading its chunks.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"

namespace netocr::webp {

// Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

}  // namespace netocr::webp
