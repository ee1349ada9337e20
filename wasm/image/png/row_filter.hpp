// Filters the rows of a PNG that is written (PNG specification, 9.2) and chooses each row's filter by a
// heuristic.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::png {

class RowFilter {
 public:
  // Creates a filter for rows of `size` bytes; `pixel_bytes` is 1 or 3. Errors: OUT_OF_MEMORY.
  static Result<RowFilter> create(std::size_t size, std::size_t pixel_bytes);

  // Returns the buffer for the next row.
  MutableBytes row() { return {rows_.data() + current_, size_}; }
  // Returns the filter byte and the filtered bytes of row(), with the filter whose differences have the
  // smallest sum of magnitudes (12.7 in the specification), the first of equal ones; or unfiltered. They are
  // valid until the next call. The row then becomes the one above the next.
  Bytes filtered(bool is_adaptive);

 private:
  std::size_t size_ = 0;
  std::size_t pixel_bytes_ = 0;
  std::size_t above_ = 0;  // offset in rows_
  std::size_t current_ = 0;
  Buffer rows_;      // two rows, each behind zeroes for the pixel on its left
  Buffer filtered_;  // two candidates with their filter bytes
};

}  // namespace netocr::png
