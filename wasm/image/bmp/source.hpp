// BMP rows, decoded by our own code straight from the file, top to bottom whatever the order in the file.
#pragma once

#include <memory>

#include "image/bmp/coded_rows.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::bmp {

// `header` is that of a file of pixels, which outlives the source. One plane for a grey palette, three of
// full size otherwise. Alpha counts only with an alpha mask (or in the 64-bit variant), and not when a mask's
// is zero everywhere (written by mistake); it is laid over white. Rows that are missing and pixels that RLE
// skips are white, with kWarnTruncated where the file is cut off or damaged. decoded_rows() are the rows that
// are there whole; of a file that stores its rows bottom-up, as most do, they are at the bottom of the
// picture. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE, UNSUPPORTED_FEATURE (rare codings where `open_rare` is
// null), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(const Header& header, const Limits& limits,
                                               OpenRareRows open_rare);

}  // namespace netocr::bmp
