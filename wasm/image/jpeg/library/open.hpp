// Opens a JPEG for libjpeg-turbo, as the codecs module reads every JPEG.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"

namespace netocr::jpeg {

// The image is never rewritten: the core has already rewritten what can be. Errors: CORRUPT_IMAGE,
// OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open_by_library(Bytes bytes, const Limits& limits);

}  // namespace netocr::jpeg
