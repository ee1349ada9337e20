// Headers of the core's formats -> ImageInfo. Rows of the codec table: see codec.hpp for errors.
#pragma once

#include "image/image_info.hpp"

namespace netocr {

Result<ImageInfo> inspect_jpeg(Bytes bytes);
Result<ImageInfo> inspect_png(Bytes bytes);
Result<ImageInfo> inspect_bmp(Bytes bytes);

}  // namespace netocr
