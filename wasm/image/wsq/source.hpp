// WSQ (fingerprint images, FBI IAFIS-IC-0110 v3.1) to 8-bit grey rows.
#pragma once

#include <memory>

#include "image/meta/image_info.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::wsq {

// From the frame header. Errors: CORRUPT_IMAGE.
Result<ImageInfo> inspect(Bytes bytes);

// One grey plane, bit-identical to the reference decoder in float. Everything is decoded before this returns;
// `bytes` need not live on. A file that is cut off is an error. One whose blocks end early has zeroes in
// place of the coefficients that are missing, with kWarnTruncated when a subband is. Every coefficient
// reaches over the whole picture, so that rows count together: all of them when the subbands of half of the
// resolutions are there, else none. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder memory),
// UNSUPPORTED_FEATURE (restart intervals), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const Limits& limits);

}  // namespace netocr::wsq
