// Entropy decoding of one WSQ block: Huffman symbols to quantised wavelet coefficients.
#pragma once

#include "image/wsq/stream.hpp"

namespace netocr::wsq {

// Coefficients in file order; grows as they arrive, so that its memory follows the file and not what the file
// claims.
class Coefficients {
 public:
  // Errors: OUT_OF_MEMORY.
  Status append(std::int16_t value);
  Status append_zeros(std::size_t count);
  std::size_t size() const { return size_; }
  std::int16_t operator[](std::size_t index) const { return values_[index]; }

 private:
  Status reserve(std::size_t count);
  Array<std::int16_t> values_;
  std::size_t size_ = 0;
};

// Decodes `data` up to its next marker, at most until `coefficients` holds `limit`. Answers the bytes taken
// (the marker not among them). `position` is where `data` stands in the file, for errors. Errors:
// CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::size_t> decode_block(const HuffmanTable& table, Bytes data, std::size_t position,
                                 std::size_t limit, Coefficients& coefficients);

}  // namespace netocr::wsq
