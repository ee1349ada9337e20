// The typical Huffman tables of ITU-T T.81 K.3, which every decoder knows.
#pragma once

#include <cstdint>

#include "image/jpeg/decode/huffman.hpp"

namespace netocr::jpeg {

enum class HuffmanClass : std::uint8_t { kDc, kAc };

// Table 0 is luminance's, table 1 chrominance's; null for any other.
const HuffmanCode* standard_huffman_code(HuffmanClass kind, std::uint8_t id);

}  // namespace netocr::jpeg
