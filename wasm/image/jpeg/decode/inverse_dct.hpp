// The inverse DCT of a block, at its full size or at 1/2, 1/4 or 1/8 of it from the lowest frequencies.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/jpeg/common/zigzag.hpp"

namespace netocr::jpeg {

// Returns the stride of the coefficients for a transform to n x n samples: row v (vertical frequency) is at v
// * stride.
constexpr std::uint32_t inverse_stride(int n) { return n > 4 ? 8 : 4; }

// `coefficients` are dequantised; those of frequencies from n on are not read. It writes n x n samples (+128,
// within 0..255).
using InverseDct = void (*)(const std::int16_t* coefficients, std::uint8_t* out, std::size_t stride);

// n is 1, 2, 4 or 8. At 8 the samples equal those of libjpeg's accurate integer transform ("islow"), bit for
// bit. Below 8 the transform uses the same scaled cosines for n points: the ideal low-pass of each block,
// while libjpeg-turbo averages neighbouring samples.
InverseDct inverse_dct(int n);

// Fills n x n samples of a block that has only its DC coefficient, with the same result as inverse_dct(n).
void fill_block(std::int16_t dc, int n, std::uint8_t* out, std::size_t stride);

namespace detail {
// Returns the scalar implementation, which produces the same bits.
InverseDct inverse_dct_scalar(int n);
}  // namespace detail

}  // namespace netocr::jpeg
