// Filter tables: weights that sum to one, mirror, and follow Lanczos3.
#include "image/scale/filter_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace netocr {
namespace {

AxisGeometry axis(std::uint32_t source, std::uint32_t count) {
  return {source, static_cast<double>(source), count, static_cast<double>(count), 0};
}

FilterTable make(const AxisGeometry& geometry) {
  auto table = FilterTable::create(geometry);
  EXPECT_TRUE(table.ok());
  return std::move(*table);
}

const AxisGeometry kGeometries[] = {
    axis(1, 1),
    axis(2, 1),
    axis(1, 3),
    axis(7, 7),
    axis(7, 3),
    axis(100, 37),
    axis(2016, 1600),
    axis(4032, 1600),
    axis(1008, 800),
    axis(333, 800),
    axis(65'500, 16),
    axis(65'500, 1600),
    {2001, 2000.5, 1600, 1600, 0},
    {1001, 1000.25, 800, 799.5, -0.5},
    {11, 10.5, 5, 4.5, -0.5},
    {11, 10.5, 5, 4.5, 0},
    {3, 2.125, 1, 0.5, -0.5},
};

TEST(FilterTable, WeightsOfEachSampleSumToExactlyOne) {
  for (const AxisGeometry& geometry : kGeometries) {
    const FilterTable table = make(geometry);
    for (std::uint32_t i = 0; i < table.count(); ++i) {
      const std::int16_t* const weights = table.weights(i);
      ASSERT_EQ(std::accumulate(weights, weights + table.stride(), 0), 1 << kWeightBits)
          << geometry.source_count << " -> " << geometry.count << " sample " << i;
    }
  }
}

TEST(FilterTable, WindowsStayInsideTheSourceAndMoveForward) {
  for (const AxisGeometry& geometry : kGeometries) {
    const FilterTable table = make(geometry);
    ASSERT_EQ(table.stride() % kWeightAlignment, 0U);
    for (std::uint32_t i = 0; i < table.count(); ++i) {
      ASSERT_GE(table.taps(i), 1U);
      ASSERT_LE(table.taps(i), table.max_taps());
      ASSERT_LE(table.first(i) + table.taps(i), geometry.source_count);
      if (i > 0) ASSERT_GE(table.first(i) + table.taps(i), table.first(i - 1) + table.taps(i - 1));
      for (std::uint32_t t = table.taps(i); t < table.stride(); ++t) ASSERT_EQ(table.weights(i)[t], 0);
    }
  }
}

TEST(FilterTable, ScaleOneIsAnExactCopy) {
  const FilterTable table = make(axis(57, 57));
  EXPECT_TRUE(table.is_identity());
  EXPECT_EQ(table.max_taps(), 1U);
  for (std::uint32_t i = 0; i < 57; ++i) {
    EXPECT_EQ(table.first(i), i);
    EXPECT_EQ(table.weights(i)[0], 1 << kWeightBits);
  }
  EXPECT_FALSE(make(axis(57, 56)).is_identity());
  EXPECT_FALSE(make({57, 56.5, 57, 57, 0}).is_identity());
}

TEST(FilterTable, MirroredAxisHasMirroredWeights) {
  for (const auto& [source, count] :
       {std::pair{100U, 37U}, {96U, 48U}, {96U, 32U}, {2016U, 1600U}, {50U, 75U}}) {
    const FilterTable table = make(axis(source, count));
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t twin = count - 1 - i;
      ASSERT_EQ(table.taps(i), table.taps(twin));
      ASSERT_EQ(table.first(i), source - table.first(twin) - table.taps(twin));
      for (std::uint32_t t = 0; t < table.taps(i); ++t) {
        ASSERT_EQ(table.weights(i)[t], table.weights(twin)[table.taps(i) - 1 - t]) << source << "->" << count;
      }
    }
  }
}

// Lanczos3 as it is written in textbooks.
double lanczos3(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 3) return 0;
  const double a = std::numbers::pi * x;
  return 3 * std::sin(a) * std::sin(a / 3) / (a * a);
}

TEST(FilterTable, WeightsAreLanczosOfTheDistanceInDestinationSamples) {
  for (const AxisGeometry& geometry : kGeometries) {
    if (geometry.source_count > 10'000) continue;  // thousands of taps of less than one unit each
    const FilterTable table = make(geometry);
    const double step = geometry.source_extent / geometry.extent;
    const double widening = std::max(1.0, step);
    for (std::uint32_t i = 0; i < table.count(); ++i) {
      const double centre = (i + geometry.offset + 0.5) * step;
      std::vector<double> ideal(geometry.source_count);
      for (std::uint32_t s = 0; s < geometry.source_count; ++s)
        ideal[s] = lanczos3((s + 0.5 - centre) / widening);
      const double sum = std::accumulate(ideal.begin(), ideal.end(), 0.0);
      std::vector<double> made(geometry.source_count);
      for (std::uint32_t t = 0; t < table.taps(i); ++t) made[table.first(i) + t] = table.weights(i)[t];
      for (std::uint32_t s = 0; s < geometry.source_count; ++s) {
        ASSERT_NEAR(made[s], ideal[s] / sum * (1 << kWeightBits), 1.51) << "sample " << i << " tap " << s;
      }
    }
  }
}

TEST(FilterTable, KnownValuesAtHalfSize) {
  // Far from the ends the centre lies between two samples: distances 0.25, 0.75, ... destination samples.
  const FilterTable table = make(axis(64, 32));
  ASSERT_EQ(table.taps(16), 12U);
  const double expected[6] = {60.4,    246.7,  -557.0,
                              -1091.8, 2220.1, 7313.6};  // worked out by hand from the formula
  for (std::uint32_t n = 0; n < 6; ++n) {
    EXPECT_EQ(table.weights(16)[n], table.weights(16)[11 - n]);
    EXPECT_NEAR(table.weights(16)[n], expected[n], 1.01);
  }
}

// 2^32 weights: none on wasm32, once the number has wrapped.
TEST(FilterTable, MoreWeightsThanMemoryAreRefused) {
  for (const auto& [source, count] : {std::pair{1U << 30, 1U << 27}, {0xffff'fff0U, 65'500U}}) {
    const auto table = FilterTable::create(axis(source, count));
    ASSERT_FALSE(table.ok());
    EXPECT_EQ(table.error().code, ErrorCode::kImageTooLarge);
  }
}

}  // namespace
}  // namespace netocr
