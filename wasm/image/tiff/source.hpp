// TIFF rows through libtiff: strips and tiles of every depth and colour that photographs and scans have.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/tiff/embedded_jpeg.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {

// The picture of `header`, which read_header() chose of `bytes`; rows as stored. One
// plane for grey (and grey palettes), three of full size otherwise; of old-style JPEG the planes that it
// holds. Integers of any depth and floats of 0..1 (or of the range that SMinSampleValue and SMaxSampleValue
// tell) are reduced to 8 bits; alpha is laid over white, unless it is 0 everywhere: Office writes such, and
// means no alpha. Further samples are not looked at. Memory: a row of strips, a row of tiles, or a strip
// whose chroma is stored in blocks. A strip that is damaged is decoded up to there (a tile not at all), the
// rest is white, and kWarnTruncated tells. Errors: CORRUPT_IMAGE (nothing could be decoded), IMAGE_TOO_LARGE
// (dimensions, decoder memory), UNSUPPORTED_FEATURE, OUT_OF_MEMORY. `bytes` outlive the source.
// `open_jpeg` decodes the streams of old-style JPEG; libtiff decodes those of the new one itself.
Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, Header header, const Limits& limits,
                                               OpenEmbeddedJpeg open_jpeg);

}  // namespace netocr::tiff
