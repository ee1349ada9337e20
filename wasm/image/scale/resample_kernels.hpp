// The inner loops of resampling, and their scalar versions, which define the result bit by bit. The vertical
// pass comes first: its samples are adjacent bytes, which SIMD loads without gathering, and it leaves fewer
// rows for the horizontal pass, whose cost per sample is higher.
#pragma once

#include <cstdint>

#include "image/scale/filter_table.hpp"

namespace netocr {

// The fraction bits of the 16-bit samples between the passes: 255 * 64 leaves a factor of two for Lanczos
// overshoot.
inline constexpr int kMiddleBits = 6;
// Rows between the passes are readable and writable up to a multiple of this number of samples.
inline constexpr std::uint32_t kRowAlignment = 16;

// Computes out[x] = sum of rows[t][x] * weights[t], in 1/64. `weights` has an even number of entries, zero
// beyond `taps`; every row and `out` have room for `width` rounded up to kRowAlignment.
void filter_vertical(const std::uint8_t* const* rows, const std::int16_t* weights, std::uint32_t taps,
                     std::uint32_t width, std::int16_t* out);

// Computes out[i] = the table's weighted sum of `in` for sample i, rounded and clamped to a byte, for all
// table.count() samples. `in` is readable for table.stride() samples from any first().
void filter_horizontal(const std::int16_t* in, const FilterTable& table, std::uint8_t* out);

// Computes `count` rounded means of 2 x 2 samples, from 2 * count samples of each row. `out` must be neither
// row.
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
