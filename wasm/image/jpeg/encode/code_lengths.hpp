// Builds optimal Huffman codes of at most 16 bits from symbol counts (ITU-T T.81 annexes C and K.2).
#pragma once

#include <array>
#include <cstdint>

namespace netocr::jpeg {

inline constexpr std::uint32_t kMaxCodeLength = 16;

using SymbolCounts = std::array<std::uint32_t, 256>;

struct HuffmanTable {
  std::array<std::uint8_t, kMaxCodeLength + 1> length_counts{};  // number of codes by length; [0] is unused
  std::array<std::uint8_t, 256> symbols{};                       // symbols by rising code, as DHT lists them
  std::uint32_t symbol_count = 0;
  std::array<std::uint8_t, 256> lengths{};  // code length by symbol; 0 when it has no code
  std::array<std::uint16_t, 256> codes{};   // code by symbol
};

// Returns the code with the min total length for the symbols with a count above 0, under T.81's two rules: at
// most 16 bits, and no code of all ones.
HuffmanTable build_huffman_table(const SymbolCounts& counts);

}  // namespace netocr::jpeg
