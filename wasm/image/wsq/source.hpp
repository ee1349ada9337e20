// Decodes WSQ (fingerprint images, FBI IAFIS-IC-0110 v3.1) to 8-bit grey rows.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/wsq/stream.hpp"

namespace netocr::wsq {

// Decodes from the first block on, at which `stream` is positioned, in a file of `file_bytes` bytes. The
// result is one grey plane, bit-identical to the reference decoder in float. Everything is decoded before the
// function returns, so the file need not outlive the source. A truncated file is an error. A file whose
// blocks end early has zeroes in place of the missing coefficients, with kWarnTruncated when a subband is
// missing. Every coefficient affects the whole picture, so decoded_rows() is all rows when the subbands of
// half of the resolutions are present, else none. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder
// memory), UNSUPPORTED_FEATURE (restart intervals), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(Stream& stream, std::size_t file_bytes, const Limits& limits);

}  // namespace netocr::wsq
