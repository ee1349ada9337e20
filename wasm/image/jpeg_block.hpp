// One block of a sequential scan: entropy-coded bits -> dequantised coefficients of the lowest n x n
// frequencies.
#pragma once

#include <algorithm>

#include "image/dct.hpp"
#include "image/jpeg_huffman.hpp"
#include "image/jpeg_scan_bytes.hpp"

namespace netocr {

// What the coefficients of a component are read into, for a transform of a certain size (inverse_dct.hpp).
struct BlockLayout {
  std::array<std::uint8_t, kBlockSize> places{};  // zigzag position -> index; kUnused when it is not wanted
  std::array<std::uint16_t, kBlockSize> steps{};  // quantisation, zigzag
  std::uint32_t last = 0;                         // the last zigzag position that is wanted
  std::uint32_t size = 0;                         // coefficients to clear before each block
  static constexpr std::uint8_t kUnused = 64;
};
// A block with a place for what nobody wants.
inline constexpr std::size_t kBlockRoom = kBlockSize + 8;

BlockLayout make_block_layout(int n, const std::array<std::uint16_t, kBlockSize>& steps);

namespace detail {

struct Symbol {
  std::uint32_t symbol = 0;
  bool ok =
      true;  // false for bits that are no code: 17 of them are passed over, as libjpeg does, and it is 0
};

inline Symbol read_symbol(const SymbolTable& table, BitCursor& cursor) {
  const std::uint32_t entry = table.codes[cursor.peek(kLookupBits)];
  if (entry != 0) [[likely]] {
    cursor.skip(entry >> 8);
    return {entry & 255, true};
  }
  const std::uint32_t bits = cursor.peek(16);
  std::uint32_t length = kLookupBits + 1;
  while (bits >= table.ends[length]) ++length;
  if (length > 16) {
    cursor.skip(17);
    return {0, false};
  }
  cursor.skip(length);
  const auto code = static_cast<std::int32_t>(bits >> (16 - length));
  return {table.symbols[static_cast<std::uint32_t>(code + table.offsets[length]) & 255], true};
}

// The value of `size` (0..15) bits.
inline std::int32_t read_value(BitCursor& cursor, std::uint32_t size) {
  if (size == 0) return 0;
  const std::uint32_t bits = cursor.peek(size);
  cursor.skip(size);
  return extend_value(bits, size);
}

struct Coefficient {
  std::int32_t value = 0;
  std::uint32_t advance = 0;
  bool ok = true;
};

inline Coefficient read_coefficient(const AcTables& tables, BitCursor& cursor) {
  const std::uint32_t entry = tables.values[cursor.peek(kLookupBits)];
  const std::int32_t value = static_cast<std::int32_t>(entry) >> 16;
  if (entry != 0) [[likely]] {
    cursor.skip(entry & 31);
    const bool whole = (entry & kValueFollows) == 0;
    return {whole ? value : read_value(cursor, static_cast<std::uint32_t>(value)), entry >> 8 & 255, true};
  }
  const Symbol symbol = read_symbol(tables.symbols, cursor);
  const std::uint32_t size = symbol.symbol & 15;
  const std::uint32_t advance = size == 0 && symbol.symbol != 0xF0 ? kEndsBlock : (symbol.symbol >> 4) + 1;
  return {read_value(cursor, size), advance, symbol.ok};
}

}  // namespace detail

// Adds to `damaged` when bits are no code.
inline std::int32_t read_dc_difference(const DcTables& tables, BitCursor& cursor, bool& damaged) {
  cursor.refill();
  const std::uint32_t entry = tables.values[cursor.peek(kLookupBits)];
  if (entry != 0) [[likely]] {
    cursor.skip(entry & 31);
    const std::int32_t value = static_cast<std::int32_t>(entry) >> 16;
    return (entry & kValueFollows) == 0 ? value
                                        : detail::read_value(cursor, static_cast<std::uint32_t>(value));
  }
  const detail::Symbol symbol = detail::read_symbol(tables.symbols, cursor);
  damaged |= !symbol.ok;
  return detail::read_value(cursor, symbol.symbol & 15);
}

// Passes over the AC coefficients behind position k.
inline void skip_ac(const AcTables& tables, std::uint32_t k, BitCursor& cursor, bool& damaged) {
  while (k < kBlockSize - 1) {
    cursor.refill();
    const std::uint32_t entry = tables.skips[cursor.peek(kSkipBits)];
    const std::uint32_t to = k + (entry >> 6 & 63);
    const std::uint32_t ends = entry >> 15;
    // Symbols that would reach over the block's end belong to the next block.
    if (entry != 0 && to + ends < kBlockSize) [[likely]] {
      cursor.skip(entry & 63);
      if (ends != 0) return;
      k = to;
      continue;
    }
    const detail::Symbol symbol = detail::read_symbol(tables.symbols, cursor);
    damaged |= !symbol.ok;
    const std::uint32_t size = symbol.symbol & 15;
    if (size == 0 && symbol.symbol != 0xF0) return;
    k += (symbol.symbol >> 4) + 1;
    cursor.skip(size);
  }
}

// The AC coefficients of a block into the places of `layout`; false when none of them is wanted there.
// `block` is zero at all places.
inline bool read_ac(const AcTables& tables, const BlockLayout& layout, BitCursor& cursor, std::int16_t* block,
                    bool& damaged) {
  BitCursor here = cursor;  // in registers
  std::uint32_t k = 0;
  bool any = false;
  while (k < layout.last) {
    here.refill();
    const std::uint64_t pair = tables.pairs[here.peek(kLookupBits)];
    const std::uint32_t first = k + (static_cast<std::uint32_t>(pair) >> 16 & 255);
    const std::uint32_t second = first + (static_cast<std::uint32_t>(pair) >> 24);
    if (pair != 0 && second < kBlockSize) [[likely]] {
      any = true;
      here.skip(static_cast<std::uint32_t>(pair) & 63);
      const auto value = static_cast<std::int16_t>(pair >> 32);
      const auto next = static_cast<std::int16_t>(pair >> 48);
      block[layout.places[first]] = static_cast<std::int16_t>(value * layout.steps[first]);
      block[layout.places[second]] = static_cast<std::int16_t>(next * layout.steps[second]);
      k = second;
      continue;
    }
    const detail::Coefficient one = detail::read_coefficient(tables, here);
    damaged |= !one.ok;
    k += one.advance;
    if (one.advance == kEndsBlock) break;
    k = std::min(k, kBlockSize - 1);  // beyond the last one in damaged data: libjpeg takes it for that
    any = true;
    block[layout.places[k]] = static_cast<std::int16_t>(one.value * layout.steps[k]);
  }
  skip_ac(tables, k, here, damaged);
  cursor = here;
  return any;
}

}  // namespace netocr
