// WebP (RFC 9649: lossy, lossless, with alpha; the first frame of an animation) to rows of planes.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/webp/chunks.hpp"

namespace netocr::webp {

// `header` is that of a file of so many bytes, which outlives the source. Lossy files come in their own 4:2:0
// planes, widened to the full range; transparency and what the first frame leaves of the canvas are white,
// and so are the rows that a truncated file lacks. The whole picture is decoded at the first next(). Errors:
// CORRUPT_IMAGE (also from next()), IMAGE_TOO_LARGE (dimensions, decoder memory), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(const Header& header, std::size_t file_bytes,
                                               const Limits& limits);

}  // namespace netocr::webp
