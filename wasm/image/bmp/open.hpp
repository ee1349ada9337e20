// A BMP, opened: its headers are read.
#pragma once

#include "base/limits.hpp"
#include "image/bmp/coded_rows.hpp"
#include "image/bmp/embedded.hpp"
#include "image/meta/open_image.hpp"

namespace netocr::bmp {

// An embedded JPEG or PNG is what its own format makes of it, whatever size the BMP claims. `open_rare` is
// null where rare codings are not decoded. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, const EmbeddedFormats& formats,
                                        OpenRareRows open_rare);

// Whether a module without decoders of rare codings leaves the file to the second module: for its coding, or
// because the embedded file's format does. False for what is no BMP.
bool is_left_to_codecs(Bytes bytes, const EmbeddedFormats& formats);

}  // namespace netocr::bmp
