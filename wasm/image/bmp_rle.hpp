// RLE4 and RLE8 of BMP, decoded one row at a time in any order: the stream runs bottom-up, rows are wanted
// top-down.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr {

// An index of where each row starts (8 bytes a row instead of a byte a pixel, so that a small file cannot ask
// for much).
class BmpRleRows {
 public:
  // `stream` stays alive. Errors: CORRUPT_IMAGE when it holds no pixel, OUT_OF_MEMORY.
  static Result<BmpRleRows> create(Bytes stream, std::uint32_t width, std::uint32_t height, bool four_bits);

  // True when the stream ended before its end code and before the last row.
  bool truncated() const { return truncated_; }

  // Palette indices of row `row`, counted as stored (0 is the bottom one of most files), into `indices`
  // (width bytes). Pixels that the stream skips have index 0.
  void decode(std::uint32_t row, std::uint8_t* indices) const;

 private:
  struct Start {
    std::uint32_t offset;  // into stream_; kAbsent when nothing is stored for the row
    std::uint32_t x;
  };
  static constexpr std::uint32_t kAbsent = 0xffff'ffff;

  Status build(std::uint32_t height);
  std::uint32_t draw_run(std::uint32_t x, std::uint32_t count, std::uint8_t value,
                         std::uint8_t* indices) const;
  std::uint32_t draw_literal(std::uint32_t x, std::uint32_t count, Bytes packed, std::uint8_t* indices) const;

  Bytes stream_;
  Array<Start> starts_;
  std::uint32_t width_ = 0;
  bool four_bits_ = false;
  bool truncated_ = false;
};

}  // namespace netocr
