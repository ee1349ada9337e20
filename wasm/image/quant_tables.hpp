// Quantisation tables on a continuous quality scale: the one knob of rate control.
#pragma once

#include <array>
#include <cstdint>

#include "image/dct.hpp"

namespace netocr {

using QuantTable = std::array<std::uint8_t, kBlockSize>;  // steps 1..255 in zigzag order

struct QuantTables {
  QuantTable luma{};
  QuantTable chroma{};
};

// IJG's quality scale 1..100, which need not be whole: the percentage of the base tables' steps. 50 gives 100
// %, 75 gives 50 %, 100 nearly 0 (all steps 1). The logarithm of a file's size falls almost linearly with
// that of the percentage, so rate control works on it.
double percent_of_quality(double quality);
double quality_of_percent(double percent);

// The base tables with their steps at `percent`, kept within 1..255.
QuantTables make_quant_tables(double percent);

// A quantisation table made ready for quantise_block().
struct Quantiser {
  std::array<std::uint16_t, kBlockSize>
      multiplier{};                              // ceil(2^(16 + shift) / step), steps in coefficient units
  std::array<std::uint16_t, kBlockSize> bias{};  // added before the division: where levels change
  std::array<std::uint8_t, kBlockSize / 8>
      shift{};  // one for 8 coefficients: SIMD has one shift for all lanes
};
Quantiser make_quantiser(const QuantTable& table);

using Levels = std::array<std::uint16_t, kBlockSize>;  // magnitudes; the signs are the coefficients'

// levels[i] = floor((|coefficients[i]| + bias) / step). Bit i of the answer is set when levels[i] is not 0.
std::uint64_t quantise_block(const std::int16_t* coefficients, const Quantiser& quantiser, Levels& levels);

namespace detail {
// The same bits without SIMD.
std::uint64_t quantise_block_scalar(const std::int16_t* coefficients, const Quantiser& quantiser,
                                    Levels& levels);
}  // namespace detail

}  // namespace netocr
