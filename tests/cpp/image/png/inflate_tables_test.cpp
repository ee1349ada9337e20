// Tables of inflate: what each code and the bits behind it look up, against codes that are assigned as RFC
// 1951 describes it; codes that are no codes.
#include "image/png/inflate_tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <vector>

namespace netocr::png {
namespace {

using Lengths = std::vector<std::uint8_t>;

// The code of each symbol by the algorithm of RFC 1951, 3.2.2, its first bit lowest.
std::vector<std::uint32_t> codes_of(const Lengths& lengths) {
  std::uint32_t next[17] = {};
  for (unsigned bits = 1; bits <= 15; ++bits) {
    const auto count = std::count(lengths.begin(), lengths.end(), bits);
    next[bits + 1] = (next[bits] + static_cast<std::uint32_t>(count)) << 1;
  }
  std::vector<std::uint32_t> codes;
  for (const std::uint8_t length : lengths) {
    const std::uint32_t code = length == 0 ? 0 : next[length]++;
    std::uint32_t reversed = 0;
    for (unsigned i = 0; i < length; ++i) reversed |= (code >> i & 1) << (length - 1U - i);
    codes.push_back(reversed);
  }
  return codes;
}

// The lengths of a complete code: leaves of a tree, of which one is split after another.
Lengths random_lengths(std::size_t symbols, std::size_t used, std::mt19937& random) {
  Lengths leaves = {1, 1};
  const bool is_deep = random() % 2 == 0;
  while (leaves.size() < used) {
    const std::size_t at = is_deep && random() % 4 != 0 ? leaves.size() - 1 : random() % leaves.size();
    if (leaves[at] == 15) continue;
    leaves.push_back(++leaves[at]);
  }
  leaves.resize(symbols, 0);
  std::shuffle(leaves.begin(), leaves.end(), random);
  return leaves;
}

// So many codes of each length, the shortest first.
Lengths lengths_of(const std::vector<std::size_t>& counts) {
  Lengths lengths;
  for (std::size_t bits = 0; bits < counts.size(); ++bits)
    lengths.insert(lengths.end(), counts[bits], static_cast<std::uint8_t>(bits));
  return lengths;
}

struct Meaning {
  std::uint32_t base = 0;
  unsigned extra = 0;
};

// RFC 1951, 3.2.5: each code has as many values as its extra bits count, but the last length is alone.
Meaning length_meaning(std::size_t symbol) {
  Meaning meaning{3, 0};
  for (std::size_t i = 257; i < symbol; ++i) {
    meaning.base += 1U << meaning.extra;
    meaning.extra = i + 1 < 265 ? 0 : static_cast<unsigned>((i + 1 - 261) / 4);
  }
  return symbol == 285 ? Meaning{258, 0} : meaning;
}
Meaning distance_meaning(std::size_t symbol) {
  Meaning meaning{1, 0};
  for (std::size_t i = 0; i < symbol; ++i) {
    meaning.base += 1U << meaning.extra;
    meaning.extra = i + 1 < 2 ? 0 : static_cast<unsigned>((i + 1) / 2 - 1);
  }
  return meaning;
}

struct Found {
  InflateEntry entry;
  unsigned link_bits = 0;  // that were taken before the entry
};

Found look_up(std::span<const InflateEntry> table, unsigned bits, std::uint32_t ahead) {
  const InflateEntry entry = table[ahead & ((1U << bits) - 1)];
  if ((entry.word & InflateEntry::kInvalid) != InflateEntry::kLink) return {entry};
  const std::uint32_t index = ahead >> entry.bits() & ((1U << entry.code_bits()) - 1);
  return {table[entry.value() + index], entry.bits()};
}

void expect_value(const Found& found, const Meaning& meaning, unsigned length) {
  ASSERT_FALSE(found.entry.has_any(InflateEntry::kLiterals | InflateEntry::kInvalid));
  EXPECT_EQ(found.entry.value(), meaning.base);
  EXPECT_EQ(found.entry.code_bits() + found.link_bits, length);
  EXPECT_EQ(found.entry.bits() - found.entry.code_bits(), meaning.extra);
  const std::uint64_t all_extra = ~std::uint64_t{0};
  EXPECT_EQ(found.entry.whole_value(all_extra), meaning.base + (1U << meaning.extra) - 1);
}

// A literal, perhaps with a second one, whose code must follow.
void expect_literals(const Found& found, std::size_t symbol, std::uint32_t ahead, const Lengths& lengths,
                     const std::vector<std::uint32_t>& codes) {
  const unsigned length = lengths[symbol];
  EXPECT_EQ(found.entry.value() & 255, symbol);
  if (found.entry.literal_count() == 1) {
    EXPECT_EQ(found.entry.bits() + found.link_bits, length);
    return;
  }
  ASSERT_EQ(found.entry.literal_count(), 2U);
  const std::size_t second = found.entry.value() >> 8;
  EXPECT_EQ(found.entry.bits(), length + lengths[second]);
  EXPECT_LE(found.entry.bits(), InflateTables::kLengthBits);
  EXPECT_EQ(ahead >> length & ((1U << lengths[second]) - 1), codes[second]);
}

void expect_length_symbol(const InflateTables& tables, std::size_t symbol, std::uint32_t ahead,
                          const Lengths& lengths, const std::vector<std::uint32_t>& codes) {
  const Found found = look_up(tables.lengths, InflateTables::kLengthBits, ahead);
  if (symbol < kEndSymbol) return expect_literals(found, symbol, ahead, lengths, codes);
  if (symbol > kEndSymbol && symbol < kMaxLengthCodes)
    return expect_value(found, length_meaning(symbol), lengths[symbol]);
  const std::uint32_t kind = found.entry.word & InflateEntry::kInvalid;
  EXPECT_EQ(kind, symbol == kEndSymbol ? InflateEntry::kEndOfBlock : InflateEntry::kInvalid);
}

void expect_distance_symbol(const InflateTables& tables, std::size_t symbol, std::uint32_t ahead,
                            unsigned length) {
  const Found found = look_up(tables.distances, InflateTables::kDistanceBits, ahead);
  if (symbol < kMaxDistanceCodes) return expect_value(found, distance_meaning(symbol), length);
  EXPECT_EQ(found.entry.word & InflateEntry::kInvalid, InflateEntry::kInvalid);
}

std::unique_ptr<InflateTables> tables_of(const Lengths& lengths, const Lengths& distances) {
  Lengths both = lengths;
  both.insert(both.end(), distances.begin(), distances.end());
  auto tables = std::make_unique<InflateTables>();
  return make_inflate_tables(both, lengths.size(), *tables) ? std::move(tables) : nullptr;
}

void expect_all_symbols(const Lengths& lengths, const Lengths& distances, std::mt19937& random) {
  const auto tables = tables_of(lengths, distances);
  ASSERT_NE(tables, nullptr);
  const auto codes = codes_of(lengths);
  const auto distance_codes = codes_of(distances);
  for (const std::uint32_t behind : {0U, 0xffff'ffffU, static_cast<std::uint32_t>(random())}) {
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      if (lengths[i] != 0) expect_length_symbol(*tables, i, behind << lengths[i] | codes[i], lengths, codes);
    }
    for (std::size_t i = 0; i < distances.size(); ++i) {
      if (distances[i] != 0)
        expect_distance_symbol(*tables, i, behind << distances[i] | distance_codes[i], distances[i]);
    }
  }
}

TEST(InflateTables, EveryCodeGivesItsSymbol) {
  std::mt19937 random(17);
  for (int round = 0; round < 300 && !::testing::Test::HasFailure(); ++round) {
    const Lengths lengths = random_lengths(kFixedLengthCodes, 2 + random() % 287, random);
    const Lengths distances = random_lengths(kFixedDistanceCodes, 2 + random() % 31, random);
    expect_all_symbols(lengths, distances, random);
  }
}

// The counts of codes whose subtables are largest, found by a search through all (as zlib's enough.c does).
TEST(InflateTables, TheLargestCodesFit) {
  std::mt19937 random(1);
  expect_all_symbols(lengths_of({0, 0, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 231, 49, 1, 2}),
                     lengths_of({0, 0, 3, 1, 1, 1, 0, 0, 0, 11, 9, 1, 1, 1, 1, 2}), random);
}

TEST(InflateTables, ShortLiteralsComeInPairs) {
  const auto tables = tables_of(lengths_of({0, 2}), {1});
  ASSERT_NE(tables, nullptr);
  for (std::uint32_t ahead = 0; ahead < 4; ++ahead) {
    const InflateEntry entry = tables->lengths[ahead];
    EXPECT_EQ(entry.literal_count(), 2U);
    EXPECT_EQ(entry.bits(), 2U);
    EXPECT_EQ(entry.value(), (ahead & 1) | (ahead >> 1) << 8);
  }
}

TEST(InflateTables, WhatIsNoCodeIsRefused) {
  const Lengths complete = {1, 1};
  const Lengths no_codes[] = {{1, 1, 1}, {1, 2}, {2}, {2, 2, 2}, {1, 15}, Lengths(256, 7), Lengths(100, 15)};
  for (const Lengths& lengths : no_codes) {
    EXPECT_EQ(tables_of(lengths, complete), nullptr) << lengths.size();
    EXPECT_EQ(tables_of(complete, Lengths(lengths.begin(), lengths.begin() + std::min<std::ptrdiff_t>(
                                                                                 32, std::ssize(lengths)))),
              nullptr);
  }
}

TEST(InflateTables, NoneAndOneOfOneBitAreCodes) {
  const auto none = tables_of({1, 1}, {0, 0});
  ASSERT_NE(none, nullptr);
  const auto one = tables_of({1, 1}, {0, 1});
  ASSERT_NE(one, nullptr);
  for (std::uint32_t ahead = 0; ahead < 256; ++ahead) {
    EXPECT_EQ(none->distances[ahead].word, InflateEntry::no_code().word);
    EXPECT_EQ(one->distances[ahead].word,
              ahead % 2 == 0 ? InflateEntry::of(2, 1, 0).word : InflateEntry::no_code().word);
  }
}

TEST(InflateTables, CodesOfLengthsAreNotAlone) {
  std::array<InflateEntry, 1U << kCodeLengthBits> table{};
  std::array<std::uint8_t, kCodeLengthCodes> lengths{};
  EXPECT_TRUE(make_code_length_table(lengths, table));
  lengths[18] = 1;
  EXPECT_FALSE(make_code_length_table(lengths, table));
  lengths[3] = 1;
  ASSERT_TRUE(make_code_length_table(lengths, table));
  for (std::uint32_t ahead = 0; ahead < table.size(); ++ahead)
    EXPECT_EQ(table[ahead].word, InflateEntry::of(ahead % 2 == 0 ? 3 : 18, 1, 0).word);
}

}  // namespace
}  // namespace netocr::png
