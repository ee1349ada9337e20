// The rows of a PNG's pixels as the file has them, and the passes of an interlaced one: what decoding and
// rewriting have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/limits.hpp"
#include "image/png/chunks.hpp"
#include "image/png/inflate.hpp"

namespace netocr::png {

// Adam7 (PNG specification, 8.2): the pixels of a pass, by the first of them and their distances.
struct Pass {
  std::uint32_t x, y, step_x, step_y;

  std::uint32_t width_of(std::uint32_t width) const { return width > x ? (width - x - 1) / step_x + 1 : 0; }
};
inline constexpr Pass kPasses[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                   {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

// Bytes of a row of so many pixels, without its filter byte; of pictures that check_data() has passed.
std::size_t row_bytes(std::size_t bits_per_pixel, std::uint32_t width);

// Refuses a picture that its compressed data cannot hold, or whose rows cannot be indexed, before memory and
// time are taken for it. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE.
Status check_data(const Header& header);

// The rows one after the other, inflated and unfiltered.
class Rows {
 public:
  // `file`, whose header it is, outlives the rows. read() can be asked for as much as a row of the picture
  // has. Errors: OUT_OF_MEMORY.
  static Result<Rows> create(Bytes file, const Header& header);

  // The next row of `size` bytes (undo_filter has the shapes). False when there is none: the file is cut
  // off or damaged, and stays so.
  bool read(std::size_t size, const std::uint8_t* above, std::size_t pixel_bytes, std::uint8_t* row);

  // Behind the last row: whether the file ends as it should.
  bool ends_well();
  // As ends_well(), and with nothing behind the last row in the stream or behind the stream in the chunks.
  bool ends_exactly();

  // Where the data was last read, in the file.
  std::size_t position() const { return data_->position(); }

 private:
  Rows(std::unique_ptr<Data> data, Inflater inflater)
      : data_(std::move(data)), inflater_(std::move(inflater)) {}

  std::unique_ptr<Data> data_;  // which the inflater reads
  Inflater inflater_;
};

}  // namespace netocr::png
