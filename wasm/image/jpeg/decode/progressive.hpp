// Decodes progressive JPEG with Huffman coding that is undamaged and has all of its scans.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Reads all scans. The file's bytes must outlive the source, the File need not. Of each block it keeps the
// coefficients that the wanted size needs, and one bit for each other coefficient that is not zero: 40 bytes
// at 1/2, while libjpeg keeps 128. Returns null for a file of another kind, and for one that is unusual or
// damaged in any way or has too many scans: the core leaves such a file to libjpeg-turbo in the codecs
// module. Errors: those of check_coefficient_memory, OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_progressive(File& file, const WantedSize& wanted,
                                                    const Limits& limits);

}  // namespace netocr::jpeg
