// A part of the scan, from which rate control guesses the size of the whole.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

// MCUs at equal distances in each row, rows shifted against each other.
class ScanSample {
 public:
  // One of `step` MCUs.
  ScanSample(const Frame& frame, std::uint32_t step) : frame_(frame), step_(step) {}

  // All MCUs: the counts are those of the picture.
  bool is_whole() const { return step_ == 1; }

  ScanSymbols count(const QuantTables& tables) const;

  // MCUs of the picture for each one of the sample.
  double mcus_ratio() const;

  // sum_magnitudes() of its blocks.
  double magnitudes(const QuantTables& tables) const;

 private:
  template <typename Visit>
  void for_each_mcu(Visit visit) const;

  const Frame& frame_;
  std::uint32_t step_;
};

// The step that leaves at least `fewest` MCUs, 1 to `largest`.
std::uint32_t sample_step(const Frame& frame, std::uint32_t fewest, std::uint32_t largest);

// The sum of the magnitudes of the picture's coefficients in steps of the tables, 4 at most; no mean values.
// The bits of a part of a photo follow this sum closely: from the ratio of the picture's to a sample's the
// size of the whole is guessed three to four times better than from the number of MCUs.
double sum_magnitudes(const Frame& frame, const QuantTables& tables);

// How one component's magnitudes are added up.
struct MagnitudeScale {
  alignas(16) std::array<std::int16_t, kBlockSize> most{};    // larger ones count as this
  alignas(16) std::array<std::int16_t, kBlockSize> weight{};  // 1 / step; 0 for the mean value
};
MagnitudeScale make_magnitude_scale(const QuantTable& table);

// What a step adds to the sum, but for the weight's rounding.
inline constexpr std::int32_t kMagnitudeOfStep = 1 << 14;

// The sum of min(|c|, most) * weight over whole blocks.
std::uint64_t sum_magnitudes(std::span<const std::int16_t> blocks, const MagnitudeScale& scale);

namespace detail {
// The same without SIMD.
std::uint64_t sum_magnitudes_scalar(std::span<const std::int16_t> blocks, const MagnitudeScale& scale);
}  // namespace detail

}  // namespace netocr::jpeg
