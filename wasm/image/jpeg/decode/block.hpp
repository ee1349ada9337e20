// Decodes one block of a sequential scan: entropy-coded bits become the dequantised coefficients of the
// lowest n x n frequencies.
#pragma once

#include <algorithm>

#include "image/jpeg/common/zigzag.hpp"
#include "image/jpeg/decode/huffman.hpp"
#include "image/jpeg/decode/scan_bytes.hpp"

namespace netocr::jpeg {

// Places and quantisation steps of a component's coefficients for a transform of a certain size
// (inverse_dct.hpp).
struct BlockLayout {
  std::array<std::uint8_t, kBlockSize> places{};  // zigzag position -> index, or kUnused
  std::array<std::uint16_t, kBlockSize> steps{};  // quantisation steps in zigzag order
  std::uint32_t last = 0;                         // last zigzag position that is needed
  std::uint32_t size = 0;                         // number of coefficients to clear before each block
  static constexpr std::uint8_t kUnused = 64;
};
// Coefficients of a block, with room for the unneeded ones.
inline constexpr std::size_t kBlockRoom = kBlockSize + 8;

BlockLayout make_block_layout(int n, const std::array<std::uint16_t, kBlockSize>& steps);

namespace detail {

// The max length of a code (17 bits when there is none) and its value.
inline constexpr std::uint32_t kMaxSymbolBits = 32;

struct Symbol {
  std::uint32_t symbol = 0;
  bool ok = true;  // false for an invalid code: like libjpeg, the decoder skips 17 bits and returns symbol 0
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

// Reads the value of `size` (0..15) bits (T.81 F.2.2.1, EXTEND: one that begins with 0 is negative). It does
// not branch on the size, which is unpredictable in most photos.
inline std::int32_t read_value(BitCursor& cursor, std::uint32_t size) {
  const auto bits = static_cast<std::int32_t>(cursor.bits >> 1 >> (63 - size));
  const auto below = static_cast<std::int32_t>(~(static_cast<std::int64_t>(cursor.bits) >> 63));
  cursor.skip(size);
  return bits + (below & (1 - (1 << size)));
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

// Sets `damaged` when the bits are no valid code.
inline std::int32_t read_dc_difference(const SymbolTable& table, BitCursor& cursor, bool& damaged) {
  cursor.want(detail::kMaxSymbolBits);
  const detail::Symbol symbol = detail::read_symbol(table, cursor);
  damaged |= !symbol.ok;
  return detail::read_value(cursor, symbol.symbol & 15);
}

// Skips the AC coefficients behind position k.
inline void skip_ac(const AcTables& tables, std::uint32_t k, BitCursor& cursor, bool& damaged) {
  constexpr std::uint32_t kLast = kBlockSize - 1;
  std::uint32_t entry = 0;
  // Looks up the next symbols and returns whether the block continues behind them.
  const auto goes_on = [&] {
    entry = tables.skips[cursor.peek(kSkipBits)];
    return k + (entry >> 6) < kLast;
  };
  const auto take = [&] {
    cursor.skip(entry & 63);
    k += entry >> 6;
  };
  static_assert(2 * (kSkipBits + 15) <= BitCursor::kRefilled);
  while (k < kLast) {
    cursor.refill();
    if (goes_on()) {
      take();
      if (goes_on()) {
        take();
        continue;
      }
      cursor.refill();
    }
    const std::uint32_t advance = entry >> 6 & (kSkipEnds - 1);
    const bool ends = entry >> 6 >= kSkipEnds;
    // Symbols that reach beyond the block's end belong to the next block.
    if ((entry & 63) != 0 && k + advance <= kLast - (ends ? 1 : 0)) {
      cursor.skip(entry & 63);
      return;
    }
    const detail::Symbol symbol = detail::read_symbol(tables.symbols, cursor);
    damaged |= !symbol.ok;
    const std::uint32_t size = symbol.symbol & 15;
    if (size == 0 && symbol.symbol != 0xF0) return;
    k += (symbol.symbol >> 4) + 1;
    cursor.skip(size);
  }
}

// Reads the AC coefficients of a block into the places of `layout`; returns false when none of them is
// needed. `block` must be zero at all places.
inline bool read_ac(const AcTables& tables, const BlockLayout& layout, BitCursor& cursor, std::int16_t* block,
                    bool& damaged) {
  BitCursor here = cursor;  // a local copy stays in registers
  std::uint32_t k = 0;
  bool any = false;
  std::uint32_t pair = 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  const auto goes_on = [&] {
    pair = tables.pairs[here.peek(kPairBits)];
    first = k + (pair >> 4 & 31);
    second = first + (pair >> 9 & 127);
    return second < layout.last;
  };
  const auto take = [&] {
    here.skip(pair & 15);
    const std::int32_t value = static_cast<std::int32_t>(pair) >> 24;
    const std::int32_t next = static_cast<std::int32_t>(pair << 8) >> 24;
    block[layout.places[second]] = static_cast<std::int16_t>(next * layout.steps[second]);
    block[layout.places[first]] = static_cast<std::int16_t>(value * layout.steps[first]);
    any = true;
    k = second;
  };
  const auto takes_two = [&] { return goes_on() && (take(), true); };
  static_assert(4 * kPairBits <= BitCursor::kRefilled);
  while (k < layout.last) {
    here.refill();
    // NOLINTNEXTLINE(misc-redundant-expression): each call reads two more
    if (takes_two() && takes_two() && takes_two() && takes_two()) continue;
    const bool ends = (pair >> 9 & kPairEnds) != 0;
    second -= ends ? kPairEnds : 0;
    // An EOB behind a block's last coefficient belongs to the next block.
    if ((pair & 15) != 0 && second < kBlockSize - (ends ? 1 : 0)) {
      if (first != k)
        take();
      else
        here.skip(pair & 15);
      if (!ends) break;
      cursor = here;
      return any;
    }
    here.want(detail::kMaxSymbolBits);
    const detail::Coefficient one = detail::read_coefficient(tables, here);
    damaged |= !one.ok;
    k += one.advance;
    if (one.advance == kEndsBlock) break;
    k = std::min(k, kBlockSize - 1);  // damaged data can exceed the block: libjpeg clamps the position too
    any = true;
    block[layout.places[k]] = static_cast<std::int16_t>(one.value * layout.steps[k]);
  }
  skip_ac(tables, k, here, damaged);
  cursor = here;
  return any;
}

}  // namespace netocr::jpeg
