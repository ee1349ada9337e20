// Huffman tables: valid codes, and no shorter ones exist (a dynamic programme over all trees is the second
// opinion).
#include "image/jpeg/encode/code_lengths.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <random>
#include <vector>

namespace netocr::jpeg {
namespace {

std::uint64_t total_bits(const SymbolCounts& counts, const HuffmanTable& table) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) bits += std::uint64_t{counts[i]} * table.lengths[i];
  return bits;
}

// Descending counts, the reserved all-ones code as one more symbol that never occurs.
std::vector<std::uint64_t> descending(const SymbolCounts& counts) {
  std::vector<std::uint64_t> sorted;
  for (const std::uint32_t count : counts) {
    if (count != 0) sorted.push_back(count);
  }
  std::sort(sorted.rbegin(), sorted.rend());
  sorted.push_back(0);
  return sorted;
}

// Huffman's own algorithm, without a limit of length.
std::uint64_t unlimited_bits(const SymbolCounts& counts) {
  const auto sorted = descending(counts);
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> queue(sorted.begin(),
                                                                                       sorted.end());
  std::uint64_t bits = 0;
  while (queue.size() > 1) {
    const std::uint64_t a = queue.top();
    queue.pop();
    const std::uint64_t pair = a + queue.top();
    queue.pop();
    bits += pair;
    queue.push(pair);
  }
  return bits;
}

// The least total length over all trees of at most 16 levels: level by level, k of the `open` nodes become
// the leaves of the next k symbols, the others open two nodes each; every level costs a bit for each symbol
// still without a leaf.
std::uint64_t limited_bits(const SymbolCounts& counts) {
  const auto sorted = descending(counts);
  const std::size_t n = sorted.size();
  std::vector<std::uint64_t> rest(n + 1);  // counts of symbols i and on
  for (std::size_t i = n; i-- > 0;) rest[i] = rest[i + 1] + sorted[i];
  constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max() / 2;
  // cost[i][open] at the level in hand; open is capped at n.
  std::vector<std::vector<std::uint64_t>> below(n + 1, std::vector<std::uint64_t>(n + 1, kNever));
  below[n].assign(n + 1, 0);
  for (std::uint32_t level = kMaxCodeLength + 1; level-- > 0;) {
    std::vector<std::vector<std::uint64_t>> here(n + 1, std::vector<std::uint64_t>(n + 1, kNever));
    here[n].assign(n + 1, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t open = 0; open <= n; ++open) {
        for (std::size_t k = 0; k <= std::min(open, n - i); ++k) {
          const bool last = i + k == n;
          const std::uint64_t deeper = last                      ? 0
                                       : level == kMaxCodeLength ? kNever
                                                                 : below[i + k][std::min(n, 2 * (open - k))];
          here[i][open] = std::min(here[i][open], deeper + (last ? 0 : rest[i + k]));
        }
      }
    }
    below = std::move(here);
  }
  return below[0][1];
}

void expect_valid(const SymbolCounts& counts, const HuffmanTable& table) {
  std::uint32_t previous = 0;
  std::uint8_t previous_length = 0;
  std::uint64_t kraft = 0;
  std::uint32_t index = 0;
  for (std::uint32_t length = 1; length <= kMaxCodeLength; ++length) {
    for (std::uint32_t i = 0; i < table.length_counts[length]; ++i, ++index) {
      const std::uint8_t symbol = table.symbols[index];
      ASSERT_EQ(table.lengths[symbol], length);
      ASSERT_GT(counts[symbol], 0U);
      ASSERT_NE(table.codes[symbol], (1U << length) - 1) << "all ones";
      if (index > 0) {
        ASSERT_EQ(table.codes[symbol], (previous + 1) << (length - previous_length));
      }
      previous = table.codes[symbol];
      previous_length = static_cast<std::uint8_t>(length);
      kraft += std::uint64_t{1} << (kMaxCodeLength - length);
    }
  }
  ASSERT_EQ(index, table.symbol_count);
  ASSERT_LT(kraft, std::uint64_t{1} << kMaxCodeLength);
  const auto used =
      std::count_if(counts.begin(), counts.end(), [](std::uint32_t count) { return count != 0; });
  ASSERT_EQ(table.symbol_count, static_cast<std::uint32_t>(used));
}

TEST(Huffman, RandomCountsGetOptimalCodes) {
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    SymbolCounts counts{};
    const std::uint32_t symbols = 1 + random() % 256;
    for (std::uint32_t i = 0; i < symbols; ++i)
      counts[random() % 256] = 1 + (random() % 1000 >> random() % 10);
    const HuffmanTable table = build_huffman_table(counts);
    expect_valid(counts, table);
    const auto longest = *std::max_element(table.lengths.begin(), table.lengths.end());
    if (longest < kMaxCodeLength) {
      EXPECT_EQ(total_bits(counts, table), unlimited_bits(counts));
    } else {
      EXPECT_GE(total_bits(counts, table), unlimited_bits(counts));
    }
  }
}

TEST(Huffman, SteepCountsAreLimitedToSixteenBitsOptimally) {
  std::mt19937 random(8);
  for (std::uint32_t symbols = 14; symbols <= 44; symbols += 3) {
    SymbolCounts counts{};
    double count = 1;
    for (std::uint32_t i = 0; i < symbols; ++i, count *= 1.3 + 0.6 * (random() % 100) / 100) {
      counts[(i * 37 + 5) % 256] = static_cast<std::uint32_t>(std::min(count, 4e9));
    }
    const HuffmanTable table = build_huffman_table(counts);
    expect_valid(counts, table);
    EXPECT_EQ(total_bits(counts, table), limited_bits(counts)) << symbols << " symbols";
  }
}

TEST(Huffman, TheLimitedOracleAgreesWithTheUnlimitedOne) {
  SymbolCounts counts{};
  for (std::uint32_t i = 0; i < 20; ++i) counts[i] = 10 + i * i;
  EXPECT_EQ(limited_bits(counts), unlimited_bits(counts));
}

TEST(Huffman, FibonacciCountsNeedTheLimit) {
  SymbolCounts counts{};
  counts[0] = counts[1] = 1;
  for (std::size_t i = 2; i < 40; ++i) counts[i] = counts[i - 1] + counts[i - 2];
  const HuffmanTable table = build_huffman_table(counts);
  expect_valid(counts, table);
  EXPECT_EQ(*std::max_element(table.lengths.begin(), table.lengths.end()), kMaxCodeLength);
  EXPECT_GT(total_bits(counts, table), unlimited_bits(counts));
  EXPECT_EQ(total_bits(counts, table), limited_bits(counts));
}

TEST(Huffman, SmallestAlphabets) {
  SymbolCounts counts{};
  EXPECT_EQ(build_huffman_table(counts).symbol_count, 0U);
  counts[0xF0] = 3;
  const HuffmanTable one = build_huffman_table(counts);
  expect_valid(counts, one);
  EXPECT_EQ(one.lengths[0xF0], 1);
  EXPECT_EQ(one.codes[0xF0], 0);
  counts.fill(7);
  const HuffmanTable all = build_huffman_table(counts);
  expect_valid(counts, all);
  EXPECT_EQ(all.symbol_count, 256U);
}

}  // namespace
}  // namespace netocr::jpeg
