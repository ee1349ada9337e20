// Decodes RLE4, RLE8 and RLE24 of BMP, one row at a time in any order: the stream runs bottom-up, rows are
// requested top-down.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"
#include "image/bmp/coded_rows.hpp"

namespace netocr::bmp {

// Stores where each row starts. The index has 8 bytes a row rather than a few per pixel, so that a small file
// cannot claim much memory.
class RleRows final : public CodedRows {
 public:
  // The stream must outlive the rows. Errors: CORRUPT_IMAGE when it holds no pixel, OUT_OF_MEMORY.
  static Result<RleRows> create(const Header& header);

  // Returns whether the stream ended before its end code and before the last row, or has pixels below that
  // row.
  bool truncated() const override { return truncated_; }

  // Returns the number of rows, as stored, whose pixels the stream has or skips on purpose: all of them
  // unless it is truncated.
  std::uint32_t whole_rows() const override { return whole_rows_; }

  // Writes row `row`, counted as stored (0 is the bottom one of most files), to `rgba` (4 * width bytes).
  // Pixels that the stream skips are transparent, as in browsers; indices that the palette lacks are black.
  void decode(std::uint32_t row, std::uint8_t* rgba) const override;

 private:
  using Color = std::array<std::uint8_t, 4>;  // red, green, blue, alpha
  struct Start {
    std::uint32_t offset;  // offset in stream_; kAbsent when nothing is stored for the row
    std::uint32_t x;
  };
  static constexpr std::uint32_t kAbsent = 0xffff'ffff;

  Status build(std::uint32_t height);
  std::uint32_t draw(std::uint32_t x, std::uint32_t count, Bytes values, bool repeat,
                     std::uint8_t* rgba) const;

  Bytes stream_;
  Array<Start> starts_;
  std::array<Color, 256> palette_{};
  std::uint32_t width_ = 0;
  std::uint8_t bits_ = 0;  // bits of a pixel: 4, 8 or 24
  std::uint32_t whole_rows_ = 0;
  bool truncated_ = false;
};

}  // namespace netocr::bmp
