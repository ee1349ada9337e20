// WebP (RFC 9649: lossy, lossless, with alpha; the first frame of an animation) to rows of planes.
#pragma once

#include <memory>

#include "image/meta/image_info.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::webp {

// From the chunks; no pixel is decoded. Errors: CORRUPT_IMAGE.
Result<ImageInfo> inspect(Bytes bytes);

// The ICC profile: a part of `bytes`; empty when there is none.
Bytes find_profile(Bytes bytes);

// Lossy files come in their own 4:2:0 planes, widened to the full range; transparency and what the first
// frame leaves of the canvas are white, and so are the rows that a truncated file lacks. The whole picture is
// decoded at the first next(). Errors: CORRUPT_IMAGE (also from next()), IMAGE_TOO_LARGE (dimensions, decoder
// memory), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const Limits& limits);

}  // namespace netocr::webp
