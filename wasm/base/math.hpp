// Functions of real numbers at the precision that is needed here. The C library's double versions bring 16 KB
// of tables that no compressor makes smaller; its float versions have 1 KB.
#pragma once

#include <cmath>

namespace netocr {

// To 6 digits. x > 0.
inline double rough_log(double x) { return static_cast<double>(std::log(static_cast<float>(x))); }
inline double rough_exp(double x) { return static_cast<double>(std::exp(static_cast<float>(x))); }

// To 14 digits, for |x| <= 4: the power series. The same bits on every machine.
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
