// What the markers of a JPEG say, as an ImageInfo.
#pragma once

#include "image/meta/image_info.hpp"

namespace netocr::jpeg {

// Errors: CORRUPT_IMAGE. A variant that is not decoded is no error: `decodable` is false.
Result<ImageInfo> inspect(Bytes bytes);

// The same where the library is missing: a rare file is not decodable. One that only turns out to be left to
// the library when it is opened is `decodable`, because the header does not tell.
Result<ImageInfo> inspect_usual(Bytes bytes);

// Whether the header says that only the library decodes the file: arithmetic coding, RGB, CMYK, YCCK. False
// for what is no JPEG and for a variant that is not decoded at all.
bool is_rare(Bytes bytes);

}  // namespace netocr::jpeg
