// One plain loop serves all layouts: it runs only for small pictures of few colours.
#include "image/pixel/rgb_planes.hpp"

namespace netocr {

void split_colors(InterleavedPixels pixels, std::size_t width, YccRow row) {
  const std::uint8_t* pixel = pixels.data;
  for (std::size_t i = 0; i < width; ++i, pixel += pixels.bytes) {
    const std::int32_t alpha = pixels.has_alpha ? pixel[3] : 255;
    const auto blended = [&](std::size_t at) {
      return static_cast<std::uint8_t>(over_white(pixel[at], alpha));
    };
    row.y[i] = blended(pixels.red);
    row.cb[i] = blended(1);
    row.cr[i] = blended(2 - pixels.red);
  }
}

}  // namespace netocr
