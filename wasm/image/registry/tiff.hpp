// Opens TIFF with the decoder of the JPEG streams in old files.
#pragma once

#include "image/registry/codec.hpp"

namespace netocr {

// The TIFF row of the codec table (OpenFormat).
Result<std::unique_ptr<OpenImage>> open_tiff(Bytes bytes, const Limits& limits);

}  // namespace netocr
