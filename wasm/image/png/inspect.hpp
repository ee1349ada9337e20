// What the chunks of a PNG say, as an ImageInfo, and its colours.
#pragma once

#include "image/meta/image_info.hpp"

namespace netocr::png {

// Errors: CORRUPT_IMAGE. A variant that is not decoded is no error: `decodable` is false.
Result<ImageInfo> inspect(Bytes bytes);

// The bytes of an ICC profile that describes the file's colours; see read_colors().
Result<Buffer> read_profile(Bytes bytes);

}  // namespace netocr::png
