// Tables that decode the Huffman codes of a JPEG scan (ITU-T T.81 F.2.2), several symbols at a step.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::jpeg {

// The value that `size` bits say (T.81 F.2.2.1, EXTEND).
inline std::int32_t extend_value(std::uint32_t bits, unsigned size) {
  if (size == 0) return 0;
  const auto value = static_cast<std::int32_t>(bits);
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

// What a DHT segment says.
struct HuffmanCode {
  std::array<std::uint8_t, 17> counts{};  // codes of each length 1..16
  std::array<std::uint8_t, 256> symbols{};
};

// Bits that a table is looked up with.
inline constexpr unsigned kLookupBits = 11;
inline constexpr std::size_t kLookupSize = std::size_t{1} << kLookupBits;

// Any code, one symbol at a time.
struct SymbolTable {
  // length << 8 | symbol of the code that the bits begin with; 0 when it is longer than kLookupBits.
  std::array<std::uint16_t, kLookupSize> codes{};
  std::array<std::uint32_t, 18> ends{};    // of each length: 1 + its last code, left-aligned to 16 bits
  std::array<std::int32_t, 17> offsets{};  // of each length: what makes an index into `symbols` of a code
  std::array<std::uint8_t, 256> symbols{};
};

// A symbol with the bits behind its code that are its value. value << 16 | advance << 8 | bits; 0 when both
// do not fit into kLookupBits. `advance` is how far the position in the block moves: run + 1 for a
// coefficient, 16 for ZRL (whose value is 0), kEndsBlock for EOB.
using ValueTable = std::array<std::uint32_t, kLookupSize>;
inline constexpr std::uint32_t kEndsBlock = 128;
inline constexpr std::uint32_t kValueFollows = 0x80;

// Up to two AC coefficients and an EOB behind them, for the run of small ones that most blocks are. From the
// lowest bits on: 4 bits of how many bits all of them take (0 where the first symbol or its value does not
// fit), 5 and 7 of how far the first and the second advance, 8 each of the second's value and the first's.
// Without a second one it does not advance, and what is said of its value is to be overwritten by the
// first's; the same for the first, where there is the EOB alone. kPairEnds is added to the second's advance
// for an EOB, and where nothing fits: all that needs more than two stores reaches over the end of a block.
inline constexpr unsigned kPairBits = 12;
inline constexpr std::uint32_t kPairEnds = 64;
using PairTable = std::array<std::uint32_t, std::size_t{1} << kPairBits>;

// As many AC symbols as the bits hold, for coefficients that nobody wants: the whole length of the last one
// counts, also where it reaches over. advance << 6 | bits; kSkipEnds is added to the advance for an EOB, and
// where not even one code fits (bits are 0 then).
inline constexpr unsigned kSkipBits = 12;
inline constexpr std::uint32_t kSkipEnds = 64;
using SkipTable = std::array<std::uint16_t, std::size_t{1} << kSkipBits>;

// Of a progressive scan: EOB codes (run << 4) with kEndsBlock, whose value is how many blocks behind this
// one are ended too; where that follows the code, `size` is how many bits it has (G.1.2.2).
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

// False when the counts are those of no prefix code (libjpeg's rules), or a DC symbol is over 15.
bool make_dc_table(const HuffmanCode& code, SymbolTable& table);
bool make_ac_tables(const HuffmanCode& code, AcTables& tables);
bool make_run_tables(const HuffmanCode& code, RunTables& tables);

}  // namespace netocr::jpeg
