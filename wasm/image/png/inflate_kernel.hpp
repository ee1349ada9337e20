// The inner loop of inflate: decodes symbols of a block to literals and matches, with tables and bits in
// registers.
#pragma once

#include "image/png/inflate_input.hpp"
#include "image/png/inflate_tables.hpp"

namespace netocr::png {

struct DecodedSymbols {
  enum class Outcome : std::uint8_t {
    kGoOn,        // the block continues: the input must be refilled, or the limit is reached
    kEndOfBlock,  // the block ended
    kDamaged,     // an invalid code, or a match before the first byte
  };
  Outcome outcome;
  std::size_t written;  // position of the next output byte
};

// The max number of bytes written beyond the limit by one step: six literals, the two bytes that a pair is
// written as, and the longest match in whole vectors.
inline constexpr std::size_t kOutputAhead = 8 + 258 + 16;

// Decodes one symbol or more after input.refill(): until the block ends, `written` reaches `limit`, or the
// input must be refilled. `out` contains all bytes that a match may refer to before `written`, and
// kOutputAhead bytes of room behind `limit`. Bits behind the input's end count as zeroes: if
// input.is_overrun() is true afterwards, the output is undefined.
DecodedSymbols decode_symbols(InflateInput& input, const InflateTables& tables, MutableBytes out,
                              std::size_t written, std::size_t limit);

}  // namespace netocr::png
