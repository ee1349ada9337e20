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

struct Product {
  std::uint64_t a, b;
  std::optional<std::size_t> expected;  // nothing: IMAGE_TOO_LARGE
};

TEST(LimitsTest, ChecksProducts) {
  const Product cases[] = {
      {0, 0, 0},
      {0, ~std::uint64_t{0}, 0},
      {~std::uint64_t{0}, 0, 0},
      {8064, 6048, 48'771'072},
      {1, 0x7fff'ffff, 0x7fff'ffff},
      {0x7fff'ffff, 1, 0x7fff'ffff},
      {1, 0x8000'0000, std::nullopt},
      {0x1'0000, 0x8000, std::nullopt},              // 2^31
      {252'645'120, 17, std::nullopt},               // 2^32 - 2^8
      {252'645'137, 17, std::nullopt},               // 2^32 + 33: 33 once it has wrapped on wasm32
      {0x1'0000, 0x1'0000, std::nullopt},            // 2^32: 0 once it has wrapped on wasm32
      {0x1'0000'0000, 0x1'0000'0000, std::nullopt},  // 2^64: 0 once it has wrapped anywhere
      {0xffff'ffff, 0xffff'ffff, std::nullopt},
      {~std::uint64_t{0}, ~std::uint64_t{0}, std::nullopt},
  };
  for (const Product& c : cases) {
    const Result<std::size_t> product = checked_product(c.a, c.b);
    ASSERT_EQ(product.ok(), c.expected.has_value()) << c.a << " * " << c.b;
    if (product.ok()) EXPECT_EQ(*product, *c.expected) << c.a << " * " << c.b;
    if (!product.ok()) EXPECT_EQ(product.error().code, ErrorCode::kImageTooLarge) << c.a << " * " << c.b;
  }
}

TEST(LimitsTest, ArraysOfProductsAreAllocatedOrRefused) {
  Array<std::uint32_t> array;
  ASSERT_TRUE(allocate_product(array, 3, 5).ok());
  EXPECT_EQ(array.size(), 15U);
  ASSERT_TRUE(allocate_product(array, 7, 0).ok());
  EXPECT_EQ(array.size(), 0U);
  const Status refused = allocate_product(array, 0x1'0000, 0x1'0000);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kImageTooLarge);
}

TEST(LimitsTest, LimitsOfAPictureAreLoweredToTheMemory) {
  static_assert(within_memory({}).max_dimension == Limits{}.max_dimension);
  static_assert(within_memory({}).max_pixels == Limits{}.max_pixels);
  static_assert(within_memory({}).max_decoder_bytes == Limits{}.max_decoder_bytes);
  Limits most;
  most.max_input_bytes = most.max_pixels = most.max_decoder_bytes = most.max_reply_bytes = ~std::uint64_t{0};
  most.max_dimension = most.max_reply_depth = 0xffffffff;
  const Limits lowered = within_memory(most);
  EXPECT_EQ(lowered.max_dimension, 67'108'864U);
  EXPECT_EQ(lowered.max_pixels, 1'073'741'824U);
  EXPECT_EQ(lowered.max_decoder_bytes, 1'073'741'824U);
  EXPECT_EQ(lowered.max_input_bytes, most.max_input_bytes);
  EXPECT_EQ(lowered.max_reply_bytes, most.max_reply_bytes);
  EXPECT_EQ(lowered.max_reply_depth, most.max_reply_depth);
}

}  // namespace
}  // namespace netocr
