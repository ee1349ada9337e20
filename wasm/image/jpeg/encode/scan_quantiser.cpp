// Combines a Quantiser and a DeadZone.
#include "image/jpeg/encode/scan_quantiser.hpp"

#include <cstdlib>

namespace netocr::jpeg {

ScanQuantiser make_scan_quantiser(const QuantTable& table, std::uint32_t component, double strength) {
  const Quantiser quantiser = make_quantiser(table, component, strength);
  const DeadZone dead_zone = make_dead_zone(table, component, strength);
  ScanQuantiser made;
  made.below = quantiser.below;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) {
    const std::uint32_t step = static_cast<std::uint32_t>(table[i]) << kCoefficientBits;
    const auto reciprocal = static_cast<std::uint32_t>(((std::uint64_t{1} << 32) + step - 1) / step);
    made.rules[i] = {quantiser.bias[i], reciprocal, dead_zone.at[i], dead_zone.per_zero[i]};
  }
  return made;
}

ScanQuantiser make_level_quantiser() {
  ScanQuantiser made;
  made.rules.fill({0, 1U << (32 - kCoefficientBits), 0, 0});
  return made;
}

namespace detail {

std::uint64_t find_larger_scalar(const std::int16_t* coefficients,
                                 const std::array<std::uint16_t, kBlockSize>& below) {
  std::uint64_t larger = 0;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) {
    larger |= static_cast<std::uint64_t>(std::abs(coefficients[i]) > below[i]) << i;
  }
  return larger;
}

}  // namespace detail

}  // namespace netocr::jpeg
