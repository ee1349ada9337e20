// Quantisation tables on a continuous quality scale, the only parameter of rate control.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "image/jpeg/encode/forward_dct.hpp"

namespace netocr::jpeg {

using QuantTable = std::array<std::uint8_t, kBlockSize>;  // steps 1..255 in zigzag order

struct QuantTables {
  QuantTable luma{};
  QuantTable cb{};
  QuantTable cr{};
  double dead_zone = 1;  // part of the dead zone that is in force, 0..1: 0 is plain rounding

  const QuantTable& of(std::uint32_t component) const {
    return component == 0 ? luma : component == 1 ? cb : cr;
  }
};

// IJG's quality scale 1..100, which need not be whole: the percentage of the base tables' steps. 50 gives 100
// %, 75 gives 50 %, 100 nearly 0 (all steps 1, plain rounding). The logarithm of a file's size falls almost
// linearly with that of the percentage, so rate control works on it.
double percent_of_quality(double quality);
double quality_of_percent(double percent);

// The base tables with their steps at `percent`, kept within 1..255. Where all of them have become 1, what is
// left of the scale takes the dead zone away.
QuantTables make_quant_tables(double percent);

// Magnitudes, in 1 / kThresholdScale of a coefficient's unit, below which an AC coefficient that would become
// 1 is dropped: at[i] + run * per_zero[i] after `run` zeros (at most kMaxZeros, so that a whole step is never
// dropped). A coefficient far from its neighbours costs many bits and is least visible.
struct DeadZone {
  std::array<std::uint32_t, kBlockSize> at{};
  std::array<std::uint32_t, kBlockSize> per_zero{};

  bool drops(std::uint32_t index, std::uint32_t run, std::uint32_t magnitude) const {
    return magnitude * kThresholdScale < at[index] + std::min(run, kMaxZeros) * per_zero[index];
  }
  // Returns the largest magnitude that is dropped after any run; 0 when none is.
  std::uint16_t largest_dropped(std::uint32_t index) const {
    return static_cast<std::uint16_t>((std::max(at[index], 1U) - 1) / kThresholdScale);
  }
  static constexpr std::uint32_t kThresholdScale = 16;
  static constexpr std::uint32_t kMaxZeros = 24;
};
// `strength` is QuantTables::dead_zone.
DeadZone make_dead_zone(const QuantTable& table, std::uint32_t component, double strength = 1);

// A quantisation table prepared for quantise_block().
struct Quantiser {
  std::array<std::uint16_t, kBlockSize>
      multiplier{};                               // ceil(2^(16 + shift) / step), steps in coefficient units
  std::array<std::uint16_t, kBlockSize> bias{};   // added before the division; determines where levels change
  std::array<std::uint16_t, kBlockSize> below{};  // largest magnitude that always becomes 0
  std::array<std::uint8_t, kBlockSize / 8>
      shift{};  // one per 8 coefficients, as SIMD has one shift for all lanes
};
// `component`: 0 luma, 1 Cb, 2 Cr.
Quantiser make_quantiser(const QuantTable& table, std::uint32_t component, double strength = 1);
// Every level the nearest one.
Quantiser make_rounding_quantiser(const QuantTable& table);

using Levels = std::array<std::uint16_t, kBlockSize>;  // magnitudes; the signs are those of the coefficients

// Computes levels[i] = floor((|coefficients[i]| + bias) / step), 0 up to `below`. Bit i of the result is set
// when levels[i] is not 0.
std::uint64_t quantise_block(const std::int16_t* coefficients, const Quantiser& quantiser, Levels& levels);

namespace detail {
// The scalar implementation, which produces the same bits.
std::uint64_t quantise_block_scalar(const std::int16_t* coefficients, const Quantiser& quantiser,
                                    Levels& levels);
}  // namespace detail

}  // namespace netocr::jpeg
