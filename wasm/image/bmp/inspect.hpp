// What the headers of a BMP say, as an ImageInfo, and its embedded profile.
#pragma once

#include "image/bmp/coded_rows.hpp"
#include "image/bmp/embedded.hpp"

namespace netocr::bmp {

// An embedded JPEG or PNG is what its own reader makes of it. Errors: CORRUPT_IMAGE. A variant that is not
// decoded is no error: `decodable` is false.
Result<ImageInfo> inspect(Bytes bytes, const EmbeddedReaders& embedded, OpenRareRows open_rare);

// Whether a module without decoders of rare codings leaves the file to the second module: for its coding, or
// because the embedded file's reader does. False for what is no BMP.
bool is_left_to_codecs(Bytes bytes, const EmbeddedReaders& embedded);

// The bytes of the ICC profile that a V5 file, or the file embedded in it, holds; empty when it has none.
Result<Buffer> read_profile(Bytes bytes, const EmbeddedReaders& embedded);

}  // namespace netocr::bmp
