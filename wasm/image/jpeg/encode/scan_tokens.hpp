// Converts coefficients to tokens: the symbols of the scan (ITU-T T.81 F.1.2) with their value bits. It
// counts the symbols as it writes them.
#pragma once

#include <array>
#include <cstdint>

#include "image/jpeg/encode/scan.hpp"
#include "image/jpeg/encode/scan_quantiser.hpp"

namespace netocr::jpeg {

// A token has the table and the symbol in its low kTokenIndexBits, and the value bits above. The symbol's low
// nibble is the number of value bits.
//
//   index:  1 bit chroma | 1 bit AC | 8 bits symbol
inline constexpr std::uint32_t kTokenIndexBits = 10;
inline constexpr std::uint32_t kTokenIndices = 1U << kTokenIndexBits;
inline constexpr std::uint32_t kTokenChroma = 1U << 9;
inline constexpr std::uint32_t kTokenAc = 1U << 8;

// A block has a DC token and either 63 AC tokens without an EOB, or fewer and an EOB.
inline constexpr std::size_t kMaxBlockTokens = 64;
inline constexpr std::size_t kMaxMcuTokens = 10 * kMaxBlockTokens;  // T.81 B.2.3

// Calls visit(block) for the blocks of one component of an MCU in coding order (T.81 A.2). `block` is null
// for the padding of the last MCUs, which repeats the previous DC value and has no AC coefficients.
template <typename Visit>
void for_each_block(const Frame& frame, std::uint32_t component, std::uint32_t mcu_x, std::uint32_t mcu_y,
                    Visit visit) {
  const CoefficientPlane& plane = frame.components[component];
  const auto [h, v] = frame.sampling[component];
  for (std::uint32_t y = mcu_y * v; y < (mcu_y + 1) * v; ++y) {
    for (std::uint32_t x = mcu_x * h; x < (mcu_x + 1) * h; ++x) {
      visit(x < plane.blocks_wide && y < plane.blocks_high ? plane.block(x, y) : nullptr);
    }
  }
}

// Converts MCUs in coding order: quantisation, DC prediction, run lengths.
class McuCoder {
 public:
  McuCoder(const Frame& frame, const QuantTables& tables);
  // Accepts a frame of levels.
  explicit McuCoder(const Frame& frame);

  // Writes the tokens of an MCU at `to`, which has room for kMaxMcuTokens, and returns their end.
  Token* code(std::uint32_t mcu_x, std::uint32_t mcu_y, Token* to);

  // Sets the DC prediction to the state after the MCU before this one.
  void predict_from_before(std::uint32_t mcu_x, std::uint32_t mcu_y);

  // Returns the counts of the symbols so far.
  ScanSymbols symbols() const;

 private:
  std::int32_t dc_level(std::uint32_t component, const std::int16_t* block) const;
  Token* code_block(std::uint32_t component, const std::int16_t* block, Token* to);
  Token* code_ac(std::uint32_t component, const std::int16_t* block, Token* to);
  Token* put(std::uint32_t index, std::uint32_t value, Token* to) {
    ++counts_[index];
    *to = index | value << kTokenIndexBits;
    return to + 1;
  }

  const Frame& frame_;
  std::array<ScanQuantiser, 3> quantisers_;
  std::array<std::int32_t, 3> predicted_{};
  std::array<std::uint32_t, kTokenIndices> counts_{};
};

}  // namespace netocr::jpeg
