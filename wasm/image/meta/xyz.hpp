// Colours and matrices of CIE XYZ, the space in which ICC profiles describe colours.
#pragma once

#include <array>

namespace netocr {

using Triple = std::array<float, 3>;
using Matrix = std::array<Triple, 3>;  // rows

// The white of ICC's profile connection space, D50 (ICC.1:2022, 7.2.16).
inline constexpr Triple kD50Xyz = {0.9642F, 1.0F, 0.8249F};

}  // namespace netocr
