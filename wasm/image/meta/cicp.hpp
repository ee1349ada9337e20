// Converts colours given by the code points of ITU-T H.273 (PNG's cICP chunk, the nclx colours of HEIF) to a
// profile.
#pragma once

#include "image/meta/matrix_profile.hpp"

namespace netocr {

// Supports primaries 1 (BT.709), 9 (BT.2020) and 12 (Display P3) with transfer 4 and 5 (gamma 2.2 and 2.8), 8
// (linear) and 13 (sRGB). Errors: UNSUPPORTED_FEATURE for all others (PQ and HLG among them).
Result<MatrixProfile> profile_of_cicp(std::uint8_t primaries, std::uint8_t transfer);

}  // namespace netocr
