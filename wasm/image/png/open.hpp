// Opens a PNG by reading its chunks.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"

namespace netocr::png {

// Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

}  // namespace netocr::png
