// EXIF's orientation (EXIF 2.32, tag 0x0112) as an axis swap and mirrors.
#pragma once

#include <cstdint>

namespace netocr {

// An orientation in terms of the stored picture: upright(x, y) = stored(x', y'), where (x', y') is (x, y) or,
// with swap_axes, (y, x), and then x' counts from the right with mirror_x, y' from the bottom with mirror_y.
struct Orientation {
  bool swap_axes = false;
  bool mirror_x = false;
  bool mirror_y = false;

  bool is_upright() const { return !swap_axes && !mirror_x && !mirror_y; }
};

// `exif` is 1..8; any other value counts as 1, as in viewers.
Orientation orientation_from_exif(std::uint8_t exif);

}  // namespace netocr
