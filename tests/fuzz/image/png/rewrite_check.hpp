// What png::rewrite promises, checked with any file.
#pragma once

#include "base/buffer.hpp"

namespace netocr::fuzz {

// Whether the file was rewritten. The result is read by a reader of its own.
bool check_png_rewriting(Bytes file);

}  // namespace netocr::fuzz
