// What all ways of this comparison to read a PNG's pixels have in common: a file goes in, unfiltered rows
// come out, one after the other. Each module links one implementation of open_rows().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/buffer.hpp"

namespace netocr::bench {

// The rows of a picture that is not interlaced.
struct RowShape {
  std::uint32_t count = 0;
  std::size_t bytes = 0;        // of a row without its filter byte
  std::size_t pixel_bytes = 0;  // as the filters count them: 1, 2, 3, 4, 6 or 8
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  // Writes the next row to `row`; `above` is the row before it, or zeroes. png::kRowPadding bytes behind both
  // may be read and written. False: the file is damaged, or memory is missing.
  virtual bool read(const std::uint8_t* above, std::uint8_t* row) = 0;
  // Behind the last row: whether the stream ends there with the right checksum.
  virtual bool ends_well() = 0;
};

// `file` outlives the reader. Null: no memory, or no such file.
std::unique_ptr<RowReader> open_rows(Bytes file, const RowShape& shape);

// The same without the filters being undone: what a library for zlib streams gives.
class FilteredRows {
 public:
  virtual ~FilteredRows() = default;
  // The next row behind its filter byte, with png::kRowPadding readable bytes; valid until the next call.
  // Null on an error.
  virtual const std::uint8_t* next() = 0;
  virtual bool ends_well() = 0;
};

std::unique_ptr<FilteredRows> open_filtered_rows(Bytes file, const RowShape& shape);

// undo_filter() of png/filter.hpp, or what takes its place in this module.
void undo_filter(std::uint8_t filter, const std::uint8_t* filtered, const std::uint8_t* above,
                 const RowShape& shape, std::uint8_t* row);

}  // namespace netocr::bench
