// Decodes BMP rows straight from the file, top to bottom whatever their order in the file.
#pragma once

#include <memory>

#include "image/bmp/coded_rows.hpp"
#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::bmp {

// `header` is that of a file with pixels of its own; the file must outlive the source. The source has one
// plane for a grey palette, else three of full size, which hold `colors`. Alpha counts only with an alpha
// mask (or in the 64-bit variant), and not when it is zero everywhere (a common mistake of writers); the
// picture is blended over white. Missing rows and pixels that RLE skips are white, with kWarnTruncated when
// the file is truncated or damaged. decoded_rows() are the complete rows; in a file that stores its rows
// bottom-up, as most do, they are at the bottom of the picture. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE,
// UNSUPPORTED_FEATURE (rare codings when `open_rare` is null), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(const Header& header, const Limits& limits,
                                               OpenRareRows open_rare,
                                               PlaneColors colors = PlaneColors::kYcc);

}  // namespace netocr::bmp
