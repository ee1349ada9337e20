// Opens a JPEG for the core's own decoders by reading its markers.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"

namespace netocr::jpeg {

// A file in arithmetic coding, RGB, CMYK or YCCK is left to the codecs module. A file that is found to be
// left to it only when its rows are requested is `decodable`, because the header does not show it. Errors:
// CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

}  // namespace netocr::jpeg
