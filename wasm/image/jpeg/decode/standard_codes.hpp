// The typical Huffman tables of ITU-T T.81 K.3, which decoders use when a file has none.
#pragma once

#include <cstdint>

#include "image/jpeg/decode/huffman.hpp"

namespace netocr::jpeg {

enum class HuffmanClass : std::uint8_t { kDc, kAc };

// Table 0 is for luminance, table 1 for chrominance; null for any other.
const HuffmanCode* standard_huffman_code(HuffmanClass kind, std::uint8_t id);

}  // namespace netocr::jpeg
