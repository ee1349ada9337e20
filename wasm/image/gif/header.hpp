// What a GIF (87a, 89a) says of itself up to its first frame. Decodes no pixels: that is for the browser.
#pragma once

#include "image/meta/image_info.hpp"

namespace netocr::gif {

// The size is that of the logical screen. Never an error: a file that ends before its first frame gives a new
// ImageInfo.
Result<ImageInfo> inspect(Bytes bytes);

}  // namespace netocr::gif
