// Real functions at the precision that this project needs. The C library's double versions add 16 KB of
// incompressible tables to the module; its float versions add 1 KB.
#pragma once

#include <cmath>

namespace netocr {

// Returns ln(x) to 6 digits, for x > 0.
inline double rough_log(double x) { return static_cast<double>(std::log(static_cast<float>(x))); }
inline double rough_exp(double x) { return static_cast<double>(std::exp(static_cast<float>(x))); }

// Returns sin(x) to 14 digits for |x| <= 4, by the power series. The bits are the same on every machine.
inline double sine(double x) {
  double term = x;
  double sum = x;
  for (int n = 2; n <= 34; n += 2) {
    term *= -x * x / (n * (n + 1));
    sum += term;
  }
  return sum;
}

inline double cosine(double x) {
  const double half = sine(x / 2);
  return 1 - 2 * half * half;
}

}  // namespace netocr
