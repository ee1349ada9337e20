// What the markers of a JPEG say, as an ImageInfo.
#pragma once

#include "image/meta/image_info.hpp"

namespace netocr::jpeg {

// Errors: CORRUPT_IMAGE. A variant that is not decoded is no error: `decodable` is false.
Result<ImageInfo> inspect(Bytes bytes);

}  // namespace netocr::jpeg
