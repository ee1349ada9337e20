// Decodes WebP (RFC 9649: lossy, lossless, with alpha; the first frame of an animation) to rows of planes.
#pragma once

#include <memory>

#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"
#include "image/webp/chunks.hpp"

namespace netocr::webp {

// `header` is that of a file of `file_bytes` bytes, which must outlive the source. Lossy files are delivered
// as their own 4:2:0 planes whatever `colors` says, expanded to the full range; transparency, the canvas
// around the first frame, and the rows that a truncated file lacks are white. The first next() decodes the
// whole picture. Errors: CORRUPT_IMAGE (also from next()), IMAGE_TOO_LARGE (dimensions, decoder memory),
// OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(const Header& header, std::size_t file_bytes,
                                               const Limits& limits, PlaneColors colors = PlaneColors::kYcc);

}  // namespace netocr::webp
