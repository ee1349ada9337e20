// Tells an sRGB colour profile from others: pictures are never colour-managed here, so only the difference is
// reported.
#pragma once

#include "base/buffer.hpp"

namespace netocr {

// True when an ICC profile (v2 or v4, RGB or grey, matrix and curves) has sRGB's primaries and a tone curve
// that is close to sRGB's, so that ignoring it cannot be seen. False for everything else, damaged ones
// included.
bool icc_is_srgb(Bytes profile);

}  // namespace netocr
