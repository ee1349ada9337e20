// Decodes JPEG rows by our own decoders, scaled while decoding. They cover the files that cameras and
// programs usually write.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Grey and YCbCr in Huffman codes are delivered as the planes in the file (without upsampling), each n/8 of
// its size: 1, 2, 4 or 8. A height that only a DNL marker defines is used. All other files are left to the
// codecs module: arithmetic coding, RGB, CMYK, YCCK, a sequential file of several scans, a progressive one
// that is damaged or lacks scans, unusual tables. The header shows the first four; the others are found when
// the rows are opened, damage in a progressive file only after some scans were decoded in vain. Errors:
// CORRUPT_IMAGE, IMAGE_TOO_LARGE (dimensions, decoder memory), UNSUPPORTED_FEATURE (12-bit, lossless,
// hierarchical, component count; and with `left_to_codecs` for the files above), OUT_OF_MEMORY. The file's
// bytes must outlive the source, the File need not.
Result<std::unique_ptr<RowSource>> open_source(File& file, const WantedSize& wanted, const Limits& limits);

}  // namespace netocr::jpeg
