// Decodes one entropy-coded WSQ block: Huffman symbols to quantised wavelet coefficients.
#pragma once

#include "image/wsq/stream.hpp"

namespace netocr::wsq {

// Stores coefficients in file order. It grows as they arrive, so that its memory depends on the file's data
// and not on its claims.
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

// Decodes `data` up to its next marker, at most until `coefficients` holds `limit`. Returns the number of
// consumed bytes, without the marker. `position` is the offset of `data` in the file, for errors. Errors:
// CORRUPT_IMAGE, OUT_OF_MEMORY.
Result<std::size_t> decode_block(const HuffmanTable& table, Bytes data, std::size_t position,
                                 std::size_t limit, Coefficients& coefficients);

}  // namespace netocr::wsq
