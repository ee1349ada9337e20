// What decoding a JPEG 2000 file would take, from its headers alone: asked before the library sees a byte.
#pragma once

#include "base/limits.hpp"
#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

// What is going to be decoded.
struct Plan {
  std::uint32_t reduce = 0;                   // halvings of the size
  std::span<const std::uint32_t> components;  // that are wanted
  std::size_t channels = 0;                   // rows of 8-bit samples that are kept of each row of tiles
};

// `bytes` is the file's size. Errors: IMAGE_TOO_LARGE when memory is over the limit; CORRUPT_IMAGE when
// sizes, code-blocks or packets are out of proportion to the bytes that are there.
Status check_cost(const Header& header, const Plan& plan, std::size_t bytes, const Limits& limits);

}  // namespace netocr::jp2
