// Packed samples of a TIFF row (1 to 64 bits, signed, unsigned or float) -> 16 bits each.
#pragma once

#include <cstddef>
#include <cstdint>

#include "image/tiff/header.hpp"

namespace netocr::tiff {

struct SampleCoding {
  std::uint16_t bits = 8;
  SampleType kind = SampleType::kUnsigned;  // not kOther
  bool is_index = false;                    // of a palette: the values themselves, at most 16 bits
  double low = 0;                           // of floats: what becomes 0
  double high = 1;                          // and 65535
};

// Sample i of `packed` (most significant bit first; samples of whole bytes little-endian) becomes out[i *
// step]: integers scaled so that their largest value becomes 65535 and rounded, signed ones from their
// smallest value up, floats clipped (what is not a number is 0). `packed` has (count * bits + 7) / 8 bytes.
void unpack_samples(const std::uint8_t* packed, std::size_t count, const SampleCoding& coding,
                    std::uint16_t* out, std::size_t step);

}  // namespace netocr::tiff
