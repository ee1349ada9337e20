// Reads the rows of a PNG's pixels as they are in the file, and defines the passes of an interlaced one, for
// decoding and rewriting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/limits.hpp"
#include "image/png/chunks.hpp"
#include "image/png/inflate.hpp"

namespace netocr::png {

// A pass of Adam7 (PNG specification, 8.2): its first pixel and the distances between its pixels.
struct Pass {
  std::uint32_t x, y, step_x, step_y;

  std::uint32_t width_of(std::uint32_t width) const { return width > x ? (width - x - 1) / step_x + 1 : 0; }
};
inline constexpr Pass kPasses[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                   {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

// Returns the size of a row of `width` pixels without its filter byte; the picture must have passed
// check_data().
std::size_t row_bytes(std::size_t bits_per_pixel, std::uint32_t width);

// Rejects a picture that its compressed data cannot contain, or whose rows cannot be indexed, before memory
// and time are spent on it. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE.
Status check_data(const Header& header);

// Inflates and unfilters the rows one after the other.
class Rows {
 public:
  // `header` is that of `file`, which must outlive the rows. read() accepts sizes up to a row of the picture.
  // Errors: OUT_OF_MEMORY.
  static Result<Rows> create(Bytes file, const Header& header);

  // Reads the next row of `size` bytes (see undo_filter for the shapes). Returns false when there is none:
  // the file is truncated or damaged, and all further calls return false.
  bool read(std::size_t size, const std::uint8_t* above, std::size_t pixel_bytes, std::uint8_t* row);

  // Returns after the last row whether the file ends correctly.
  bool ends_well();
  // Returns the same, and requires that nothing follows the last row in the stream or the stream in the
  // chunks.
  bool ends_exactly();

  // Returns the position in the file where data was last read.
  std::size_t position() const { return data_->position(); }

 private:
  Rows(std::unique_ptr<Data> data, Inflater inflater)
      : data_(std::move(data)), inflater_(std::move(inflater)) {}

  std::unique_ptr<Data> data_;  // input of the inflater
  Inflater inflater_;
};

}  // namespace netocr::png
