// A JPEG, opened: its markers are read.
#pragma once

#include "base/limits.hpp"
#include "image/jpeg/source.hpp"
#include "image/meta/open_image.hpp"

namespace netocr::jpeg {

// Where `open_left` is null a rare file is not decodable. One that only turns out to be left to another
// decoder when its rows are asked for is `decodable`, because the header does not tell. Errors:
// CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, OpenLeft open_left);

// Whether the header says that our own decoders do not read the file: arithmetic coding, RGB, CMYK, YCCK.
// False for what is no JPEG and for a variant that is not decoded at all.
bool is_rare(Bytes bytes);

}  // namespace netocr::jpeg
