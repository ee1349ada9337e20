// Splits pixels into planes of red, green and blue, without a conversion.
#pragma once

#include "image/pixel/color.hpp"

namespace netocr {

// Interleaved pixels of `bytes` bytes each. `red` is the position of red in a pixel, 0 or 2; green is at 1
// and blue at 2 - red. Straight alpha, if there is one, is at 3.
struct InterleavedPixels {
  const std::uint8_t* data = nullptr;
  std::size_t bytes = 3;
  std::size_t red = 0;
  bool has_alpha = false;
};

// Writes red to row.y, green to row.cb and blue to row.cr, blended over white.
void split_colors(InterleavedPixels pixels, std::size_t width, YccRow row);

}  // namespace netocr
