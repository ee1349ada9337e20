// The end of the image flow: encodes an upright planar picture as a baseline JPEG within a byte budget, and
// shrinks the picture when no quality fits.
#pragma once

#include "image/jpeg/encode/encoder.hpp"

namespace netocr {

// A picture is not shrunk below this long edge, as a face could not be recognised in it.
inline constexpr std::uint32_t kSmallestLongEdge = 64;

// Runs jpeg::encode() at the largest size that fits at options.min_quality. Errors: BUDGET_UNREACHABLE,
// OUT_OF_MEMORY.
Result<jpeg::Encoded> fit_jpeg(const PlanarImage& image, const jpeg::Options& options);

}  // namespace netocr
