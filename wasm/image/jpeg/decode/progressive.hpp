// Progressive JPEG with Huffman coding, undamaged and with all of its scans.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// Reads all scans; the file's bytes outlive the source, the File need not. Of each block it keeps the
// coefficients that the wanted size needs, and which of the others are not zero: 40 bytes at 1/2 where
// libjpeg keeps 128. Null for a file of another kind, and for one that is unusual or damaged in any way or
// has too many scans: libjpeg has all the rules for those. Errors: those of check_coefficient_memory,
// OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_progressive(File& file, const WantedSize& wanted,
                                                    const Limits& limits);

}  // namespace netocr::jpeg
