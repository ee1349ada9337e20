// Tables that decode the Huffman codes of a JPEG scan (ITU-T T.81 F.2.2), several symbols at a step.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

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
// coefficient, 16 for ZRL (whose value is 0), kEndsBlock for EOB; 1 for DC.
using ValueTable = std::array<std::uint32_t, kLookupSize>;
inline constexpr std::uint32_t kEndsBlock = 128;
inline constexpr std::uint32_t kValueFollows = 0x80;

// Two AC symbols with their values, for the run of small coefficients that most blocks are: from the lowest
// bits on, 8 bits each of how many bits both take, how many the first, and how far each advances; 16 bits
// each of the values. Where there is no room for a second one, the first is there twice, the second time
// without advance. Where the first is not whole (kValueFollows, or no code), 0.
using PairTable = std::array<std::uint64_t, kLookupSize>;

// As many AC symbols as the bits hold, for coefficients that nobody wants: the whole length of the last one
// counts, also where it reaches over. kSkipsEnd (there was an EOB) | advance << 6 | bits; 0 when not even one
// code fits.
inline constexpr unsigned kSkipBits = 12;
using SkipTable = std::array<std::uint16_t, std::size_t{1} << kSkipBits>;
inline constexpr std::uint32_t kSkipsEnd = 0x8000;

// Of a progressive scan: EOB codes (run << 4) with kEndsBlock, whose value is how many blocks behind this
// one are ended too; where that follows the code, `size` is how many bits it has (G.1.2.2).
struct RunTables {
  SymbolTable symbols;
  ValueTable values;
};

struct DcTables {
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
bool make_dc_tables(const HuffmanCode& code, DcTables& tables);
bool make_ac_tables(const HuffmanCode& code, AcTables& tables);
bool make_run_tables(const HuffmanCode& code, RunTables& tables);

}  // namespace netocr
