// The functions of real numbers against the C library's.
#include "base/math.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace netocr::testing {
namespace {

TEST(Math, SinesAreExactInTheirRange) {
  for (int i = -4000; i <= 4000; ++i) {
    const double x = i / 1000.0;
    EXPECT_NEAR(sine(x), std::sin(x), 1e-14) << x;
    EXPECT_NEAR(cosine(x), std::cos(x), 1e-14) << x;
    EXPECT_EQ(sine(-x), -sine(x));
    EXPECT_EQ(cosine(-x), cosine(x));
  }
  EXPECT_EQ(sine(0), 0);
  EXPECT_EQ(cosine(0), 1);
}

TEST(Math, LogarithmsAndPowersHaveSixDigits) {
  for (double x = 1e-3; x < 1e10; x *= 1.37) {
    EXPECT_NEAR(rough_log(x), std::log(x), 2e-6 * std::max(1.0, std::abs(std::log(x)))) << x;
    EXPECT_NEAR(rough_exp(std::log(x)), x, 3e-6 * x) << x;
  }
  EXPECT_EQ(rough_log(1), 0);
  EXPECT_EQ(rough_exp(0), 1);
}

}  // namespace
}  // namespace netocr::testing
