// Limits: at, below and above each; what the defaults are for.
#include <gtest/gtest.h>

#include <optional>

#include "base/limits.hpp"

namespace netocr {
namespace {

struct Dimensions {
  std::uint64_t width, height;
  std::optional<ErrorCode> error;
};

TEST(LimitsTest, ChecksDimensions) {
  const Dimensions cases[] = {
      {1, 1, std::nullopt},
      {8064, 6048, std::nullopt},      // a 48-megapixel phone
      {65'500, 1832, std::nullopt},    // 119,996,000 pixels
      {12'000, 10'000, std::nullopt},  // exactly the limit
      {12'000, 10'001, ErrorCode::kImageTooLarge},
      {0, 10, ErrorCode::kCorruptImage},
      {10, 0, ErrorCode::kCorruptImage},
      {65'501, 1, ErrorCode::kImageTooLarge},
      {1, 65'501, ErrorCode::kImageTooLarge},
      {30'000, 30'000, ErrorCode::kImageTooLarge},
      {0xffffffff, 0xffffffff, ErrorCode::kImageTooLarge},
      {~std::uint64_t{0}, 2, ErrorCode::kImageTooLarge},  // the product would wrap
  };
  for (const Dimensions& c : cases) {
    const Status status = check_dimensions(c.width, c.height, Limits{});
    EXPECT_EQ(status.ok(), !c.error.has_value()) << c.width << " x " << c.height;
    if (!status.ok()) EXPECT_EQ(status.error().code, c.error) << c.width << " x " << c.height;
  }
}

TEST(LimitsTest, LargestDimensionsDoNotWrap) {
  Limits limits;
  limits.max_dimension = 0xffffffff;
  limits.max_pixels = ~std::uint64_t{0};
  EXPECT_TRUE(check_dimensions(0xffffffff, 0xffffffff, limits).ok());
}

TEST(LimitsTest, ChecksInputSize) {
  Limits limits;
  limits.max_input_bytes = 10;
  EXPECT_EQ(check_input_size(0, limits).error().code, ErrorCode::kEmptyInput);
  EXPECT_TRUE(check_input_size(1, limits).ok());
  EXPECT_TRUE(check_input_size(10, limits).ok());
  EXPECT_EQ(check_input_size(11, limits).error().code, ErrorCode::kInputTooLarge);
  EXPECT_TRUE(check_input_size(25'000'000, Limits{}).ok());
}

}  // namespace
}  // namespace netocr
