// Converts pixels of a TIFF at 16 bits per sample to 8-bit grey or RGB over white.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// The converter of one picture.
class Colors {
 public:
  // The header must have passed check_variant(). Errors: OUT_OF_MEMORY.
  // With `keeps_inks` CMYK is not converted to RGB.
  static Result<Colors> create(const Header& header, bool keeps_inks = false);

  bool is_grey() const { return is_grey_; }
  bool has_inks() const { return has_inks_; }
  // Return the number of samples that are read of each pixel, and whether the first is an index.
  std::uint32_t samples() const { return samples_; }
  bool is_indexed() const { return photometric_ == kPhotometricPalette; }

  // Converts `width` pixels of `samples()` values each, alpha last, to one byte of grey, three of RGB or four
  // of inverted inks each. Alpha is blended over white.
  void convert(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out) const;

 private:
  template <typename Load>
  void convert_with(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out, Load load) const;
  void convert_inks(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out) const;
  Status read_palette(const ColorMap& colors, std::uint16_t bits);
  Status prepare_lab(std::array<double, 2> white);

  std::uint16_t photometric_ = kPhotometricBlackIsZero;
  std::uint16_t bits_ = 8;
  Alpha alpha_ = Alpha::kNone;
  std::uint32_t samples_ = 1;
  bool is_grey_ = true;
  bool has_inks_ = false;
  Array<std::uint16_t> table_;         // of a palette: red, green, blue; of Lab: linear light -> sRGB
  std::uint32_t entries_ = 0;          // size of the palette
  std::array<float, 9> lab_matrix_{};  // X/Xn, Y/Yn, Z/Zn -> linear sRGB
  std::array<float, 3> luma_{};
  std::array<float, 6> reference_{};
};

}  // namespace netocr::tiff
