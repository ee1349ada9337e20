// Estimates from the headers alone what decoding a JPEG 2000 file costs, before the library reads a byte.
#pragma once

#include "base/limits.hpp"
#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

// The part of the file that is going to be decoded.
struct Plan {
  std::uint32_t reduce = 0;                   // halvings of the size
  std::span<const std::uint32_t> components;  // indices of the decoded components
  std::size_t channels = 0;                   // rows of 8-bit samples that are kept of each row of tiles
};

// `bytes` is the file's size. Errors: IMAGE_TOO_LARGE when memory is over the limit; CORRUPT_IMAGE when
// sizes, code-blocks or packets are out of proportion to the available bytes.
Status check_cost(const Header& header, const Plan& plan, std::size_t bytes, const Limits& limits);

}  // namespace netocr::jp2
