// BMP rows, decoded by our own code straight from the file, top to bottom whatever the order in the file.
#pragma once

#include <memory>

#include "image/row_source.hpp"

namespace netocr {

// One plane for a grey palette, three of full size otherwise. Alpha counts only with an alpha mask, and not
// when it is zero everywhere (written by mistake); it is laid over white. Rows that are missing are white,
// pixels that RLE skips have the first palette colour; both with kWarnTruncated where the file is cut off.
// Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE, UNSUPPORTED_FEATURE (see bmp_header), OUT_OF_MEMORY. `bytes`
// outlive the source.
Result<std::unique_ptr<RowSource>> open_bmp_source(Bytes bytes, const Limits& limits);

}  // namespace netocr
