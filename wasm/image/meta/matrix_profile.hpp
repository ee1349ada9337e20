// Makes an ICC profile of the chromaticities of primaries and a curve (PNG's cHRM, gAMA and cICP, the nclx
// colours of HEIF), so that there is one way to convert colours.
#pragma once

#include "base/buffer.hpp"

namespace netocr {

// A chromaticity of CIE 1931.
struct Xy {
  float x = 0, y = 0;
};

struct Chromaticities {
  Xy white, red, green, blue;
};

inline constexpr Xy kD65 = {0.3127F, 0.3290F};
inline constexpr Chromaticities kSrgbChromaticities = {kD65, {0.64F, 0.33F}, {0.30F, 0.60F}, {0.15F, 0.06F}};

// Turns a coded value x, 0..1, into linear light: (a x + b)^g for x >= d, c x below. Each parameter is at
// most 32767.
struct TransferCurve {
  float g, a, b, c, d;
};

inline constexpr TransferCurve kSrgbTransfer = {2.4F, 1 / 1.055F, 0.055F / 1.055F, 1 / 12.92F, 0.04045F};

// The profile has a matrix and one curve, for read_icc(). Its colorants are adapted to D50 by the Bradford
// transform. Errors: UNSUPPORTED_FEATURE for primaries that do not enclose their white, OUT_OF_MEMORY.
Result<Buffer> make_matrix_profile(const Chromaticities& colors, const TransferCurve& curve);

}  // namespace netocr
