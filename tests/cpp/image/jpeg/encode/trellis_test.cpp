// The trellis against every possible choice of levels, and what 'best' makes of whole pictures.
#include "image/jpeg/encode/trellis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <random>

#include "cpp/image/budgets.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/tools.hpp"
#include "image/fit.hpp"
#include "image/jpeg/encode/rate.hpp"

namespace netocr::jpeg {
namespace {

using testing::djpeg_luma;
using testing::must_make_image;
using testing::photo;

using Block = std::array<std::int16_t, kBlockSize>;
using Magnitudes = std::array<int, kBlockSize>;

constexpr double kUnits = 1 << kCoefficientBits;

// Squared error in steps plus worth times bits, as a decoder and T.81 F.1.2.2 would have it. Index 0 counts
// nothing.
double cost_of(const Block& exact, const Magnitudes& levels, const QuantTable& table, const AcBits& bits,
               double worth) {
  double error = 0;
  double length = 0;
  int run = 0;
  for (std::size_t i = 1; i < kBlockSize; ++i) {
    const double off = std::abs(exact[i]) / (kUnits * table[i]) - levels[i];
    error += off * off;
    if (levels[i] == 0) {
      ++run;
      continue;
    }
    for (; run > 15; run -= 16) length += static_cast<double>(bits.zero_run);
    const auto size = static_cast<int>(std::bit_width(static_cast<unsigned>(levels[i])));
    length += static_cast<double>(bits.symbol[static_cast<std::size_t>(run << 4 | size)]);
    run = 0;
  }
  if (run > 0) length += static_cast<double>(bits.end_of_block);
  return error + worth * length;
}

// The least cost of all blocks whose levels are at most one above the exact value.
double least_cost(const Block& exact, const QuantTable& table, const AcBits& bits, double worth,
                  Magnitudes& levels, std::size_t at = 1) {
  while (at < kBlockSize && exact[at] == 0) ++at;
  if (at == kBlockSize) return cost_of(exact, levels, table, bits, worth);
  double least = 1e300;
  const int most = static_cast<int>(std::abs(exact[at]) / (kUnits * table[at]) + 0.5);
  for (levels[at] = 0; levels[at] <= most; ++levels[at]) {
    Magnitudes tried = levels;
    least = std::min(least, least_cost(exact, table, bits, worth, tried, at + 1));
  }
  return least;
}

Magnitudes levels_of(const Block& block, const QuantTable& table) {
  Magnitudes levels{};
  for (std::size_t i = 1; i < kBlockSize; ++i) levels[i] = std::abs(block[i]) / (8 * table[i]);
  return levels;
}

AcBits bits_of_photo() {
  const auto frame = make_frame(photo(160, 128, 1, 4, 2));
  return ac_bits(build_scan_tables(count_symbols(*frame, make_quant_tables(30))).ac[0]);
}

TEST(Trellis, FindsTheLeastCostOfAllLevels) {
  const AcBits bits = bits_of_photo();
  const QuantTable table = make_quant_tables(30).luma;
  std::mt19937 random(21);
  for (const float worth : {0.01F, 0.07F, 0.3F}) {
    for (int round = 0; round < 150; ++round) {
      Block block{};
      block[0] = -77;
      for (int k = 0; k < 6; ++k) {  // six coefficients of up to 3.5 steps anywhere
        const std::size_t at = 1 + random() % 63;
        const int magnitude = static_cast<int>(random() % static_cast<unsigned>(28 * table[at]));
        block[at] = static_cast<std::int16_t>(random() % 2 == 0 ? magnitude : -magnitude);
      }
      Block chosen{};
      trellis_block(block.data(), table, bits, worth, chosen.data());
      Magnitudes levels{};
      const double least = least_cost(block, table, bits, static_cast<double>(worth), levels);
      const double ours = cost_of(block, levels_of(chosen, table), table, bits, static_cast<double>(worth));
      ASSERT_NEAR(ours, least, 1e-4 * (1 + least));
      ASSERT_EQ(chosen[0], -77);
    }
  }
}

TEST(Trellis, BitsThatCostNothingLeavePlainRounding) {
  const AcBits bits = bits_of_photo();
  std::mt19937 random(3);
  for (const double percent : {0.1, 10.0, 80.0, 400.0}) {
    const QuantTable table = make_quant_tables(percent).cr;
    for (int round = 0; round < 50; ++round) {
      Block block;
      for (auto& value : block) value = static_cast<std::int16_t>(static_cast<int>(random() % 16'401) - 8200);
      Block chosen;
      trellis_block(block.data(), table, bits, 0, chosen.data());
      for (std::size_t i = 1; i < kBlockSize; ++i) {
        const int step = 8 * table[i];
        const int nearest = (std::abs(block[i]) + step / 2) / step * step;
        ASSERT_EQ(chosen[i], block[i] < 0 ? -nearest : nearest);
      }
    }
  }
}

// The scan's own quantisation, dead zone included, changes nothing of what the trellis chose.
TEST(Trellis, QuantisationKeepsItsLevels) {
  const AcBits bits = bits_of_photo();
  std::mt19937 random(8);
  for (const double percent : {0.1, 3.0, 37.5, 100.0, 5000.0}) {
    const QuantTables tables = make_quant_tables(percent);
    for (std::uint32_t component = 0; component < 3; ++component) {
      const QuantTable& table = tables.of(component);
      const Quantiser quantiser = make_quantiser(table, component);
      const DeadZone dead_zone = make_dead_zone(table, component);
      for (int round = 0; round < 100; ++round) {
        const int range = 1 << random() % 13;
        Block block;
        for (auto& value : block)
          value = static_cast<std::int16_t>(
              static_cast<int>(random() % static_cast<unsigned>(2 * range + 1)) - range);
        Block chosen;
        trellis_block(block.data(), table, bits, 0.07F, chosen.data());
        Levels levels;
        quantise_block(chosen.data(), quantiser, levels);
        for (std::uint32_t i = 1; i < kBlockSize; ++i) {
          const auto magnitude = static_cast<std::uint32_t>(std::abs(chosen[i]));
          ASSERT_EQ(magnitude % (8U * table[i]), 0U);
          ASSERT_EQ(levels[i], magnitude / (8U * table[i]));
          if (levels[i] != 0) ASSERT_FALSE(dead_zone.drops(i, 62, magnitude));
        }
      }
    }
  }
}

Encoded must_encode(const PlanarImage& image, std::size_t max_bytes, Effort effort,
                    std::uint8_t min_quality = 30, std::uint8_t max_quality = 95) {
  auto encoded = fit_jpeg(image, {max_bytes, min_quality, max_quality, effort});
  EXPECT_TRUE(encoded.ok());
  return encoded.ok() ? std::move(*encoded) : Encoded{};
}

TEST(BestEffort, NeverOverTheBudgetAndCloseToIt) {
  const testing::BudgetCases cases{
      .rounds = 40, .width = 400, .height = 300, .budget = 40'000, .min_quality = 30};
  const auto encode = [](const PlanarImage& image, std::size_t budget) {
    return must_encode(image, budget, Effort::kBest);
  };
  EXPECT_GE(testing::expect_budgets_met(cases, encode), 15U);
}

TEST(BestEffort, IsCloserThanTheDefaultInTheSameBytes) {
  for (const std::uint32_t seed : {5U, 6U, 7U}) {
    const PlanarImage image = photo(480, 360, 1, seed, 1.5);
    const std::size_t budget = 14'000;
    const Encoded plain = must_encode(image, budget, Effort::kDefault);
    const Encoded best = must_encode(image, budget, Effort::kBest);
    EXPECT_GT(testing::psnr(image.planes[0], djpeg_luma(best.bytes.span())),
              testing::psnr(image.planes[0], djpeg_luma(plain.bytes.span())));
  }
}

TEST(BestEffort, MoreBytesAreNeverWorse) {
  const PlanarImage image = photo(320, 240, 1, 9, 2);
  double last = 0;
  for (const std::size_t budget : {4000U, 6000U, 9000U, 14'000U, 21'000U, 32'000U}) {
    const Encoded encoded = must_encode(image, budget, Effort::kBest, 1);
    const double psnr = testing::psnr(image.planes[0], djpeg_luma(encoded.bytes.span()));
    EXPECT_GT(psnr, last) << budget;
    last = psnr;
  }
}

TEST(BestEffort, DegeneratePictures) {
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    for (const auto& [width, height] : {std::pair{1U, 1U}, {1U, 90U}, {17U, 33U}, {128U, 128U}}) {
      for (const bool noise : {false, true}) {
        PlanarImage image = must_make_image(width, height, planes);
        for (std::uint32_t i = 0; i < planes; ++i) {
          if (noise) {
            testing::fill_noise(image.planes[i], i + width);
          } else {
            testing::fill(image.planes[i], [](auto, auto) { return 200; });
          }
        }
        const Encoded encoded = must_encode(image, 4096, Effort::kBest);
        ASSERT_LE(encoded.bytes.size(), 4096U);
        const Plane decoded = djpeg_luma(encoded.bytes.span());
        EXPECT_EQ(decoded.width, encoded.width);
        EXPECT_EQ(decoded.height, encoded.height);
        if (!noise) EXPECT_GT(testing::psnr(image.planes[0], decoded), 45);
      }
    }
  }
}

TEST(BestEffort, GivesTheSameFileEachTime) {
  const PlanarImage image = photo(200, 150, 3, 2, 2);
  const Encoded one = must_encode(image, 9000, Effort::kBest);
  const Encoded two = must_encode(image, 9000, Effort::kBest);
  const Bytes a = one.bytes.span();
  const Bytes b = two.bytes.span();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

}  // namespace
}  // namespace netocr::jpeg
