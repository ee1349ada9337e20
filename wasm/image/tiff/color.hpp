// Pixels of a TIFF at 16 bits a sample -> 8-bit grey or RGB over white.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// Made once for a picture.
class Colors {
 public:
  // Of a header that check_variant() passed. Errors: OUT_OF_MEMORY.
  static Result<Colors> create(const Header& header);

  bool is_grey() const { return is_grey_; }
  // How many samples of a pixel are looked at, and whether the first is an index.
  std::uint32_t samples() const { return samples_; }
  bool is_indexed() const { return photometric_ == kPhotometricPalette; }

  // `width` pixels of `samples()` values each, alpha last -> one byte of grey or three of RGB each. Alpha is
  // laid over white.
  void convert(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out) const;

 private:
  template <typename Load>
  void convert_with(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out, Load load) const;
  Status read_palette(const ColorMap& colors, std::uint16_t bits);
  Status prepare_lab(std::array<double, 2> white);

  std::uint16_t photometric_ = kPhotometricBlackIsZero;
  std::uint16_t bits_ = 8;
  Alpha alpha_ = Alpha::kNone;
  std::uint32_t samples_ = 1;
  bool is_grey_ = true;
  Array<std::uint16_t> table_;         // of a palette: red, green, blue; of Lab: linear light -> sRGB
  std::uint32_t entries_ = 0;          // of the palette
  std::array<float, 9> lab_matrix_{};  // X/Xn, Y/Yn, Z/Zn -> linear sRGB
  std::array<float, 3> luma_{};
  std::array<float, 6> reference_{};
};

}  // namespace netocr::tiff
