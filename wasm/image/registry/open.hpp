// The one place where a picture's file is opened: recognised by its bytes, and its header read.
#pragma once

#include <memory>

#include "image/meta/open_image.hpp"

namespace netocr {

// `bytes` stay alive and unchanged while the image or its rows live. A format or variant that is recognised
// but not decoded here is no error: its info() is not `decodable`. Errors: EMPTY_INPUT, INPUT_TOO_LARGE,
// UNRECOGNIZED_FORMAT, CORRUPT_IMAGE (header), IMAGE_TOO_LARGE, OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open_image(Bytes bytes, const Limits& limits);

// Whether the header says that the second module reads this picture and this one does not: for its format, or
// for a rare coding of it. Where only the data tells (damaged progressive JPEGs, sequential ones of several
// scans) this is false, and OpenImage::rows() answers with an error that has `left_to_codecs`.
bool is_left_to_codecs(Bytes bytes);

}  // namespace netocr
