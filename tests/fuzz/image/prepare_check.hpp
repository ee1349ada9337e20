// Checks the promises of prepare_image on any file; the targets of the formats share it.
#pragma once

#include <initializer_list>

#include "base/bytes.hpp"
#include "sniff/image_format.hpp"

namespace netocr::fuzz {

// Prepares the file with settings that follow from its size, and ends the run when a promise is broken.
void check_preparing(Bytes bytes);

// Does the same if the file has one of these formats. Returns whether it has.
bool prepare_if(Bytes bytes, std::initializer_list<ImageFormat> family);

}  // namespace netocr::fuzz
