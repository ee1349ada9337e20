// Decodes the rows of a TIFF of old-style JPEG by the JPEG decoder that the caller passes.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/tiff/embedded_jpeg.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {

// The source delivers the JPEG's planes, each with its own size; three planes of full size when the tags
// define other colours than JFIF for Y, Cb and Cr. Memory: that of the JPEG decoder for one strip, and a row
// of tiles when there are several across. The header must have passed check_variant(). Missing or damaged
// rows of strips or tiles are white, with kWarnTruncated. Errors: as open_source.
Result<std::unique_ptr<RowSource>> open_old_jpeg_source(Bytes bytes, const Header& header,
                                                        const Limits& limits, OpenEmbeddedJpeg open_jpeg);

}  // namespace netocr::tiff
