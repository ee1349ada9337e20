// Tables that decode the Huffman codes of a JPEG scan (ITU-T T.81 F.2.2), several symbols per lookup.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::jpeg {

// Returns the signed value that `size` bits encode (T.81 F.2.2.1, EXTEND).
inline std::int32_t extend_value(std::uint32_t bits, unsigned size) {
  if (size == 0) return 0;
  const auto value = static_cast<std::int32_t>(bits);
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

// The contents of a DHT segment.
struct HuffmanCode {
  std::array<std::uint8_t, 17> counts{};  // number of codes of each length 1..16
  std::array<std::uint8_t, 256> symbols{};
};

// The number of bits that index a table.
inline constexpr unsigned kLookupBits = 11;
inline constexpr std::size_t kLookupSize = std::size_t{1} << kLookupBits;

// Decodes any code, one symbol at a time.
struct SymbolTable {
  // The entries are length << 8 | symbol of the code at the start of the bits; 0 when it is longer than
  // kLookupBits.
  std::array<std::uint16_t, kLookupSize> codes{};
  std::array<std::uint32_t, 18> ends{};    // by length: 1 + its last code, left-aligned to 16 bits
  std::array<std::int32_t, 17> offsets{};  // by length: difference between a code and its index in `symbols`
  std::array<std::uint8_t, 256> symbols{};
};

// Decodes a symbol together with its value bits: value << 16 | advance << 8 | bits; 0 when both do not fit
// into kLookupBits. `advance` is the step of the position in the block: run + 1 for a coefficient, 16 for ZRL
// (whose value is 0), kEndsBlock for EOB.
using ValueTable = std::array<std::uint32_t, kLookupSize>;
inline constexpr std::uint32_t kEndsBlock = 128;
inline constexpr std::uint32_t kValueFollows = 0x80;

// Decodes up to two AC coefficients and an EOB behind them, as most blocks are runs of small coefficients.
// The fields from the lowest bit on: 4 bits for the total number of bits (0 when the first symbol or its
// value does not fit), 5 and 7 bits for the advance of the first and the second coefficient, 8 bits each for
// the value of the second and of the first. Without a second coefficient its advance is 0, and the store of
// the first value overwrites its value; likewise for the first, when there is only the EOB. kPairEnds is
// added to the second advance for an EOB, and when nothing fits: all cases that need more than two stores
// thus exceed the end of a block.
inline constexpr unsigned kPairBits = 12;
inline constexpr std::uint32_t kPairEnds = 64;
using PairTable = std::array<std::uint32_t, std::size_t{1} << kPairBits>;

// Skips as many AC symbols as the bits hold, for coefficients that are not needed; the full length of the
// last symbol counts, also when it exceeds the bits. The entries are advance << 6 | bits; kSkipEnds is added
// to the advance for an EOB, and when not even one code fits (bits are 0 then).
inline constexpr unsigned kSkipBits = 12;
inline constexpr std::uint32_t kSkipEnds = 64;
using SkipTable = std::array<std::uint16_t, std::size_t{1} << kSkipBits>;

// Decodes symbols of a progressive scan: EOB codes (run << 4) have the advance kEndsBlock and as value the
// number of further blocks that they end; if that number follows the code, `size` is its number of bits
// (G.1.2.2).
struct RunTables {
  SymbolTable symbols;
  ValueTable values;
};

struct AcTables {
  SymbolTable symbols;
  ValueTable values;
  PairTable pairs;
  SkipTable skips;
};

// Return false when the counts are not those of a prefix code (libjpeg's rules), or a DC symbol is over 15.
bool make_dc_table(const HuffmanCode& code, SymbolTable& table);
bool make_ac_tables(const HuffmanCode& code, AcTables& tables);
bool make_run_tables(const HuffmanCode& code, RunTables& tables);

}  // namespace netocr::jpeg
