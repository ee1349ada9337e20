// Samples single MCUs: samples of whole MCU rows were up to 6 % off, as pictures change from top to bottom.
#include "image/jpeg/encode/scan_sample.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/simd.hpp"
#include "image/jpeg/encode/scan_tokens.hpp"

namespace netocr::jpeg {
namespace {

constexpr std::int32_t kMaxSteps = 4;

// The golden ratio in 1 / 2^16: the fractional parts of its multiples fill the interval evenly.
constexpr std::uint32_t kGoldenRatio = 40503;

std::uint32_t first_of_row(std::uint32_t mcu_y, std::uint32_t step) {
  return ((mcu_y * kGoldenRatio & 0xFFFFU) * step) >> 16;
}

}  // namespace

MagnitudeScale make_magnitude_scale(const QuantTable& table) {
  MagnitudeScale made;
  for (std::uint32_t i = 1; i < kBlockSize; ++i) {
    const std::int32_t step = static_cast<std::int32_t>(table[i]) << kCoefficientBits;
    made.max[i] = static_cast<std::int16_t>(step * kMaxSteps);
    made.weight[i] = static_cast<std::int16_t>(kMagnitudeOfStep / step);
  }
  return made;
}

namespace detail {

std::uint64_t sum_magnitudes_scalar(std::span<const std::int16_t> blocks, const MagnitudeScale& scale) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const int magnitude = std::min<int>(std::abs(blocks[i]), scale.max[i % kBlockSize]);
    sum += static_cast<std::uint64_t>(magnitude * scale.weight[i % kBlockSize]);
  }
  return sum;
}

}  // namespace detail

namespace {

// Each of the four sums accumulates 16 products per block, each of at most kMaxSteps * kMagnitudeOfStep.
constexpr std::size_t kMaxBlocks = 512;
static_assert(kMaxBlocks * 16 * kMaxSteps * kMagnitudeOfStep < 1U << 31);

std::uint64_t sum_some(std::span<const std::int16_t> blocks, const MagnitudeScale& scale) {
  using simd::Vec;
  Vec sums[2] = {simd::zero(), simd::zero()};
  for (std::size_t at = 0; at < blocks.size(); at += kBlockSize) {
    for (std::uint32_t i = 0; i < kBlockSize; i += 8) {
      const Vec magnitudes =
          simd::min16(simd::abs16(simd::load(blocks.data() + at + i)), simd::load(&scale.max[i]));
      Vec& sum = sums[i / 8 % 2];
      sum = simd::add32(sum, simd::dot16(magnitudes, simd::load(&scale.weight[i])));
    }
  }
  std::uint32_t lanes[2][4];
  simd::store(lanes[0], sums[0]);
  simd::store(lanes[1], sums[1]);
  std::uint64_t total = 0;
  for (const auto& four : lanes) {
    for (const std::uint32_t lane : four) total += lane;
  }
  return total;
}

}  // namespace

std::uint64_t sum_magnitudes(std::span<const std::int16_t> blocks, const MagnitudeScale& scale) {
  std::uint64_t total = 0;
  while (!blocks.empty()) {
    const std::size_t count = std::min(blocks.size(), kMaxBlocks * kBlockSize);
    total += sum_some(blocks.first(count), scale);
    blocks = blocks.subspan(count);
  }
  return total;
}

template <typename Visit>
void ScanSample::for_each_mcu(Visit visit) const {
  for (std::uint32_t y = 0; y < frame_.mcus_high(); ++y) {
    for (std::uint32_t x = first_of_row(y, step_); x < frame_.mcus_wide(); x += step_) visit(x, y);
  }
}

ScanSymbols ScanSample::count(const QuantTables& tables) const {
  McuCoder coder(frame_, tables);
  std::array<Token, kMaxMcuTokens> unused;
  for_each_mcu([&](std::uint32_t x, std::uint32_t y) {
    if (step_ > 1) coder.predict_from_before(x, y);
    coder.code(x, y, unused.data());
  });
  return coder.symbols();
}

double ScanSample::mcus_ratio() const {
  std::uint32_t count = 0;
  for_each_mcu([&](std::uint32_t, std::uint32_t) { ++count; });
  const double all = static_cast<double>(frame_.mcus_wide()) * frame_.mcus_high();
  return all / std::max(1U, count);
}

double ScanSample::magnitudes(const QuantTables& tables) const {
  double sum = 0;
  for (std::uint8_t c = 0; c < frame_.component_count; ++c) {
    const MagnitudeScale scale = make_magnitude_scale(tables.of(c));
    for_each_mcu([&](std::uint32_t x, std::uint32_t y) {
      for_each_block(frame_, c, x, y, [&](const std::int16_t* block) {
        if (block != nullptr) sum += static_cast<double>(sum_magnitudes({block, kBlockSize}, scale));
      });
    });
  }
  return sum;
}

std::uint32_t sample_step(const Frame& frame, std::uint32_t fewest, std::uint32_t largest) {
  return std::clamp<std::uint32_t>(frame.mcus_wide() * frame.mcus_high() / fewest, 1, largest);
}

double sum_magnitudes(const Frame& frame, const QuantTables& tables) {
  double sum = 0;
  for (std::uint8_t c = 0; c < frame.component_count; ++c) {
    sum += static_cast<double>(
        sum_magnitudes(frame.components[c].values.span(), make_magnitude_scale(tables.of(c))));
  }
  return sum;
}

}  // namespace netocr::jpeg
