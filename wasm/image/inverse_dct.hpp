// The inverse DCT of a block, at its full size or at n/8 of it from the n x n lowest frequencies.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/dct.hpp"

namespace netocr {

// Where coefficients lie for a transform to n x n samples: row v (vertical frequency) at v * stride.
constexpr std::uint32_t inverse_stride(int n) { return n > 4 ? 8 : 4; }

// `coefficients` are dequantised; of frequencies from n on they are not read, but have to be zero within the
// rows v < n. Writes samples (+128, within 0..255) to n rows, in each of them n bytes and, where 2 < n < 8,
// up to 8 - n arbitrary ones behind: blocks are written from left to right, and rows have 8 bytes of slack.
using InverseDct = void (*)(const std::int16_t* coefficients, std::uint8_t* out, std::size_t stride);

// n is 1..8. At 8 the samples are those of libjpeg's accurate integer transform ("islow"), bit for bit.
// Below, the same scaled cosines for n points: the ideal low-pass of each block, where libjpeg-turbo gives
// the mean of neighbouring samples.
InverseDct inverse_dct(int n);

// A block that has only its mean: n x n equal samples, the same as inverse_dct(n) gives.
void fill_block(std::int16_t dc, int n, std::uint8_t* out, std::size_t stride);

namespace detail {
// The same bits without SIMD.
InverseDct inverse_dct_scalar(int n);
}  // namespace detail

}  // namespace netocr
