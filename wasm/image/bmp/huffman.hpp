// Decodes Huffman 1D of OS/2 2.x bitmaps (modified Huffman, ITU-T T.4 section 4.1), one row at a time in any
// order.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "image/bmp/coded_rows.hpp"

namespace netocr::bmp {

// Reads MH code words, most significant bit first, with or without end-of-line codes. It stores where each
// row starts (4 bytes a row).
class HuffmanRows final : public CodedRows {
 public:
  // The stream must outlive the rows. Errors: CORRUPT_IMAGE when it holds no run, OUT_OF_MEMORY.
  static Result<HuffmanRows> create(const Header& header);

  bool truncated() const override { return truncated_; }

  std::uint32_t whole_rows() const override { return whole_rows_; }

  // Writes row `row`, counted as stored, to `indices` (width bytes): palette index 0 is T.4's white, 1 black.
  // Missing pixels have index 0.
  void decode(std::uint32_t row, std::uint8_t* indices) const override;

 private:
  Bytes stream_;
  Array<std::uint32_t> starts_;  // start of each row, in bits
  Array<std::uint16_t> codes_;   // lookup by the next 13 bits: white, then black
  std::uint32_t width_ = 0;
  std::uint32_t rows_ = 0;  // rows that begin in the stream
  std::uint32_t whole_rows_ = 0;
  bool truncated_ = false;
};

}  // namespace netocr::bmp
