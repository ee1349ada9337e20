// Paints a test picture for the kernels in integer arithmetic: it is the same on every machine, so that
// counts can be compared.
#pragma once

#include "image/pixel/planar_image.hpp"

namespace netocr::bench {

// Paints soft shading, hard edges, fine texture and noise; `seed` selects the picture.
void paint(Plane& plane, std::uint32_t seed);

}  // namespace netocr::bench
