// What a file of any format says about itself.
#pragma once

#include "base/limits.hpp"
#include "image/meta/image_info.hpp"

namespace netocr {

// Errors: EMPTY_INPUT, INPUT_TOO_LARGE, UNRECOGNIZED_FORMAT, CORRUPT_IMAGE (header), IMAGE_TOO_LARGE.
// A format or variant that is recognised but not decodable here is no error: `decodable` is false.
Result<ImageInfo> inspect_image(Bytes bytes, const Limits& limits);

// Whether the header says that the second module reads this picture and this one does not: for its format, or
// for a rare coding of it. Where only the data tells (damaged progressive JPEGs, sequential ones of several
// scans) this is false, and open_row_source() answers with an error that has `left_to_codecs`.
bool is_left_to_codecs(Bytes bytes);

// The profile of a file whose ImageInfo::profile is kConverted. Errors: OUT_OF_MEMORY.
Result<IccProfile> read_profile(Bytes bytes, ImageFormat format);

}  // namespace netocr
