// Checks the promises of png::rewrite on any file.
#pragma once

#include "base/buffer.hpp"

namespace netocr::fuzz {

// Returns whether the file was rewritten. An independent reader decodes the result.
bool check_png_rewriting(Bytes file);

}  // namespace netocr::fuzz
