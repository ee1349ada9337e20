// Builds tables by T.81 annex C (codes from counts) and F.2.2 (values), in one pass over all bit patterns for
// each table.
#include "image/jpeg/decode/huffman.hpp"

#include <algorithm>

#include "image/jpeg/common/zigzag.hpp"

namespace netocr::jpeg {
namespace {

constexpr unsigned kMaxLength = 16;

bool make_symbols(const HuffmanCode& code, SymbolTable& table) {
  table.symbols = code.symbols;
  table.codes.fill(0);
  std::uint32_t next = 0;
  std::uint32_t index = 0;
  for (unsigned length = 1; length <= kMaxLength; ++length, next <<= 1) {
    table.offsets[length] = static_cast<std::int32_t>(index) - static_cast<std::int32_t>(next);
    for (unsigned i = 0; i < code.counts[length]; ++i, ++next, ++index) {
      if (index >= table.symbols.size() || next >= 1U << length) return false;
      if (length > kLookupBits) continue;
      const auto entry = static_cast<std::uint16_t>(length << 8 | code.symbols[index]);
      const auto first = table.codes.begin() + (next << (kLookupBits - length));
      std::fill(first, first + (std::size_t{1} << (kLookupBits - length)), entry);
    }
    if (code.counts[length] != 0 && next >= 1U << length) return false;  // the code of all ones is reserved
    table.ends[length] = code.counts[length] == 0 ? 0 : next << (kMaxLength - length);
  }
  table.ends[kMaxLength + 1] = ~0U;
  return true;
}

// The meaning of a symbol.
struct Meaning {
  std::uint32_t advance = 0;
  unsigned size = 0;    // size of its value in bits
  bool counts = false;  // the value counts blocks: 2^size - 1 is added to the bits
};

template <typename MeaningOf>
void make_values(const SymbolTable& symbols, MeaningOf meaning_of, ValueTable& table) {
  for (std::uint32_t pattern = 0; pattern < kLookupSize; ++pattern) {
    const unsigned length = symbols.codes[pattern] >> 8;
    table[pattern] = 0;
    if (length == 0) continue;
    const Meaning meaning = meaning_of(symbols.codes[pattern] & 255U);
    const unsigned size = meaning.size;
    if (length + size > kLookupBits) {
      table[pattern] = size << 16 | meaning.advance << 8 | kValueFollows | length;
      continue;
    }
    // NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift): size is at most kLookupBits
    const std::uint32_t ones = (1U << size) - 1;
    const std::uint32_t bits = pattern >> (kLookupBits - length - size) & ones;
    const std::uint32_t value =
        meaning.counts ? bits + ones : static_cast<std::uint32_t>(extend_value(bits, size));
    table[pattern] = value << 16 | meaning.advance << 8 | (length + size);
  }
}

// EOB is 0x00. The other symbols of size 0 except ZRL (0xF0) have no meaning in a sequential scan, and
// libjpeg treats them as EOB.
std::uint32_t ac_advance(std::uint32_t symbol) {
  if (symbol == 0xF0) return 16;
  return (symbol & 15) == 0 ? kEndsBlock : (symbol >> 4) + 1;
}

// A coefficient of a pair: the symbol at the start of `bits` bits (at most kPairBits), and its value.
struct PairMember {
  unsigned bits = 0;  // 0 when the symbol or its value is incomplete
  std::uint32_t advance = 0;
  std::int32_t value = 0;
};

PairMember pair_member_of(const SymbolTable& symbols, std::uint32_t pattern, unsigned bits) {
  const std::uint32_t left_aligned = pattern << (kPairBits - bits);
  const std::uint32_t entry = symbols.codes[left_aligned >> (kPairBits - kLookupBits)];
  const unsigned length = entry >> 8;
  const unsigned size = entry & 15;
  if (length == 0 || length + size > bits) return {};
  const std::uint32_t value = pattern >> (bits - length - size) & ((1U << size) - 1);
  return {length + size, ac_advance(entry & 255), extend_value(value, size)};
}

bool fits(std::int32_t value) { return value >= -128 && value < 128; }

std::uint32_t pair_of(const SymbolTable& symbols, std::uint32_t pattern) {
  unsigned used = 0;
  const auto next = [&] {
    const unsigned left = kPairBits - used;
    return pair_member_of(symbols, pattern & ((1U << left) - 1), left);
  };
  const auto packed = [&](const PairMember& first, const PairMember& second, bool ends) {
    const std::uint32_t values = (static_cast<std::uint32_t>(first.value) & 255) << 24 |
                                 (static_cast<std::uint32_t>(second.value) & 255) << 16;
    return values | (second.advance + (ends ? kPairEnds : 0)) << 9 | first.advance << 4 | used;
  };
  const PairMember first = next();
  if (first.bits == 0 || !fits(first.value)) return packed({}, {}, true);
  used = first.bits;
  if (first.advance == kEndsBlock) return packed({}, {}, true);
  const PairMember second = next();
  if (second.bits == 0 || !fits(second.value)) return packed(first, {}, false);
  used += second.bits;
  if (second.advance == kEndsBlock) return packed(first, {}, true);
  const PairMember third = next();
  const bool ends = third.bits != 0 && third.advance == kEndsBlock;
  used += ends ? third.bits : 0;
  return packed(first, second, ends);
}

std::uint16_t skip_of(const SymbolTable& symbols, std::uint32_t pattern) {
  constexpr std::uint32_t kMask = (1U << kSkipBits) - 1;
  unsigned used = 0;
  std::uint32_t advance = 0;
  while (used < kSkipBits) {
    const std::uint32_t entry = symbols.codes[(pattern << used & kMask) >> (kSkipBits - kLookupBits)];
    const unsigned length = entry >> 8;
    if (length == 0 || length > kSkipBits - used) break;
    const std::uint32_t step = ac_advance(entry & 255);
    if (step == kEndsBlock) return static_cast<std::uint16_t>((advance + kSkipEnds) << 6 | (used + length));
    if (advance + step >= kBlockSize) break;
    advance += step;
    used += length + (entry & 15);
  }
  return static_cast<std::uint16_t>((used == 0 ? kSkipEnds : advance) << 6 | used);
}

}  // namespace

bool make_dc_table(const HuffmanCode& code, SymbolTable& table) {
  if (!make_symbols(code, table)) return false;
  std::uint32_t count = 0;
  for (const std::uint8_t of_length : code.counts) count += of_length;
  const auto symbols = std::span(code.symbols).first(count);
  return std::all_of(symbols.begin(), symbols.end(), [](std::uint8_t symbol) { return symbol <= 15; });
}

bool make_ac_tables(const HuffmanCode& code, AcTables& tables) {
  if (!make_symbols(code, tables.symbols)) return false;
  const auto meaning = [](std::uint32_t symbol) { return Meaning{ac_advance(symbol), symbol & 15, false}; };
  make_values(tables.symbols, meaning, tables.values);
  for (std::uint32_t pattern = 0; pattern < tables.pairs.size(); ++pattern)
    tables.pairs[pattern] = pair_of(tables.symbols, pattern);
  for (std::uint32_t pattern = 0; pattern < tables.skips.size(); ++pattern)
    tables.skips[pattern] = skip_of(tables.symbols, pattern);
  return true;
}

bool make_run_tables(const HuffmanCode& code, RunTables& tables) {
  if (!make_symbols(code, tables.symbols)) return false;
  const auto meaning = [](std::uint32_t symbol) {
    const std::uint32_t advance = ac_advance(symbol);
    return advance == kEndsBlock ? Meaning{advance, symbol >> 4, true} : Meaning{advance, symbol & 15, false};
  };
  make_values(tables.symbols, meaning, tables.values);
  return true;
}

}  // namespace netocr::jpeg
