// Opens a JPEG 2000 file by reading its boxes and markers.
#pragma once

#include "base/limits.hpp"
#include "image/open/open_image.hpp"

namespace netocr::jp2 {

// Open a JP2 file or a raw codestream. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE (tiles), OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open_file(Bytes bytes, const Limits& limits);
Result<std::unique_ptr<OpenImage>> open_codestream(Bytes bytes, const Limits& limits);

}  // namespace netocr::jp2
