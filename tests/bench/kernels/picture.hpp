// A picture for the kernels, made of whole numbers only: the same on every machine, so that counts can be
// compared.
#pragma once

#include "image/pixel/planar_image.hpp"

namespace netocr::bench {

// Soft shading, hard edges, fine texture and noise. `seed` chooses one.
void paint(Plane& plane, std::uint32_t seed);

}  // namespace netocr::bench
