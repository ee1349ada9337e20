// A small picture of few colours as a PNG: line art, screenshots and scans, whose edges JPEG would blur.
#pragma once

#include <cstddef>
#include <optional>

#include "image/pixel/planar_image.hpp"

namespace netocr {

// A PNG of at most `max_bytes` whose pixels have exactly the samples of `image`, which is upright; greys of
// up to 16 levels and colours are in a palette. Nothing when the picture is in colours and not in 4:4:4, has
// more than 256 colours or one that RGB lacks, has fewer than 2^16 pixels, or is not flat: less than half of
// its pixels equal their left neighbours. A photo is told by a few of its rows. Errors: OUT_OF_MEMORY.
Result<std::optional<Buffer>> write_few_colors(const PlanarImage& image, std::size_t max_bytes);

}  // namespace netocr
