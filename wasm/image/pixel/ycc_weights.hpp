// The weights of R, G and B in Y, Cb and Cr, and the reverse (JFIF 1.02), times 65536 and rounded.
#pragma once

#include <cstdint>

namespace netocr {

inline constexpr std::int32_t kYr = 19595, kYg = 38470, kYb = 7471;
inline constexpr std::int32_t kCbR = -11058, kCbG = -21710, kCbB = 32768;
inline constexpr std::int32_t kCrR = 32768, kCrG = -27439, kCrB = -5329;
// Grey has neutral chroma.
static_assert(kYr + kYg + kYb == 65536 && kCbR + kCbG + kCbB == 0 && kCrR + kCrG + kCrB == 0);

// The weights of Cb and Cr in R, G and B; that of Y is 1.
inline constexpr std::int32_t kRedOfCr = 91881, kGreenOfCb = -22554, kGreenOfCr = -46802, kBlueOfCb = 116130;

}  // namespace netocr
