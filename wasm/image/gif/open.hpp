// Reads the header of a GIF (87a, 89a) up to its first frame. The browser decodes the pixels.
#pragma once

#include "image/open/open_image.hpp"

namespace netocr::gif {

// The size is that of the logical screen; a file that ends before its first frame has an empty ImageInfo.
// Errors: OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

}  // namespace netocr::gif
