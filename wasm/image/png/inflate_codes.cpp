// Reads the header of a dynamic block, whose code lengths are themselves Huffman-coded, with runs.
#include "image/png/inflate_codes.hpp"

#include <algorithm>
#include <array>

namespace netocr::png {
namespace {

using CodeLengthTable = std::array<InflateEntry, 1U << kCodeLengthBits>;

bool read_code_length_table(InflateInput& input, std::size_t count, CodeLengthTable& table) {
  constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  static_assert(std::size(kOrder) == kCodeLengthCodes);
  std::array<std::uint8_t, kCodeLengthCodes> lengths{};
  for (std::size_t i = 0; i < count; ++i) {
    input.refill();
    lengths[kOrder[i]] = static_cast<std::uint8_t>(input.take_bits(3));
  }
  return make_code_length_table(lengths, table);
}

// Reads the repeat count of a symbol from 16 on.
std::size_t take_run(InflateInput& input, std::uint32_t symbol) {
  if (symbol == 16) return 3 + input.take_bits(2);
  return symbol == 17 ? 3 + input.take_bits(3) : 11 + input.take_bits(7);
}

bool read_lengths(InflateInput& input, const CodeLengthTable& table, std::span<std::uint8_t> lengths) {
  for (std::size_t i = 0; i < lengths.size();) {
    input.refill();
    const InflateEntry entry = table[input.bits().ahead & (table.size() - 1)];
    input.take_bits(entry.bits());
    const std::uint32_t symbol = entry.value();
    if (symbol < 16) {
      lengths[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    if (input.is_overrun() || (symbol == 16 && i == 0)) return false;
    const std::uint8_t repeated = symbol == 16 ? lengths[i - 1] : 0;
    const std::size_t count = take_run(input, symbol);
    if (count > lengths.size() - i) return false;
    std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(i), count, repeated);
    i += count;
  }
  return true;
}

}  // namespace

CodeCounts read_code_counts(InflateInput& input) {
  CodeCounts counts;
  counts.lengths = input.take_bits(5) + 257;
  counts.distances = input.take_bits(5) + 1;
  counts.code_lengths = input.take_bits(4) + 4;
  return counts;
}

bool read_dynamic_codes(InflateInput& input, const CodeCounts& counts, InflateTables& tables) {
  CodeLengthTable table{};
  if (!read_code_length_table(input, counts.code_lengths, table)) return false;
  std::array<std::uint8_t, kMaxLengthCodes + kMaxDistanceCodes> all{};
  const auto lengths = std::span(all).first(counts.lengths + counts.distances);
  if (!read_lengths(input, table, lengths) || lengths[kEndSymbol] == 0) return false;
  return make_inflate_tables(lengths, counts.lengths, tables);
}

void make_fixed_codes(InflateTables& tables) {
  std::array<std::uint8_t, kFixedLengthCodes + kFixedDistanceCodes> lengths{};
  const auto set = [&](std::size_t from, std::size_t end, std::uint8_t bits) {
    std::fill(lengths.begin() + from, lengths.begin() + end, bits);
  };
  set(0, 144, 8);
  set(144, 256, 9);
  set(256, 280, 7);
  set(280, kFixedLengthCodes, 8);
  set(kFixedLengthCodes, lengths.size(), 5);
  static_cast<void>(make_inflate_tables(lengths, kFixedLengthCodes, tables));
}

}  // namespace netocr::png
