// A part of the scan, from which rate control estimates the size of the whole.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

// Selects MCUs at equal distances in each row, with rows shifted against each other.
class ScanSample {
 public:
  // Selects one of every `step` MCUs.
  ScanSample(const Frame& frame, std::uint32_t step) : frame_(frame), step_(step) {}

  // Returns whether the sample has all MCUs: the counts are then those of the picture.
  bool is_whole() const { return step_ == 1; }

  ScanSymbols count(const QuantTables& tables) const;

  // Returns the number of the picture's MCUs per MCU of the sample.
  double mcus_ratio() const;

  // Returns sum_magnitudes() of the sample's blocks.
  double magnitudes(const QuantTables& tables) const;

 private:
  template <typename Visit>
  void for_each_mcu(Visit visit) const;

  const Frame& frame_;
  std::uint32_t step_;
};

// Returns the step, 1 to `largest`, that leaves at least `fewest` MCUs.
std::uint32_t sample_step(const Frame& frame, std::uint32_t fewest, std::uint32_t largest);

// Returns the sum of the magnitudes of the picture's coefficients in steps of the tables, each at most 4,
// without DC coefficients. The bits of a part of a photo follow this sum closely: the ratio of the picture's
// sum to the sample's predicts the whole size three to four times better than the number of MCUs.
double sum_magnitudes(const Frame& frame, const QuantTables& tables);

// The clamping and weights of one component's magnitudes.
struct MagnitudeScale {
  alignas(16) std::array<std::int16_t, kBlockSize> max{};     // larger magnitudes are clamped to it
  alignas(16) std::array<std::int16_t, kBlockSize> weight{};  // 1 / step; 0 for the DC coefficient
};
MagnitudeScale make_magnitude_scale(const QuantTable& table);

// The sum's increase per step, apart from the weight's rounding.
inline constexpr std::int32_t kMagnitudeOfStep = 1 << 14;

// Returns the sum of min(|c|, max) * weight over whole blocks.
std::uint64_t sum_magnitudes(std::span<const std::int16_t> blocks, const MagnitudeScale& scale);

namespace detail {
// The scalar implementation, which produces the same sum.
std::uint64_t sum_magnitudes_scalar(std::span<const std::int16_t> blocks, const MagnitudeScale& scale);
}  // namespace detail

}  // namespace netocr::jpeg
