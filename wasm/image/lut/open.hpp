// Opens the conversion of a profile with lookup tables to sRGB.
#pragma once

#include <memory>

#include "image/meta/icc.hpp"
#include "image/pixel/color_converter.hpp"

namespace netocr::lut {

// `profile` is whole, and has_tables(kind). The conversion follows the profile's perceptual table (A2B0), as
// ImageMagick and sharp do, with black point compensation. A picture of one plane may have a profile of grey
// or RGB; of three planes, RGB; of four, CMYK. Errors: CORRUPT_IMAGE for a profile that is damaged, of
// another class (device link, abstract, named colours), over 4 MiB, or that turns black and white into nearly
// equal colours; OUT_OF_MEMORY.
Result<std::unique_ptr<ColorConverter>> open_tables(IccKind kind, Buffer profile);

}  // namespace netocr::lut
