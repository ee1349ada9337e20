// Writes a zlib stream without a compressor. As in the rows of a photo, literals alternate with matches in
// the row above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace netocr::bench {

struct Deflated {
  std::vector<std::uint8_t> stream;  // zlib stream (RFC 1950), one block of fixed codes
  std::size_t size = 0;              // size of the inflated bytes
};

Deflated make_deflated(std::size_t size);

}  // namespace netocr::bench
