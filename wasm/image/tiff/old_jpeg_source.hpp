// Rows of a TIFF of old-style JPEG, by the JPEG decoder that is handed in.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/tiff/embedded_jpeg.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {

// The planes that the JPEG holds, each with its own size; three of full size where the tags give other
// colours than JFIF's to Y, Cb and Cr. Memory: what the JPEG decoder takes for one strip, and a row of tiles
// when there are several across. The header is a checked one. Rows of strips or tiles that are missing or
// damaged are white, with kWarnTruncated. Errors: as open_source.
Result<std::unique_ptr<RowSource>> open_old_jpeg_source(Bytes bytes, const Header& header,
                                                        const Limits& limits, OpenEmbeddedJpeg open_jpeg);

}  // namespace netocr::tiff
