// WSQ (fingerprint images, FBI IAFIS-IC-0110 v3.1) to 8-bit grey rows.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/wsq/stream.hpp"

namespace netocr::wsq {

// From the first block on, which `stream` stands at, of a file of so many bytes. One grey plane,
// bit-identical to the reference decoder in float. Everything is decoded before this returns; the file need
// not live on. A file that is cut off is an error. One whose blocks end early has zeroes in place of the
// coefficients that are missing, with kWarnTruncated when a subband is. Every coefficient reaches over the
// whole picture, so that rows count together: all of them when the subbands of half of the resolutions are
// there, else none. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder memory), UNSUPPORTED_FEATURE
// (restart intervals), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(Stream& stream, std::size_t file_bytes, const Limits& limits);

}  // namespace netocr::wsq
