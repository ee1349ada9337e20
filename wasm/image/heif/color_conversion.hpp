// Converts YCbCr of any matrix and range to JFIF's (BT.601, full range) in one linear step, without RGB in
// between.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/heif/parameters.hpp"

namespace netocr::heif {

// Factors times 65536. Chroma counts from 128, luma from `black`.
struct ColorConversion {
  std::int32_t black = 0;
  std::int32_t y_of_y = 65536, y_of_cb = 0, y_of_cr = 0;
  std::int32_t cb_of_cb = 65536, cb_of_cr = 0;
  std::int32_t cr_of_cb = 0, cr_of_cr = 65536;

  bool is_none() const { return black == 0 && y_of_y == 65536 && y_of_cr == 0 && cb_of_cb == 65536; }
};

ColorConversion color_conversion_of(const SampleCoding& coding);

// Converts two rows of `width` luma samples and their chroma row, of half the width rounded up, in place.
// `lower` is null for the last row of an odd height.
void convert_color(const ColorConversion& conversion, std::uint8_t* upper, std::uint8_t* lower,
                   std::uint8_t* cb, std::uint8_t* cr, std::size_t width);

}  // namespace netocr::heif
