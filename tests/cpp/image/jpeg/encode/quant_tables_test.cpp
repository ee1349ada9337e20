// Quality scale, tables, and quantisation: SIMD against scalar and against plain division.
#include "image/jpeg/encode/quant_tables.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace netocr::jpeg {
namespace {

TEST(QualityScale, IsIjgs) {
  EXPECT_DOUBLE_EQ(percent_of_quality(50), 100);
  EXPECT_DOUBLE_EQ(percent_of_quality(75), 50);
  EXPECT_DOUBLE_EQ(percent_of_quality(25), 200);
  EXPECT_GT(percent_of_quality(100), 0);
  for (double quality = 1; quality < 100; quality += 0.25) {
    EXPECT_NEAR(quality_of_percent(percent_of_quality(quality)), quality, 1e-9);
  }
}

TEST(QuantTables, FollowTheScale) {
  EXPECT_EQ(make_quant_tables(400).luma[63], 255);  // more does not fit a baseline table
  const QuantTables finest = make_quant_tables(percent_of_quality(100));
  for (std::uint32_t c = 0; c < 3; ++c) {
    for (const std::uint8_t step : finest.of(c)) EXPECT_EQ(step, 1);
  }
  QuantTables finer = make_quant_tables(5000);
  for (double percent = 5000; percent > 1; percent *= 0.97) {
    const QuantTables tables = make_quant_tables(percent);
    for (std::size_t i = 0; i < kBlockSize; ++i) {
      for (std::uint32_t c = 0; c < 3; ++c) {
        ASSERT_GE(tables.of(c)[i], 1);
        ASSERT_LE(tables.of(c)[i], finer.of(c)[i]);
      }
    }
    finer = tables;
  }
}

// At a quarter of a table's steps (quality 87.5) and finer, all steps grow alike; above that the mean value's
// grows more slowly than the highest frequency's, so that poor pictures keep their shading.
TEST(QuantTables, LowFrequenciesStayFinerInPoorPictures) {
  const QuantTables fine = make_quant_tables(25);
  const QuantTables poor = make_quant_tables(100);
  for (std::uint32_t c = 0; c < 3; ++c) {
    EXPECT_LT(poor.of(c)[0], 3.5 * fine.of(c)[0]);
    EXPECT_NEAR(poor.of(c)[12], 4.0 * fine.of(c)[12], 4);  // zigzag position 12 is (row 2, column 2)
    EXPECT_LE(poor.of(c)[0], poor.of(c)[1]);
  }
}

void fill_block(std::mt19937& random, std::int16_t range, std::array<std::int16_t, 64>& block) {
  for (auto& value : block)
    value = static_cast<std::int16_t>(
        static_cast<int>(random() % (2U * static_cast<std::uint32_t>(range) + 1U)) - range);
}

TEST(Quantiser, SimdEqualsScalar) {
  std::mt19937 random(9);
  for (const double percent : {0.1, 3.0, 10.0, 37.5, 100.0, 400.0, 5000.0}) {
    const Quantiser quantiser = make_quantiser(make_quant_tables(percent).luma, 0);
    for (const int range : {3, 40, 500, 8200}) {
      for (int round = 0; round < 50; ++round) {
        std::array<std::int16_t, 64> block;
        fill_block(random, static_cast<std::int16_t>(range), block);
        Levels simd;
        Levels scalar;
        const std::uint64_t simd_mask = quantise_block(block.data(), quantiser, simd);
        const std::uint64_t scalar_mask = detail::quantise_block_scalar(block.data(), quantiser, scalar);
        ASSERT_EQ(simd, scalar);
        ASSERT_EQ(simd_mask, scalar_mask);
        for (std::size_t i = 0; i < 64; ++i) ASSERT_EQ((simd_mask >> i & 1) != 0, simd[i] != 0);
      }
    }
  }
}

TEST(Quantiser, DividesExactly) {
  for (const double percent : {0.1, 3.0, 10.0, 37.5, 100.0, 400.0}) {
    const QuantTable table = make_quant_tables(percent).luma;
    const Quantiser quantiser = make_quantiser(table, 0);
    for (int magnitude = 0; magnitude <= 8200; ++magnitude) {
      std::array<std::int16_t, 64> block;
      for (std::size_t i = 0; i < 64; ++i)
        block[i] = static_cast<std::int16_t>(i % 2 == 0 ? magnitude : -magnitude);
      Levels levels;
      quantise_block(block.data(), quantiser, levels);
      for (std::size_t i = 0; i < 64; ++i)
        ASSERT_EQ(levels[i],
                  magnitude <= quantiser.below[i] ? 0 : (magnitude + quantiser.bias[i]) / (table[i] * 8));
    }
  }
}

TEST(Quantiser, RoundsDcToNearestAndAcNeverUpBelowHalf) {
  const QuantTable table = make_quant_tables(100).luma;
  const Quantiser quantiser = make_quantiser(table, 0);
  EXPECT_EQ(quantiser.bias[0], table[0] * 8 / 2);
  for (std::size_t i = 1; i < 64; ++i) {
    EXPECT_LE(quantiser.bias[i], table[i] * 4);
    EXPECT_GE(quantiser.bias[i], table[i] * 2);
  }
}

// A coefficient of exactly `at` stays, one less is dropped, and zeros before it raise the bar.
TEST(DeadZone, DropsWhatIsBelowItsThreshold) {
  const QuantTable table = make_quant_tables(25).luma;
  for (std::uint32_t component = 0; component < 3; ++component) {
    const DeadZone zone = make_dead_zone(table, component);
    const Quantiser quantiser = make_quantiser(table, component);
    for (std::uint32_t i = 1; i < kBlockSize; ++i) {
      const std::uint32_t bar = (zone.at[i] + DeadZone::kThresholdScale - 1) / DeadZone::kThresholdScale;
      EXPECT_EQ(quantiser.below[i], bar - 1);
      EXPECT_FALSE(zone.drops(i, 0, bar));
      EXPECT_TRUE(zone.drops(i, 0, bar - 1));
      EXPECT_TRUE(zone.drops(i, 15, bar - 1));
      // Between half a step, below which nothing becomes 1 anyway, and the step itself, which is never
      // dropped.
      const std::uint32_t step = static_cast<std::uint32_t>(table[i]) * 8;
      EXPECT_GE(bar + quantiser.bias[i], step);
      EXPECT_FALSE(zone.drops(i, 62, step));
    }
  }
}

}  // namespace
}  // namespace netocr::jpeg
