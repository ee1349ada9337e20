// A zlib stream made without a compressor: like the rows of a photo, literals between matches from the row
// above.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace netocr::bench {

struct Deflated {
  std::vector<std::uint8_t> stream;  // RFC 1950, one block of fixed codes
  std::size_t size = 0;              // bytes that come out of it
};

Deflated make_deflated(std::size_t size);

}  // namespace netocr::bench
