// The transfer curve of sRGB (IEC 61966-2-1).
#pragma once

#include <cmath>

namespace netocr {

// Converts linear light to the coded value, both from 0 to 1.
template <typename Real>
Real srgb_encoded(Real linear) {
  if (linear <= Real(0.0031308)) return Real(12.92) * linear;
  return Real(1.055) * std::pow(linear, 1 / Real(2.4)) - Real(0.055);
}

}  // namespace netocr
