// The interface of the PNG readers in this comparison: a file goes in, unfiltered rows come out one after the
// other. Each module links one implementation of open_rows().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/buffer.hpp"

namespace netocr::bench {

// Describes the rows of a picture that is not interlaced.
struct RowShape {
  std::uint32_t count = 0;
  std::size_t bytes = 0;        // size of a row without its filter byte
  std::size_t pixel_bytes = 0;  // bytes of a pixel as the filters count them: 1, 2, 3, 4, 6 or 8
};

class RowReader {
 public:
  virtual ~RowReader() = default;
  // Writes the next row to `row`; `above` is the row before it, or zeroes. png::kRowPadding bytes behind both
  // may be read and written. Returns false when the file is damaged or memory is missing.
  virtual bool read(const std::uint8_t* above, std::uint8_t* row) = 0;
  // Reports after the last row whether the stream ends there with the right checksum.
  virtual bool ends_well() = 0;
};

// `file` must outlive the reader. Returns null without memory, and for a file that this reader does not read.
std::unique_ptr<RowReader> open_rows(Bytes file, const RowShape& shape);

// Delivers the rows before the filters are undone, as a library for zlib streams does.
class FilteredRows {
 public:
  virtual ~FilteredRows() = default;
  // Returns the next row behind its filter byte, with png::kRowPadding readable bytes behind it; it is valid
  // until the next call. Returns null on an error.
  virtual const std::uint8_t* next() = 0;
  virtual bool ends_well() = 0;
};

std::unique_ptr<FilteredRows> open_filtered_rows(Bytes file, const RowShape& shape);

// undo_filter() of png/filter.hpp, or its replacement in this module.
void undo_filter(std::uint8_t filter, const std::uint8_t* filtered, const std::uint8_t* above,
                 const RowShape& shape, std::uint8_t* row);

}  // namespace netocr::bench
