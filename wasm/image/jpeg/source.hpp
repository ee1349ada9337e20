// JPEG rows, scaled while decoding: by our own decoders what cameras and programs usually write, by a library
// that is handed in what they leave.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Opens what our own decoders leave, of a variant that is decoded and of a size within the limits.
using OpenLeft = Result<std::unique_ptr<RowSource>> (*)(File& file, const WantedSize& wanted,
                                                        const Limits& limits);

// Grey and YCbCr in Huffman codes come as the planes that the file holds (no upsampling), each n/8 of its
// size: 1, 2, 4 or 8. A height that only a DNL marker gives counts. Everything else is left to `open_left`,
// or to the codecs module where that is null: arithmetic coding, RGB, CMYK, YCCK, a sequential file of
// several scans, a progressive one that is damaged or lacks scans, unusual tables. The header tells of the
// first four (is_rare); the others are found when the file is opened, a damaged progressive one behind scans
// that were read for nothing. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder memory),
// UNSUPPORTED_FEATURE (12-bit, lossless, hierarchical, component count; and with `left_to_codecs` for what is
// left), OUT_OF_MEMORY, those of `open_left`. The file's bytes outlive the source, the File need not.
Result<std::unique_ptr<RowSource>> open_source(File& file, const WantedSize& wanted, const Limits& limits,
                                               OpenLeft open_left);

}  // namespace netocr::jpeg
