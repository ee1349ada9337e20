// The forward DCT of a plane. It runs once: rate control quantises its result any number of times.
#pragma once

#include <cstdint>

#include "image/jpeg/common/zigzag.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr::jpeg {

inline constexpr int kCoefficientBits = 3;  // fraction bits of a coefficient

// Blocks are ordered left to right, top to bottom; each has its coefficients in zigzag order, in 1/8
// (kCoefficientBits) of the units of T.81 A.3.3, of samples shifted by -128.
struct CoefficientPlane {
  Array<std::int16_t> values;
  std::uint32_t blocks_wide = 0;
  std::uint32_t blocks_high = 0;

  const std::int16_t* block(std::uint32_t x, std::uint32_t y) const {
    return values.data() + (static_cast<std::size_t>(y) * blocks_wide + x) * kBlockSize;
  }
};

// Blocks that extend beyond the right or bottom edge repeat the last column or row. Errors: IMAGE_TOO_LARGE,
// OUT_OF_MEMORY.
Result<CoefficientPlane> forward_dct(const Plane& plane);

// Transforms one block of 8 x 8 samples.
void forward_dct_block(const std::uint8_t* samples, std::size_t stride, std::int16_t* zigzag);

namespace detail {
// The scalar implementation, which produces the same bits.
void forward_dct_block_scalar(const std::uint8_t* samples, std::size_t stride, std::int16_t* zigzag);
}  // namespace detail

}  // namespace netocr::jpeg
