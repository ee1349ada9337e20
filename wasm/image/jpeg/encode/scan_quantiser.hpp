// Quantisation for the walk over the scan: vector code finds the few coefficients that do not become 0, and
// these are quantised one by one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/simd.hpp"
#include "image/jpeg/encode/quant_tables.hpp"

namespace netocr::jpeg {

// A Quantiser and a DeadZone for one component.
struct ScanQuantiser {
  struct Rule {  // rule of one coefficient
    std::uint32_t bias = 0;
    std::uint32_t reciprocal = 0;  // ceil(2^32 / step)
    std::uint32_t at = 0;
    std::uint32_t per_zero = 0;

    // Returns floor((magnitude + bias) / step), for magnitude < 2^14.
    std::uint32_t level(std::uint32_t magnitude) const {
      return static_cast<std::uint32_t>(std::uint64_t{magnitude + bias} * reciprocal >> 32);
    }

    // Computes the same as DeadZone::drops().
    bool drops(std::uint32_t run, std::uint32_t magnitude) const {
      return magnitude * DeadZone::kThresholdScale < at + std::min(run, DeadZone::kMaxZeros) * per_zero;
    }
  };
  alignas(16) std::array<std::uint16_t, kBlockSize> below{};
  std::array<Rule, kBlockSize> rules{};
};
ScanQuantiser make_scan_quantiser(const QuantTable& table, std::uint32_t component, double strength = 1);
// Of levels (kLevelUnit in scan.hpp): each stays what it is.
ScanQuantiser make_level_quantiser();

namespace detail {
// The scalar implementation of find_larger(), which produces the same bits.
std::uint64_t find_larger_scalar(const std::int16_t* coefficients,
                                 const std::array<std::uint16_t, kBlockSize>& below);
}  // namespace detail

// Sets bit i when |coefficients[i]| > below[i]. For a ScanQuantiser's `below`, these are the coefficients
// that quantise_block() would not quantise to 0 (except the DC coefficient, index 0).
inline std::uint64_t find_larger(const std::int16_t* coefficients,
                                 const std::array<std::uint16_t, kBlockSize>& below) {
  using simd::Vec;
  const auto eight = [&](std::uint32_t i) {
    return simd::greater16(simd::abs16(simd::load(coefficients + i)), simd::load(&below[i]));
  };
  std::uint64_t larger = 0;
  for (std::uint32_t i = 0; i < kBlockSize; i += 16) {
    const Vec low = eight(i);
    larger |= static_cast<std::uint64_t>(simd::sign_bytes(simd::narrow16(low, eight(i + 8)))) << i;
  }
  return larger;
}

}  // namespace netocr::jpeg
