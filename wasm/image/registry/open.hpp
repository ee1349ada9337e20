// The decoder of a file of any format.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"

namespace netocr {

// Opens the decoder of the recognised format. `bytes` stay alive and unchanged while the source lives.
// Errors: those of inspect_image, UNSUPPORTED_FORMAT, UNSUPPORTED_FEATURE, OUT_OF_MEMORY. An error whose
// `left_to_codecs` is set says that the second module reads the file.
Result<std::unique_ptr<RowSource>> open_row_source(Bytes bytes, const WantedSize& wanted,
                                                   const Limits& limits);

}  // namespace netocr
