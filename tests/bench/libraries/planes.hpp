// The interface of the JPEG decoders in this comparison. Each module links one implementation of
// open_planes().
#pragma once

#include <memory>

#include "image/jpeg/decode/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::bench {

// Returns null or an error for a file that this decoder does not read. The file's bytes must outlive the
// source.
Result<std::unique_ptr<RowSource>> open_planes(jpeg::File& file, const WantedSize& wanted,
                                               const Limits& limits);

}  // namespace netocr::bench
