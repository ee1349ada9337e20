// The only place where a picture's file is opened: detects its format and reads its header.
#pragma once

#include <memory>

#include "image/open/open_image.hpp"

namespace netocr {

// `bytes` must stay alive and unchanged as long as the image or its rows. A format or variant that is
// recognised but not decoded here is no error: its info() is not `decodable`. Errors: EMPTY_INPUT,
// INPUT_TOO_LARGE, UNRECOGNIZED_FORMAT, CORRUPT_IMAGE (header), IMAGE_TOO_LARGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open_image(Bytes bytes, const Limits& limits);

}  // namespace netocr
