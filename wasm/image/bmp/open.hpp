// Opens a BMP by reading its headers.
#pragma once

#include "base/limits.hpp"
#include "image/bmp/coded_rows.hpp"
#include "image/bmp/embedded.hpp"
#include "image/open/open_image.hpp"

namespace netocr::bmp {

// An embedded JPEG or PNG is opened by its own format, whatever size the BMP claims. `open_rare` is null when
// rare codings are left to the codecs module. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, const EmbeddedFormats& formats,
                                        OpenRareRows open_rare);

}  // namespace netocr::bmp
