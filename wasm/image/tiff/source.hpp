// Decodes TIFF rows by libtiff: strips and tiles of every depth and colour that photographs and scans have.
#pragma once

#include <memory>

#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"
#include "image/tiff/embedded_jpeg.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {

// Decodes the picture of `header`, which read_header() selected from `bytes`; rows are in stored order. The
// source has one plane for grey (and grey palettes), three of full size otherwise, which hold `colors`, or
// the four inks of CMYK with kInks; for old-style JPEG the JPEG's planes. Integers of any depth and floats of
// 0..1 (or of the range in SMinSampleValue and SMaxSampleValue) are reduced to 8 bits; alpha is blended over
// white, unless it is 0 everywhere: Office writes such files and means no alpha. Further samples are ignored.
// Memory: a row of strips, a row of tiles, or a strip whose chroma is stored in blocks. A damaged strip is
// decoded up to the damage (a tile not at all), the rest is white, with kWarnTruncated. Errors: CORRUPT_IMAGE
// (nothing could be decoded), IMAGE_TOO_LARGE (dimensions, decoder memory), UNSUPPORTED_FEATURE,
// OUT_OF_MEMORY. `bytes` must outlive the source. `open_jpeg` decodes the streams of old-style JPEG; libtiff
// decodes those of the new one itself.
Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, Header header, const Limits& limits,
                                               OpenEmbeddedJpeg open_jpeg,
                                               PlaneColors colors = PlaneColors::kYcc);

}  // namespace netocr::tiff
