// Decodes JPEG rows by libjpeg-turbo, scaled while decoding. The codecs module reads every JPEG this way; the
// core has our own decoders only, and its open_source() leaves all other files to the codecs module. The
// tests use it as the reference of our decoders.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Grey and YCbCr are delivered as the planes in the file (without upsampling); RGB, CMYK and YCCK as three
// planes of full size, with any sampling factors. CMYK is treated as inverted, as in Adobe's files and in
// every browser; with `keeps_inks` it is delivered as the four inverted inks instead. The planes are n/8 of
// the size: 1, 2, 4 or 8. A height that only a DNL marker defines is used. Errors: CORRUPT_IMAGE,
// IMAGE_TOO_LARGE (dimensions, decoder memory, number of scans), UNSUPPORTED_FEATURE (check_variant),
// OUT_OF_MEMORY. The file's bytes must outlive the source, the File need not.
Result<std::unique_ptr<RowSource>> open_library_source(File& file, const WantedSize& wanted,
                                                       const Limits& limits, bool keeps_inks = false);

}  // namespace netocr::jpeg
