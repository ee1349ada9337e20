// Filtering of rows: what is undone gives the row, and the filter is the one that the heuristic names.
#include "image/png/row_filter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

#include "image/png/filter.hpp"

namespace netocr::png {
namespace {

using Row = std::vector<std::uint8_t>;

// Rows that each filter is the best of now and then.
Row next_row(const Row& above, std::size_t pixel_bytes, std::mt19937& random) {
  Row row(above.size());
  const auto any = [&] { return static_cast<unsigned>(random()); };
  const unsigned kind = any() % 6;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const unsigned left = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
    const unsigned corner = i >= pixel_bytes ? above[i - pixel_bytes] : 0;
    const unsigned bases[] = {0, left, above[i], (left + above[i]) / 2, left + above[i] - corner, any()};
    row[i] = static_cast<std::uint8_t>(bases[kind] + any() % 3 - 1);
  }
  return row;
}

std::uint64_t sum_of_magnitudes(const Row& differences) {
  std::uint64_t sum = 0;
  for (const std::uint8_t byte : differences)
    sum += static_cast<std::uint64_t>(byte < 128 ? byte : 256 - byte);
  return sum;
}

// The differences by the specification's formula: reconstruction (9.2) the other way round.
Row differences(Filter filter, const Row& row, const Row& above, std::size_t pixel_bytes) {
  Row made(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int a = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
    const int b = above[i];
    const int c = i >= pixel_bytes ? above[i - pixel_bytes] : 0;
    const int p = a + b - c;
    const int pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
    const int predicted[] = {0, a, b, (a + b) / 2, pa <= pb && pa <= pc ? a : pb <= pc ? b : c};
    made[i] = static_cast<std::uint8_t>(row[i] - predicted[static_cast<std::size_t>(filter)]);
  }
  return made;
}

TEST(PngRowFilter, TheSmallestSumIsFoundAndTheFirstOfEqualOnes) {
  std::mt19937 random(9);
  std::array<int, kFilterCount> chosen{};
  for (const std::size_t pixel_bytes : {1U, 3U}) {
    for (std::size_t pixels = 1; pixels <= 70; ++pixels) {
      auto filter = RowFilter::create(pixels * pixel_bytes, pixel_bytes);
      ASSERT_TRUE(filter.ok());
      Row above(pixels * pixel_bytes, 0);
      for (int y = 0; y < 30; ++y) {
        const Row row = next_row(above, pixel_bytes, random);
        std::copy(row.begin(), row.end(), filter->row().begin());
        const Bytes filtered = filter->filtered(true);
        ASSERT_EQ(filtered.size(), row.size() + 1);
        std::size_t best = 0;
        std::vector<Row> candidates;
        for (std::uint8_t number = 0; number < kFilterCount; ++number) {
          candidates.push_back(differences(static_cast<Filter>(number), row, above, pixel_bytes));
          if (sum_of_magnitudes(candidates[number]) < sum_of_magnitudes(candidates[best])) best = number;
        }
        ASSERT_EQ(filtered[0], best);
        ASSERT_TRUE(std::equal(filtered.begin() + 1, filtered.end(), candidates[best].begin()));
        ++chosen[best];
        above = row;
      }
    }
  }
  for (const int count : chosen) EXPECT_GT(count, 100);
}

TEST(PngRowFilter, DecodingGivesTheRows) {
  std::mt19937 random(4);
  for (const std::size_t pixel_bytes : {1U, 3U}) {
    for (const bool is_adaptive : {false, true}) {
      constexpr std::size_t kSize = 66;
      auto filter = RowFilter::create(kSize, pixel_bytes);
      ASSERT_TRUE(filter.ok());
      Row above(kSize, 0);
      Row decoded_above(kSize + kRowPadding, 0);
      for (int y = 0; y < 50; ++y) {
        const Row row = next_row(above, pixel_bytes, random);
        std::copy(row.begin(), row.end(), filter->row().begin());
        const Bytes filtered = filter->filtered(is_adaptive);
        if (!is_adaptive) ASSERT_EQ(filtered[0], 0);
        Row decoded(kSize);
        detail::undo_filter_scalar(static_cast<Filter>(filtered[0]), filtered.data() + 1,
                                   decoded_above.data(), kSize, pixel_bytes, decoded.data());
        ASSERT_EQ(decoded, row);
        above = row;
        decoded_above = decoded;
      }
    }
  }
}

}  // namespace
}  // namespace netocr::png
