// The inner loops of resampling, and their scalar twins that define the result bit by bit.
// Vertical first: it runs on bytes with the samples side by side, where SIMD needs no gathering, and leaves
// fewer rows for the horizontal pass, whose cost per sample is higher.
#pragma once

#include <cstdint>

#include "image/scale/filter_table.hpp"

namespace netocr {

// Fraction bits of the 16-bit samples between the passes: 255 * 64 leaves a factor of two for Lanczos
// overshoot.
inline constexpr int kMiddleBits = 6;
// Rows between the passes are readable and writable up to a multiple of this many samples.
inline constexpr std::uint32_t kRowAlignment = 16;

// out[x] = sum of rows[t][x] * weights[t], in 1/64. `weights` holds an even number of entries, zero beyond
// `taps`; every row and `out` have room for `width` rounded up to kRowAlignment.
void filter_vertical(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
                     std::uint32_t width, std::int16_t* out);

// out[i] = the table's weighted sum of `in` for sample i, rounded and clamped to a byte, for all
// table.count() samples. `in` is readable for table.stride() samples from any first().
void filter_horizontal(const std::int16_t* in, const FilterTable& table, std::uint8_t* out);

// Means of 2 x 2 samples, rounded: `count` of them, from 2 * count samples of each row. `out` is neither row.
void halve_rows(const std::uint8_t* upper, const std::uint8_t* lower, std::uint32_t count, std::uint8_t* out);

namespace detail {

void filter_vertical_scalar(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
                            std::uint32_t width, std::int16_t* out);
void filter_horizontal_scalar(const std::int16_t* in, const FilterTable& table, std::uint32_t from,
                              std::uint8_t* out);
void halve_rows_scalar(const std::uint8_t* upper, const std::uint8_t* lower, std::uint32_t from,
                       std::uint32_t count, std::uint8_t* out);

}  // namespace detail

}  // namespace netocr
