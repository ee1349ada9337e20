// Computes the place of the clean aperture (clap, ISO/IEC 14496-12, section 12.1.4) in the picture as it is
// coded.
#pragma once

#include "image/heif/items.hpp"

namespace netocr::heif {

struct Rectangle {
  std::uint32_t x = 0, y = 0, width = 0, height = 0;
};

// Returns the part of `picture` that has the size `shown`, which must not be larger. It lies in the middle,
// or where the item's clap moves it, which applies behind some of its turns. Halves are rounded down, and a
// part that would reach outside is moved inside.
Rectangle place_clean_aperture(const Item& item, Size picture, Size shown);

}  // namespace netocr::heif
