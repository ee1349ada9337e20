// What the headers of a BMP say, as an ImageInfo, and its embedded profile.
#pragma once

#include "image/bmp/coded_rows.hpp"
#include "image/bmp/embedded.hpp"

namespace netocr::bmp {

// An embedded JPEG or PNG is what its own reader makes of it. Errors: CORRUPT_IMAGE. A variant that is not
// decoded is no error: `decodable` is false.
Result<ImageInfo> inspect(Bytes bytes, const EmbeddedReaders& embedded, OpenRareRows open_rare);

// Whether the file's coding is rare; false for what is no BMP.
bool has_rare_coding(Bytes bytes);

// The bytes of the ICC profile that a V5 file, or the file embedded in it, holds; empty when it has none.
Result<Buffer> read_profile(Bytes bytes, const EmbeddedReaders& embedded);

}  // namespace netocr::bmp
