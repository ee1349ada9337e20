// Selects between speed and quality of the image flow.
#pragma once

#include <cstdint>

namespace netocr::jpeg {

enum class Effort : std::uint8_t {
  kDefault,
  kBest,  // more decoded pixels and trellis quantisation, at several times the time and 3 more bytes a pixel
};

}  // namespace netocr::jpeg
