// How hard the image flow tries.
#pragma once

#include <cstdint>

namespace netocr::jpeg {

enum class Effort : std::uint8_t {
  kDefault,
  kBest,  // more decoded pixels and trellis quantisation, for several times the time and 3 bytes more a pixel
};

}  // namespace netocr::jpeg
