// Quantisation as the scan walks it: most coefficients become 0, which vectors find out; the others are taken
// one by one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/simd.hpp"
#include "image/jpeg/encode/quant_tables.hpp"

namespace netocr::jpeg {

// A Quantiser and a DeadZone for one component.
struct ScanQuantiser {
  struct Rule {  // of one coefficient
    std::uint32_t bias = 0;
    std::uint32_t reciprocal = 0;  // ceil(2^32 / step)
    std::uint32_t at = 0;
    std::uint32_t per_zero = 0;

    // floor((magnitude + bias) / step); magnitude < 2^14.
    std::uint32_t level(std::uint32_t magnitude) const {
      return static_cast<std::uint32_t>(std::uint64_t{magnitude + bias} * reciprocal >> 32);
    }

    // DeadZone::drops()
    bool drops(std::uint32_t run, std::uint32_t magnitude) const {
      return magnitude * DeadZone::kThresholdScale < at + std::min(run, DeadZone::kMostZeros) * per_zero;
    }
  };
  alignas(16) std::array<std::uint16_t, kBlockSize> below{};
  std::array<Rule, kBlockSize> rules{};
};
ScanQuantiser make_scan_quantiser(const QuantTable& table, std::uint32_t component);
// Of levels (kLevelUnit in scan.hpp): each stays what it is.
ScanQuantiser make_level_quantiser();

namespace detail {
// The same bits as find_larger() without SIMD.
std::uint64_t find_larger_scalar(const std::int16_t* coefficients,
                                 const std::array<std::uint16_t, kBlockSize>& below);
}  // namespace detail

// Bit i is set when |coefficients[i]| > below[i]; for a ScanQuantiser's `below`, when quantise_block() would
// not make it 0 (the mean value, index 0, aside).
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
