// What a rewrite without loss gives.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

struct RewrittenPicture {
  Buffer bytes;
  std::uint32_t width = 0;  // upright pixels
  std::uint32_t height = 0;
};

}  // namespace netocr
