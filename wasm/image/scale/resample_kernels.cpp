// The SIMD and scalar forms of the resampling loops. All sums are exact in 32 bits: 255 * 64 * 2^14 * 1.6 <
// 2^31.
#include "image/scale/resample_kernels.hpp"

#include <algorithm>

#include "base/simd.hpp"

namespace netocr {
namespace {

constexpr int kVerticalShift = kWeightBits - kMiddleBits;
constexpr std::int32_t kVerticalHalf = 1 << (kVerticalShift - 1);
constexpr int kHorizontalShift = kWeightBits + kMiddleBits;
constexpr std::int32_t kHorizontalHalf = 1 << (kHorizontalShift - 1);

using simd::Vec;

// Adds two rows of 16 samples, weighted by a pair, to four accumulators of 4 lanes.
inline void accumulate_pair(Vec row_a, Vec row_b, Vec pair, Vec (&sums)[4]) {
  const Vec low = simd::zip_low8(row_a, row_b);
  const Vec high = simd::zip_high8(row_a, row_b);
  sums[0] = simd::add32(sums[0], simd::dot16(simd::widen_low8(low), pair));
  sums[1] = simd::add32(sums[1], simd::dot16(simd::widen_high8(low), pair));
  sums[2] = simd::add32(sums[2], simd::dot16(simd::widen_low8(high), pair));
  sums[3] = simd::add32(sums[3], simd::dot16(simd::widen_high8(high), pair));
}

inline void vertical_block(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
                           std::size_t x, std::int16_t* out) {
  const Vec half = simd::splat32(kVerticalHalf);
  Vec sums[4] = {half, half, half, half};
  for (std::uint32_t t = 0; t < taps; t += 2) {
    const std::uint32_t second = std::min(t + 1, taps - 1);  // a repeated last row has weight zero
    accumulate_pair(simd::load(rows[t] + x), simd::load(rows[second] + x), simd::splat_pair(weights + t),
                    sums);
  }
  for (Vec& sum : sums) sum = simd::sar32<kVerticalShift>(sum);
  simd::store(out + x, simd::narrow32(sums[0], sums[1]));
  simd::store(out + x + 8, simd::narrow32(sums[2], sums[3]));
}

// kGroups is the number of weight groups of 8, or 0 when it is only known at run time.
template <std::uint32_t kGroups>
inline Vec horizontal_sum(const std::int16_t* in, const std::int16_t* weights, std::uint32_t groups) {
  Vec sum = simd::dot16(simd::load(in), simd::load(weights));
  for (std::uint32_t g = 1; g < (kGroups != 0 ? kGroups : groups); ++g) {
    sum = simd::add32(sum, simd::dot16(simd::load(in + g * 8), simd::load(weights + g * 8)));
  }
  return sum;
}

template <std::uint32_t kGroups>
inline Vec horizontal_four(const std::int16_t* in, const FilterTable& table, std::uint32_t i,
                           std::uint32_t groups) {
  const std::int16_t* const weights = table.weights(i);
  const std::size_t stride = table.stride();
  const Vec a = horizontal_sum<kGroups>(in + table.first(i), weights, groups);
  const Vec b = horizontal_sum<kGroups>(in + table.first(i + 1), weights + stride, groups);
  const Vec c = horizontal_sum<kGroups>(in + table.first(i + 2), weights + 2 * stride, groups);
  const Vec d = horizontal_sum<kGroups>(in + table.first(i + 3), weights + 3 * stride, groups);
  const Vec sums = simd::sum_lanes32(a, b, c, d);
  return simd::sar32<kHorizontalShift>(simd::add32(sums, simd::splat32(kHorizontalHalf)));
}

template <std::uint32_t kGroups>
void horizontal_row(const std::int16_t* in, const FilterTable& table, std::uint8_t* out) {
  const std::uint32_t groups = table.stride() / kWeightAlignment;
  std::uint32_t i = 0;
  for (; i + 8 <= table.count(); i += 8) {
    const Vec eight = simd::narrow32(horizontal_four<kGroups>(in, table, i, groups),
                                     horizontal_four<kGroups>(in, table, i + 4, groups));
    simd::store_low64(out + i, simd::narrow16_u8(eight, eight));
  }
  detail::filter_horizontal_scalar(in, table, i, out);
}

}  // namespace

namespace detail {

void filter_vertical_scalar(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
                            std::uint32_t width, std::int16_t* out) {
  for (std::uint32_t x = 0; x < width; ++x) {
    std::int32_t sum = kVerticalHalf;
    for (std::uint32_t t = 0; t < taps; ++t) sum += rows[t][x] * weights[t];
    out[x] = static_cast<std::int16_t>(sum >> kVerticalShift);
  }
}

void filter_horizontal_scalar(const std::int16_t* in, const FilterTable& table, std::uint32_t from,
                              std::uint8_t* out) {
  for (std::uint32_t i = from; i < table.count(); ++i) {
    std::int32_t sum = kHorizontalHalf;
    const std::int16_t* const weights = table.weights(i);
    const std::int16_t* const samples = in + table.first(i);
    for (std::uint32_t t = 0; t < table.taps(i); ++t) sum += samples[t] * weights[t];
    out[i] = static_cast<std::uint8_t>(std::clamp(sum >> kHorizontalShift, 0, 255));
  }
}

void halve_rows_scalar(const std::uint8_t* upper, const std::uint8_t* lower, std::uint32_t from,
                       std::uint32_t count, std::uint8_t* out) {
  for (std::uint32_t x = from; x < count; ++x) {
    out[x] = static_cast<std::uint8_t>(
        (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1] + 2) >> 2);
  }
}

}  // namespace detail

void halve_rows(const std::uint8_t* upper, const std::uint8_t* lower, std::uint32_t count,
                std::uint8_t* out) {
  std::uint32_t x = 0;
  const auto means = [&](std::size_t at) {
    const Vec sums = simd::add16(simd::add_neighbours8(simd::load(upper + at)),
                                 simd::add_neighbours8(simd::load(lower + at)));
    return simd::sar16<2>(simd::add16(sums, simd::splat16(2)));
  };
  for (; x + 16 <= count; x += 16) {
    simd::store(out + x, simd::narrow16_u8(means(2 * x), means(2 * x + 16)));
  }
  detail::halve_rows_scalar(upper, lower, x, count, out);
}

void filter_vertical(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
                     std::uint32_t width, std::int16_t* out) {
  for (std::size_t x = 0; x < width; x += kRowAlignment) vertical_block(rows, weights, taps, x, out);
}

void filter_horizontal(const std::int16_t* in, const FilterTable& table, std::uint8_t* out) {
  switch (table.stride() / kWeightAlignment) {
    case 1:
      return horizontal_row<1>(in, table, out);
    case 2:
      return horizontal_row<2>(in, table, out);
    default:
      return horizontal_row<0>(in, table, out);
  }
}

}  // namespace netocr
