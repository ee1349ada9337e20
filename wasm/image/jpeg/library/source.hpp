// JPEG rows, scaled while decoding, by libjpeg-turbo, whatever the file is: for what our own decoders leave
// to it, and as their oracle.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Grey and YCbCr come as the planes that the file holds (no upsampling); RGB, CMYK and YCCK as three planes
// of full size, with any sampling factors. CMYK is taken as inverted, as Adobe, and every browser, does. The
// planes are n/8 of the size: 1, 2, 4 or 8. A height that only a DNL marker gives counts. Errors:
// CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder memory, number of scans), UNSUPPORTED_FEATURE (12-bit,
// lossless, hierarchical, component count), OUT_OF_MEMORY. `bytes` outlive the source.
Result<std::unique_ptr<RowSource>> open_with_library(Bytes bytes, const WantedSize& wanted,
                                                     const Limits& limits);

}  // namespace netocr::jpeg
