// A small picture of few colours as a PNG: line art, screenshots and scans, whose edges JPEG would blur.
#pragma once

#include <cstddef>
#include <optional>

#include "image/pixel/color.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr {

// Returns whether a picture in Y, Cb, Cr or grey is worth counting its colours: it has at least 2^16 pixels,
// full chroma, and is flat, which means that at least half of the pixels in a few of its rows equal their
// left neighbours.
bool may_have_few_colors(const PlanarImage& image);

// Returns a PNG of at most `max_bytes` whose pixels have exactly the samples of `image`, which is upright,
// grey or of three planes of full size that hold `colors`; greys of up to 16 levels and colours are in a
// palette. An RGB palette gives Y, Cb, Cr again, but the RGB that they come from may differ from it by 2.
// Returns nothing when the picture has more than 256 colours or one that RGB lacks. Errors: OUT_OF_MEMORY.
Result<std::optional<Buffer>> write_few_colors(const PlanarImage& image, PlaneColors colors,
                                               std::size_t max_bytes);

}  // namespace netocr
