// Sums of magnitudes, SIMD against scalar, and how well a sample foretells the whole.
#include "image/jpeg/encode/scan_sample.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "cpp/image/pictures.hpp"

namespace netocr::jpeg {
namespace {

using testing::must_make_image;
using testing::photo;

TEST(SumMagnitudes, SimdEqualsScalar) {
  std::mt19937 random(4);
  for (const double percent : {0.05, 10.0, 100.0, 5000.0}) {
    for (std::uint32_t component = 0; component < 3; ++component) {
      const MagnitudeScale scale = make_magnitude_scale(make_quant_tables(percent).of(component));
      for (const std::size_t blocks : {0U, 1U, 3U, 512U, 513U, 1100U}) {
        std::vector<std::int16_t> values(blocks * kBlockSize);
        for (std::int16_t& value : values)
          value = static_cast<std::int16_t>(static_cast<int>(random() % 16'401) - 8200);
        EXPECT_EQ(sum_magnitudes(values, scale), detail::sum_magnitudes_scalar(values, scale));
      }
    }
  }
}

// All coefficients the largest there are: no sum overflows.
TEST(SumMagnitudes, OfExtremes) {
  for (const double percent : {0.05, 5000.0}) {
    const MagnitudeScale scale = make_magnitude_scale(make_quant_tables(percent).luma);
    const std::vector<std::int16_t> values(1024 * kBlockSize, -8200);
    EXPECT_EQ(sum_magnitudes(values, scale), detail::sum_magnitudes_scalar(values, scale));
  }
}

TEST(SumMagnitudes, CountsStepsUpToFourAndNoMeanValue) {
  const QuantTable table = make_quant_tables(30).luma;
  const MagnitudeScale scale = make_magnitude_scale(table);
  std::array<std::int16_t, kBlockSize> block{};
  block[0] = 5000;
  EXPECT_EQ(sum_magnitudes(block, scale), 0U);
  for (std::uint32_t i = 1; i < kBlockSize; ++i) {
    block = {};
    const int step = 8 * table[i];
    const auto sum_of = [&](int value) {
      block[i] = static_cast<std::int16_t>(value);
      return static_cast<double>(sum_magnitudes(block, scale));
    };
    const double one = sum_of(step);
    EXPECT_GT(one, 0);
    EXPECT_DOUBLE_EQ(sum_of(-step), one);
    EXPECT_DOUBLE_EQ(sum_of(4 * step), 4 * one);
    EXPECT_DOUBLE_EQ(sum_of(-5 * step), 4 * one);
    EXPECT_NEAR(one, kMagnitudeOfStep, kMagnitudeOfStep * 0.07);  // weights are least exact for large steps
  }
}

double bits_of(const ScanSymbols& symbols) {
  return static_cast<double>(scan_bits(symbols, build_scan_tables(symbols)));
}

TEST(ScanSample, OfStepOneIsTheWhole) {
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    const auto frame = make_frame(photo(133, 71, planes, 3, 3));
    ASSERT_TRUE(frame.ok());
    const QuantTables tables = make_quant_tables(20);
    const ScanSample sample(*frame, 1);
    EXPECT_TRUE(sample.is_whole());
    const ScanSymbols whole = count_symbols(*frame, tables);
    EXPECT_EQ(sample.count(tables).ac, whole.ac);
    EXPECT_EQ(sample.count(tables).dc, whole.dc);
    EXPECT_DOUBLE_EQ(sample.mcus_ratio(), 1);
    EXPECT_DOUBLE_EQ(sample.magnitudes(tables), sum_magnitudes(*frame, tables));
  }
}

// Samples of all offsets would add up to the whole; here one of them is near its share. The mean values'
// differences are those to the real neighbour, not to the MCU sampled before.
TEST(ScanSample, ForetellsTheWhole) {
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    for (const std::uint32_t seed : {1U, 2U, 3U}) {
      const auto frame = make_frame(photo(800, 608, planes, seed, 2));
      ASSERT_TRUE(frame.ok());
      const QuantTables tables = make_quant_tables(30);
      const ScanSample sample(*frame, 6);
      EXPECT_FALSE(sample.is_whole());
      EXPECT_NEAR(sample.mcus_ratio(), 6, 0.2);
      const double whole = bits_of(count_symbols(*frame, tables));
      const double ratio = sum_magnitudes(*frame, tables) / sample.magnitudes(tables);
      EXPECT_NEAR(bits_of(sample.count(tables)) * ratio / whole, 1, 0.03);
    }
  }
}

TEST(ScanSample, HasAtLeastOneMcuOfEveryPicture) {
  for (const auto& [width, height] : {std::pair{1U, 1U}, {16U, 16U}, {8191U, 3U}, {3U, 8191U}, {250U, 17U}}) {
    const auto frame = make_frame(photo(width, height, 3, 5));
    ASSERT_TRUE(frame.ok());
    const ScanSample sample(*frame, 12);
    EXPECT_GE(sample.mcus_ratio(), 1);
    EXPECT_TRUE(std::isfinite(sample.mcus_ratio()));
    EXPECT_GT(bits_of(sample.count(make_quant_tables(30))), 0);
  }
}

TEST(SampleStep, LeavesEnough) {
  const auto step_of = [](std::uint32_t width, std::uint32_t height) {
    const auto frame = make_frame(must_make_image(width, height, 3));
    return sample_step(*frame, 600, 12);
  };
  EXPECT_EQ(step_of(1, 1), 1U);
  EXPECT_EQ(step_of(320, 240), 1U);
  EXPECT_EQ(step_of(640, 480), 2U);
  EXPECT_EQ(step_of(1600, 1200), 12U);
  EXPECT_EQ(step_of(3200, 2400), 12U);
}

}  // namespace
}  // namespace netocr::jpeg
