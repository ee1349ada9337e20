// Filters the rows of a PNG that is written (PNG specification, 9.2): each one's best filter is guessed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::png {

class RowFilter {
 public:
  // For rows of `size` bytes; `pixel_bytes` is 1 or 3. Errors: OUT_OF_MEMORY.
  static Result<RowFilter> create(std::size_t size, std::size_t pixel_bytes);

  // Where the next row is to be written.
  MutableBytes row() { return {rows_.data() + current_, size_}; }
  // The filter byte and the filtered bytes of row(), with the filter whose differences have the smallest sum
  // of magnitudes (12.7 in the specification), the first of equal ones; or unfiltered. They are valid until
  // the next call. The row is then the one above the next.
  Bytes filtered(bool is_adaptive);

 private:
  std::size_t size_ = 0;
  std::size_t pixel_bytes_ = 0;
  std::size_t above_ = 0;  // where the rows begin in rows_
  std::size_t current_ = 0;
  Buffer rows_;      // two, each behind zeroes as the pixel on its left
  Buffer filtered_;  // two candidates with their filter bytes
};

}  // namespace netocr::png
