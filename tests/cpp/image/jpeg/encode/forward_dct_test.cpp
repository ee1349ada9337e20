// The forward DCT against its definition in doubles, and its SIMD against its scalar form.
#include "image/jpeg/encode/forward_dct.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "cpp/image/pictures.hpp"

namespace netocr::jpeg {
namespace {

using Samples = std::array<std::uint8_t, 64>;
using Coefficients = std::array<std::int16_t, 64>;

// T.81 A.3.3, in zigzag order.
std::array<double, 64> definition(const Samples& samples) {
  std::array<double, 64> out{};
  for (std::uint32_t i = 0; i < 64; ++i) {
    const int v = kZigzag[i] / 8;
    const int u = kZigzag[i] % 8;
    double sum = 0;
    for (int y = 0; y < 8; ++y) {
      for (int x = 0; x < 8; ++x) {
        sum += (samples[static_cast<std::size_t>(y * 8 + x)] - 128) *
               std::cos((2 * x + 1) * u * std::numbers::pi / 16) *
               std::cos((2 * y + 1) * v * std::numbers::pi / 16);
      }
    }
    out[i] = sum / 4 * (u == 0 ? std::numbers::sqrt2 / 2 : 1) * (v == 0 ? std::numbers::sqrt2 / 2 : 1);
  }
  return out;
}

Samples make_samples(std::uint32_t kind, std::mt19937& random) {
  Samples samples;
  const std::uint32_t u = random() % 8;
  const std::uint32_t v = random() % 8;
  for (std::uint32_t i = 0; i < 64; ++i) {
    const double wave = std::cos((2 * (i % 8) + 1) * u * std::numbers::pi / 16) *
                        std::cos((2 * (i / 8) + 1) * v * std::numbers::pi / 16);
    switch (kind) {
      case 0:
        samples[i] = static_cast<std::uint8_t>(random());
        break;  // noise
      case 1:
        samples[i] = random() % 2 != 0 ? 255 : 0;
        break;  // extremes
      case 2:
        samples[i] = wave >= 0 ? 255 : 0;
        break;  // the largest coefficients
      case 3:
        samples[i] = wave >= 0 ? 0 : 255;
        break;
      case 4:
        samples[i] = static_cast<std::uint8_t>(100 + random() % 5);
        break;  // nearly flat
      default:
        samples[i] = static_cast<std::uint8_t>(u * 36);
        break;  // flat
    }
  }
  return samples;
}

TEST(ForwardDct, IsNearItsDefinition) {
  std::mt19937 random(1);
  double largest = 0;
  double squares = 0;
  std::size_t count = 0;
  for (std::uint32_t round = 0; round < 3000; ++round) {
    const Samples samples = make_samples(round % 6, random);
    Coefficients made;
    forward_dct_block(samples.data(), 8, made.data());
    const auto exact = definition(samples);
    for (std::size_t i = 0; i < 64; ++i) {
      const double error = made[i] / 8.0 - exact[i];
      largest = std::max(largest, std::abs(error));
      squares += error * error;
      ++count;
    }
  }
  // In units of a quantisation step of 1; libjpeg's accurate integer DCT has about the same.
  EXPECT_LT(largest, 0.35);
  EXPECT_LT(std::sqrt(squares / static_cast<double>(count)), 0.08);
}

TEST(ForwardDct, SimdEqualsScalar) {
  std::mt19937 random(2);
  for (std::uint32_t round = 0; round < 3000; ++round) {
    const Samples samples = make_samples(round % 6, random);
    Coefficients simd;
    Coefficients scalar;
    forward_dct_block(samples.data(), 8, simd.data());
    detail::forward_dct_block_scalar(samples.data(), 8, scalar.data());
    ASSERT_EQ(simd, scalar);
  }
}

TEST(ForwardDct, FlatBlockHasOnlyDc) {
  for (int value = 0; value < 256; ++value) {
    Samples samples;
    samples.fill(static_cast<std::uint8_t>(value));
    Coefficients made;
    forward_dct_block(samples.data(), 8, made.data());
    EXPECT_EQ(made[0], (value - 128) * 64);  // 8 times the value, in eighths
    EXPECT_TRUE(std::all_of(made.begin() + 1, made.end(), [](std::int16_t c) { return c == 0; }));
  }
}

TEST(ForwardDct, MoreCoefficientsThanMemoryAreRefused) {
  Plane plane;  // without samples: none is looked at
  plane.width = plane.height = 65'536;
  const auto made = forward_dct(plane);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kImageTooLarge);
}

TEST(ForwardDct, BlocksOverTheEdgeRepeatTheLastColumnAndRow) {
  Plane plane = testing::must_make_plane(19, 10);
  testing::fill_noise(plane, 4);
  Plane padded = testing::must_make_plane(24, 16);
  testing::fill(
      padded, [&](std::uint32_t x, std::uint32_t y) { return plane.row(std::min(y, 9U))[std::min(x, 18U)]; });
  const auto odd = forward_dct(plane);
  const auto even = forward_dct(padded);
  ASSERT_TRUE(odd.ok() && even.ok());
  EXPECT_EQ(odd->blocks_wide, 3U);
  EXPECT_EQ(odd->blocks_high, 2U);
  EXPECT_TRUE(std::equal(odd->values.span().begin(), odd->values.span().end(), even->values.span().begin()));
  Coefficients block;
  forward_dct_block(plane.row(0) + 8, plane.stride, block.data());
  EXPECT_TRUE(std::equal(block.begin(), block.end(), odd->block(1, 0)));
}

}  // namespace
}  // namespace netocr::jpeg
