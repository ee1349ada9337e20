// The members that the compiler would write, in one place.
#include "image/pixel/planar_image.hpp"

namespace netocr {

PlanarImage::PlanarImage() = default;
PlanarImage::PlanarImage(PlanarImage&& other) noexcept = default;
PlanarImage& PlanarImage::operator=(PlanarImage&& other) noexcept = default;
PlanarImage::~PlanarImage() = default;

}  // namespace netocr
