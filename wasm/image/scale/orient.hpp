// orient: turns the small picture upright.
#pragma once

#include "image/meta/orientation.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr {

// The upright picture. An upright one is handed back as it is. Errors: OUT_OF_MEMORY.
Result<PlanarImage> orient(PlanarImage stored, Orientation orientation);

}  // namespace netocr
