// The end of the image flow: an upright planar picture -> a baseline JPEG of at most so many bytes, made
// smaller where no quality fits.
#pragma once

#include "image/jpeg/encode/encoder.hpp"

namespace netocr {

// A picture is not made smaller than this along its longer side: a face could not be recognised in it.
inline constexpr std::uint32_t kSmallestLongEdge = 64;

// jpeg::encode() at the largest size that fits at options.min_quality. Errors: BUDGET_UNREACHABLE,
// OUT_OF_MEMORY.
Result<jpeg::Encoded> fit_jpeg(const PlanarImage& image, const jpeg::Options& options);

}  // namespace netocr
