// Headers of the core's formats -> ImageInfo. Rows of the codec table: see codec.hpp for errors.
#pragma once

#include "image/image_info.hpp"

namespace netocr {

Result<ImageInfo> inspect_jpeg(Bytes bytes);
Result<ImageInfo> inspect_png(Bytes bytes);
Result<ImageInfo> inspect_bmp(Bytes bytes);

Result<Buffer> read_jpeg_profile(Bytes bytes);  // APP2, in any number of segments
Result<Buffer> read_png_profile(Bytes bytes);   // see read_png_colors()
Result<Buffer> read_bmp_profile(Bytes bytes);   // embedded in a V5 file

}  // namespace netocr
