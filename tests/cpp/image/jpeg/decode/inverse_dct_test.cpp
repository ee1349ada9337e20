// The inverse DCT of every size against its definition in doubles, and its SIMD against its scalar form.
#include "image/jpeg/decode/inverse_dct.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

namespace netocr::jpeg {
namespace {

using Block = std::array<std::int16_t, kBlockSize>;  // with the stride of its size
constexpr std::size_t kStride = 24;
using Samples = std::array<std::uint8_t, 8 * kStride>;

Block random_block(std::mt19937& random, int n, int most) {
  std::uniform_int_distribution<int> value(-most, most);
  Block block{};
  for (std::uint32_t v = 0; v < static_cast<std::uint32_t>(n); ++v) {
    for (std::uint32_t u = 0; u < static_cast<std::uint32_t>(n); ++u)
      block[v * inverse_stride(n) + u] = static_cast<std::int16_t>(value(random));
  }
  return block;
}

// T.81 A.3.3 for n points: the cosines of a block of n x n samples whose DCT, scaled to that of 8 x 8, this
// is.
double sample_of(const Block& block, int n, int x, int y) {
  double sum = 0;
  for (int v = 0; v < n; ++v) {
    for (int u = 0; u < n; ++u) {
      const double scale = (u == 0 ? std::sqrt(0.5) : 1) * (v == 0 ? std::sqrt(0.5) : 1) / 4;
      sum += scale * block[static_cast<std::size_t>(v) * inverse_stride(n) + static_cast<std::size_t>(u)] *
             std::cos((2 * x + 1) * u * M_PI / (2 * n)) * std::cos((2 * y + 1) * v * M_PI / (2 * n));
    }
  }
  return sum + 128;
}

TEST(InverseDct, IsItsDefinitionAtEverySize) {
  std::mt19937 random(1);
  for (const int n : {1, 2, 4, 8}) {
    double worst = 0;
    for (int round = 0; round < 300; ++round) {
      const Block block = random_block(random, n, 20 << (round % 5));
      Samples samples{};
      inverse_dct(n)(block.data(), samples.data(), kStride);
      for (int y = 0; y < n; ++y) {
        for (int x = 0; x < n; ++x) {
          const double exact = std::clamp(sample_of(block, n, x, y), 0.0, 255.0);
          worst = std::max(
              worst,
              std::abs(exact - samples[static_cast<std::size_t>(y) * kStride + static_cast<std::size_t>(x)]));
        }
      }
    }
    EXPECT_LT(worst, 0.66) << n;  // half a level is rounding
    EXPECT_GT(worst, 0.4) << n;
  }
}

TEST(InverseDct, SimdAndScalarGiveTheSameBits) {
  std::mt19937 random(2);
  for (const int n : {1, 2, 4, 8}) {
    for (int round = 0; round < 2000; ++round) {
      const Block block = random_block(random, n, round % 4 == 3 ? 32767 : 16 << (round % 8));
      Samples simd{};
      Samples scalar{};
      inverse_dct(n)(block.data(), simd.data(), kStride);
      detail::inverse_dct_scalar(n)(block.data(), scalar.data(), kStride);
      for (std::size_t y = 0; y < static_cast<std::size_t>(n); ++y) {
        ASSERT_EQ(std::memcmp(&simd[y * kStride], &scalar[y * kStride], static_cast<std::size_t>(n)), 0) << n;
      }
    }
  }
}

TEST(InverseDct, WritesNoFurtherThanItSays) {
  std::mt19937 random(3);
  for (const int n : {1, 2, 4, 8}) {
    Samples samples;
    samples.fill(77);
    const Block block = random_block(random, n, 300);
    inverse_dct(n)(block.data(), samples.data(), kStride);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (i / kStride >= static_cast<std::size_t>(n) || i % kStride >= static_cast<std::size_t>(n))
        ASSERT_EQ(samples[i], 77) << n;
    }
  }
}

TEST(InverseDct, ABlockOfOneLevelIsFilled) {
  for (const int n : {1, 2, 4, 8}) {
    for (int dc = -32768; dc <= 32767; dc += 7) {
      Block block{};
      block[0] = static_cast<std::int16_t>(dc);
      Samples transformed{};
      Samples filled{};
      inverse_dct(n)(block.data(), transformed.data(), kStride);
      fill_block(static_cast<std::int16_t>(dc), n, filled.data(), kStride);
      for (std::size_t y = 0; y < static_cast<std::size_t>(n); ++y) {
        ASSERT_EQ(std::memcmp(&transformed[y * kStride], &filled[y * kStride], static_cast<std::size_t>(n)),
                  0)
            << n << ' ' << dc;
      }
    }
  }
}

}  // namespace
}  // namespace netocr::jpeg
