// Converts packed samples of a TIFF row (1 to 64 bits, signed, unsigned or float) to 16 bits each.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/tiff/header.hpp"

namespace netocr::tiff {

struct SampleCoding {
  std::uint16_t bits = 8;
  SampleType kind = SampleType::kUnsigned;  // never kOther
  bool is_index = false;                    // palette index: the value itself, at most 16 bits
  double low = 0;                           // float value that becomes 0
  double high = 1;                          // float value that becomes 65535
};

// Converts sample i of `packed` (most significant bit first; samples of whole bytes little-endian) to out[i *
// step]: integers are scaled so that their max becomes 65535 and rounded, signed ones from their min up,
// floats are clipped (NaN becomes 0). `packed` has (count * bits + 7) / 8 bytes.
void unpack_samples(const std::uint8_t* packed, std::size_t count, const SampleCoding& coding,
                    std::uint16_t* out, std::size_t step);

}  // namespace netocr::tiff
