// The result of a lossless rewrite.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

struct RewrittenPicture {
  Buffer bytes;
  std::uint32_t width = 0;  // size in upright pixels
  std::uint32_t height = 0;
};

}  // namespace netocr
