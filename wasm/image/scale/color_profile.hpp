// Converts the resampled picture's colours from those of an ICC profile to sRGB. It runs after resampling, so
// that it costs the same for every format and size.
#pragma once

#include "image/meta/icc.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr {

// `profile` is of kind kRgb or kGrey; a picture in colours is in 4:2:0 or 4:4:4. Colours that sRGB lacks are
// clipped, channel by channel (relative colorimetric). Errors: OUT_OF_MEMORY.
Status convert_to_srgb(const IccProfile& profile, PlanarImage& image);

}  // namespace netocr
