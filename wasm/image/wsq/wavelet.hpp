// The wavelet part of WSQ: layout of the 64 subbands, dequantisation, synthesis. It is the last step before
// pixels.
#pragma once

#include "image/wsq/entropy.hpp"

namespace netocr::wsq {

// A rectangle of the coefficient plane in samples. With inverted_x/y the high band comes first in that
// direction.
struct Region {
  std::uint32_t x = 0, y = 0, width = 0, height = 0;
  bool inverted_x = false, inverted_y = false;
};
using SubbandLayout = std::array<Region, kSubbands>;

// Returns the rectangles of all subbands of a picture of width x height.
SubbandLayout subband_layout(std::uint32_t width, std::uint32_t height);

// Returns the number of coefficients that the file must contain: those of the subbands with a quantiser, or
// of the first `bands` of them.
std::size_t coefficient_count(const SubbandLayout& layout, const Quantisers& quantisers,
                              std::size_t bands = kSubbands);

// Dequantises into `plane` (width * height floats, zeroed) row by row of each subband. Missing coefficients
// remain zero.
void dequantise(const SubbandLayout& layout, const Quantisers& quantisers, const Coefficients& coefficients,
                std::span<float> plane, std::uint32_t width);

// Runs the inverse transform in place, with a temporary second plane of the same size. Errors: OUT_OF_MEMORY.
Status synthesise(const Filters& filters, std::span<float> plane, std::uint32_t width, std::uint32_t height);

}  // namespace netocr::wsq
