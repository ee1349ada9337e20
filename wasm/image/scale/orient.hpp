// orient: turns the resampled picture upright.
#pragma once

#include "image/meta/orientation.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr {

// Returns the upright picture; a picture that is upright already is returned unchanged. Errors:
// OUT_OF_MEMORY.
Result<PlanarImage> orient(PlanarImage stored, Orientation orientation);

}  // namespace netocr
