// The curve at values that IEC 61966-2-1 fixes, and at those that ICC profiles of sRGB are recognised by.
#include "image/pixel/srgb.hpp"

#include <gtest/gtest.h>

namespace netocr {
namespace {

TEST(SrgbTest, IsTheCurveOfTheStandard) {
  EXPECT_EQ(srgb_encoded(0.0), 0);
  EXPECT_NEAR(srgb_encoded(1.0), 1, 1e-12);
  // 18 % grey is 46.1 %, and half of the coded range is 21.4 % of the light.
  EXPECT_NEAR(srgb_encoded(0.18), 0.4613561, 1e-6);
  EXPECT_NEAR(srgb_encoded(0.21404114), 0.5, 1e-7);
  EXPECT_NEAR(srgb_encoded(0.0031308), 0.0404500, 1e-6);
}

TEST(SrgbTest, IsWithinAStepOfTheOtherPieceWhereTheyMeet) {
  EXPECT_NEAR(srgb_encoded(0.0031308), srgb_encoded(0.0031309), 2e-6);
}

TEST(SrgbTest, IsTheSameInFloats) {
  for (int i = 0; i <= 1000; ++i)
    EXPECT_NEAR(srgb_encoded(static_cast<float>(i) / 1000), srgb_encoded(i / 1000.0), 3e-7) << i;
}

}  // namespace
}  // namespace netocr
