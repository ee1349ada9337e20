// A JPEG 2000 file, opened: its boxes and markers are read.
#pragma once

#include "base/limits.hpp"
#include "image/meta/open_image.hpp"

namespace netocr::jp2 {

// A JP2 file, and a raw codestream. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (tiles), OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open_file(Bytes bytes, const Limits& limits);
Result<std::unique_ptr<OpenImage>> open_codestream(Bytes bytes, const Limits& limits);

}  // namespace netocr::jp2
