// Trellis quantisation: finds for each block the levels with the min of squared error plus lambda times bits,
// counted with the Huffman codes that the scan will have.
#pragma once

#include <cstdint>

#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

// The squared steps that one bit is worth. Luma and chroma differ: an error in chroma is less visible, but
// its table is already coarse. The values maximise the mean SSIMULACRA2 at 200 KiB on crops of five photos;
// the optimum is flat between 0.05 and 0.08.
inline constexpr float kBitWorthLuma = 0.07F;
inline constexpr float kBitWorthChroma = 0.05F;

// The costs in bits of coding AC coefficients with one Huffman table.
struct AcBits {
  std::array<float, 256> symbol{};  // [run << 4 | size]: bits of the code and the value
  float zero_run = 0;
  float end_of_block = 0;
};
AcBits ac_bits(const HuffmanTable& table);

// Replaces a block's AC coefficients (zigzag order, kCoefficientBits fraction bits) by whole multiples of
// their steps, so that quantise_block() returns exactly the selected levels. Each level is the nearest one,
// one less, the largest of the next smaller size category, or 0. The DC coefficient (index 0) is unchanged.
// `in` and `out` may be the same.
void trellis_block(const std::int16_t* in, const QuantTable& table, const AcBits& bits, float bit_worth,
                   std::int16_t* out);

// Processes all blocks of `from` into `to`, which has the same shape.
void trellis_frame(const Frame& from, const QuantTables& quant, const ScanTables& tables, Frame& to);

}  // namespace netocr::jpeg
