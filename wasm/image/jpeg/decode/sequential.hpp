// Baseline and extended sequential JPEG with Huffman coding and all components in one scan: what cameras
// write.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// The file's bytes outlive the source, the File need not. Null for a file of another kind, and for one whose
// tables or headers are unusual in any way: libjpeg has all the rules for those. Errors: OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_sequential(File& file, const WantedSize& wanted);

}  // namespace netocr::jpeg
