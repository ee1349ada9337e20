// JPEG rows, scaled while decoding, by our own decoders: what cameras and programs usually write.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Grey and YCbCr in Huffman codes come as the planes that the file holds (no upsampling), each n/8 of its
// size: 1, 2, 4 or 8. A height that only a DNL marker gives counts. Everything else is left to the codecs
// module (jpeg/library): arithmetic coding, RGB, CMYK, YCCK, a sequential file of several scans, a
// progressive one that is damaged or lacks scans, unusual tables. The header tells of the first four
// (is_rare); the others are found when the file is opened, a damaged progressive one behind scans that were
// read for nothing. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder memory), UNSUPPORTED_FEATURE
// (12-bit, lossless, hierarchical, component count; and with `left_to_codecs` for what is left),
// OUT_OF_MEMORY. `bytes` outlive the source.
Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const WantedSize& wanted, const Limits& limits);

}  // namespace netocr::jpeg
