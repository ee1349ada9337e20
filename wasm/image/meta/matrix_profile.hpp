// Converts colour spaces that are given by the chromaticities of their primaries and a curve (PNG's cHRM,
// gAMA and cICP, the nclx colours of HEIF) to ICC profiles with a matrix.
#pragma once

#include "image/meta/icc.hpp"

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

inline constexpr TransferCurve kSrgbTransfer = {2.4F, 1 / 1.055F, 0.055F / 1.055F, 1 / 12.92F, 0.04045F};

// The contents of an ICC profile of such a space. The numbers are multiples of 1/65536, as in its file.
struct MatrixProfile {
  Colorants colorants;  // adapted to D50 by the Bradford transform
  TransferCurve curve;
};

// Each parameter of the curve is at most 32767. Errors: UNSUPPORTED_FEATURE for primaries that do not enclose
// their white.
Result<MatrixProfile> make_matrix_profile(const Chromaticities& colors, const TransferCurve& curve);

// Returns the profile as read_icc() would read it from its file.
IccProfile icc_profile_of(const MatrixProfile& profile);

// Returns the file, for another decoder of the picture. Errors: OUT_OF_MEMORY.
Result<Buffer> write_icc(const MatrixProfile& profile);

}  // namespace netocr
