// JPEG rows, scaled while decoding, by libjpeg-turbo, whatever the file is: for what our own decoders leave
// to it, and as their oracle.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Of a variant that is decoded (check_variant) and of a size within the limits. Grey and YCbCr come as the
// planes that the file holds (no upsampling); RGB, CMYK and YCCK as three planes of full size, with any
// sampling factors. CMYK is taken as inverted, as Adobe, and every browser, does. The planes are n/8 of the
// size: 1, 2, 4 or 8. A height that only a DNL marker gives counts. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE
// (decoder memory, number of scans), OUT_OF_MEMORY. The file's bytes outlive the source, the File need not.
Result<std::unique_ptr<RowSource>> open_library_source(File& file, const WantedSize& wanted,
                                                       const Limits& limits);

}  // namespace netocr::jpeg
