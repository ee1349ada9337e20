// The search over qualities and sizes: the budget is kept and used, and what cannot fit is an error.
#include "image/fit.hpp"

#include <gtest/gtest.h>

#include "cpp/image/budgets.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/tools.hpp"

namespace netocr {
namespace {

using testing::djpeg_luma;
using testing::must_make_image;
using testing::photo;

jpeg::Encoded must_fit(const PlanarImage& image, std::size_t max_bytes, std::uint8_t min_quality = 50) {
  auto encoded = fit_jpeg(image, {max_bytes, min_quality, 95});
  EXPECT_TRUE(encoded.ok());
  return encoded.ok() ? std::move(*encoded) : jpeg::Encoded{};
}

TEST(FitJpeg, NeverOverTheBudgetAndCloseToIt) {
  const testing::BudgetCases cases{
      .rounds = 80, .width = 500, .height = 400, .budget = 60'000, .min_quality = 50};
  EXPECT_GE(testing::expect_budgets_met(
                cases, [](const PlanarImage& image, std::size_t budget) { return must_fit(image, budget); }),
            30U);
}

TEST(FitJpeg, NoiseKeepsToTheBudgetToo) {
  for (const std::size_t budget : {1024U, 3000U, 20'000U, 60'000U}) {
    PlanarImage image = must_make_image(300, 200, 3);
    for (std::uint32_t i = 0; i < 3; ++i) testing::fill_noise(image.planes[i], i);
    const auto encoded = fit_jpeg(image, {budget, 30, 95});
    ASSERT_TRUE(encoded.ok());
    EXPECT_LE(encoded->bytes.size(), budget);
    if (encoded->quality < 95) {
      EXPECT_GE(static_cast<double>(encoded->bytes.size()), 0.97 * static_cast<double>(budget));
    }
    EXPECT_EQ(djpeg_luma(encoded->bytes.span()).width, encoded->width);
  }
}

TEST(FitJpeg, BelowTheQualityFloorThePictureGetsSmallerInProportion) {
  const PlanarImage image = photo(640, 400, 3, 12, 6);
  const jpeg::Encoded small = must_fit(image, 12'000, 80);
  EXPECT_LT(small.width, 640U);
  EXPECT_NEAR(static_cast<double>(small.width) / small.height, 1.6, 0.01);
  EXPECT_GE(small.quality, 80);
  const Plane decoded = djpeg_luma(small.bytes.span());
  EXPECT_EQ(decoded.width, small.width);
  EXPECT_EQ(decoded.height, small.height);
  EXPECT_EQ(must_fit(image, 12'000, 1).width, 640U);
}

TEST(FitJpeg, UnreachableBudgetIsAnError) {
  const auto encoded = fit_jpeg(photo(400, 400, 3, 3, 20), {1024, 95, 95});
  ASSERT_FALSE(encoded.ok());
  EXPECT_EQ(encoded.error().code, ErrorCode::kBudgetUnreachable);
}

TEST(FitJpeg, SmallPicturesAreNotEnlargedToTheSmallestEdge) {
  const jpeg::Encoded encoded = must_fit(photo(20, 10, 3, 2), 1024, 50);
  EXPECT_EQ(encoded.width, 20U);
  EXPECT_EQ(encoded.height, 10U);
}

}  // namespace
}  // namespace netocr
