// Opens a WSQ file by reading its tables up to the first block.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"

namespace netocr::wsq {

// Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE (restart intervals), OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

}  // namespace netocr::wsq
