// Maps the eight values of EXIF's orientation to the axis swap and mirrors that turn the stored picture
// upright.
#include "image/meta/orientation.hpp"

namespace netocr {

Orientation orientation_from_exif(std::uint8_t exif) {
  constexpr Orientation kOrientations[8] = {
      {false, false, false},  // 1: as stored
      {false, true, false},   // 2: mirrored left to right
      {false, true, true},    // 3: rotated by 180 degrees
      {false, false, true},   // 4: mirrored top to bottom
      {true, false, false},   // 5: transposed
      {true, false, true},    // 6: to be rotated clockwise
      {true, true, true},     // 7: transposed along the other diagonal
      {true, true, false},    // 8: to be rotated counter-clockwise
  };
  return exif >= 1 && exif <= 8 ? kOrientations[exif - 1] : Orientation{};
}

}  // namespace netocr
