// The tags of a profile that its conversion must not follow.
#pragma once

#include "base/buffer.hpp"

namespace netocr::lut {

// Renames the tags of floating-point elements (D2B0 to D2B3, B2D0 to B2D3), which lcms2 prefers to the usual
// tables. Browsers do not read them, and they may chain any number of steps, so that a small profile could
// take minutes.
void hide_float_tables(MutableBytes profile);

}  // namespace netocr::lut
