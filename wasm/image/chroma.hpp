// Chroma subsampling: whether a picture may deserve more than 4:2:0, and what it gets.
#pragma once

#include "image/jpeg/encode/encoder.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr {

// What the planes of a small picture of width x height are resampled to: 4:4:4 where choose_chroma() is to
// have the choice. That is where the source has more chroma than 4:2:0 would keep, and the picture is small,
// the budget large for it, or the picture not scaled, so that it may have few colours.
ChromaSubsampling wanted_chroma(const SourceGeometry& source, std::uint32_t width, std::uint32_t height,
                                std::size_t max_bytes);

// An upright picture in the subsampling that gives the best JPEG within the budget: a picture in 4:4:4 may
// get 4:2:0, 4:2:2 or, if it is small or the budget large for it, stay as it is; any other stays. Errors:
// IMAGE_TOO_LARGE, OUT_OF_MEMORY.
Result<PlanarImage> choose_chroma(PlanarImage image, const jpeg::Options& options);

}  // namespace netocr
