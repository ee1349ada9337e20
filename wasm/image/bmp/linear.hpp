// Decodes pixels of 64 bits as GDI+ writes them: blue, green, red, alpha of 16 bits, signed, 8192 is 1.0;
// linear light.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "image/bmp/coded_rows.hpp"

namespace netocr::bmp {

class LinearRows final : public CodedRows {
 public:
  // The pixels must outlive the rows. Errors: CORRUPT_IMAGE when not even one row is complete, OUT_OF_MEMORY.
  static Result<LinearRows> create(const Header& header);

  bool truncated() const override { return whole_rows_ < height_; }
  std::uint32_t whole_rows() const override { return whole_rows_; }
  // Writes sRGB.
  void decode(std::uint32_t row, std::uint8_t* rgba) const override;

 private:
  Bytes pixels_;
  Array<std::uint8_t> srgb_;  // sRGB value of linear light in units of 1/8192
  std::uint64_t row_bytes_ = 0;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t whole_rows_ = 0;
};

}  // namespace netocr::bmp
