// Quality scale, tables, and quantisation: SIMD against scalar and against plain division.
#include "image/quant_tables.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace netocr {
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
  const QuantTables base = make_quant_tables(100);
  EXPECT_EQ(base.luma[0], 16);
  EXPECT_EQ(base.luma[63], 255);  // 418 does not fit a baseline table
  for (const std::uint8_t step : make_quant_tables(percent_of_quality(100)).luma) EXPECT_EQ(step, 1);
  QuantTables finer = make_quant_tables(5000);
  for (double percent = 5000; percent > 1; percent *= 0.97) {
    const QuantTables tables = make_quant_tables(percent);
    for (std::size_t i = 0; i < kBlockSize; ++i) {
      ASSERT_GE(tables.luma[i], 1);
      ASSERT_LE(tables.luma[i], finer.luma[i]);
      ASSERT_LE(tables.chroma[i], finer.chroma[i]);
    }
    finer = tables;
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
    const Quantiser quantiser = make_quantiser(make_quant_tables(percent).luma);
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
    const Quantiser quantiser = make_quantiser(table);
    for (int magnitude = 0; magnitude <= 8200; ++magnitude) {
      std::array<std::int16_t, 64> block;
      for (std::size_t i = 0; i < 64; ++i)
        block[i] = static_cast<std::int16_t>(i % 2 == 0 ? magnitude : -magnitude);
      Levels levels;
      quantise_block(block.data(), quantiser, levels);
      for (std::size_t i = 0; i < 64; ++i)
        ASSERT_EQ(levels[i], (magnitude + quantiser.bias[i]) / (table[i] * 8));
    }
  }
}

TEST(Quantiser, RoundsDcToNearestAndAcNeverUpBelowHalf) {
  const QuantTable table = make_quant_tables(100).luma;
  const Quantiser quantiser = make_quantiser(table);
  EXPECT_EQ(quantiser.bias[0], table[0] * 8 / 2);
  for (std::size_t i = 1; i < 64; ++i) {
    EXPECT_LE(quantiser.bias[i], table[i] * 4);
    EXPECT_GE(quantiser.bias[i], table[i] * 2);
  }
}

}  // namespace
}  // namespace netocr
