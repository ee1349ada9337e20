// Decodes baseline and extended sequential JPEG with Huffman coding and all components in one scan, as
// cameras write it.
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// The file's bytes must outlive the source, the File need not. Returns null for a file of another kind, and
// for one whose tables or headers are unusual in any way: the core leaves such a file to libjpeg-turbo in the
// codecs module. Errors: OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_sequential(File& file, const WantedSize& wanted);

}  // namespace netocr::jpeg
