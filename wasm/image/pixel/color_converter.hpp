// The conversion of a small picture to sRGB that only one of the modules can do (image/lut); the flow knows
// it by this interface.
#pragma once

#include "image/pixel/planar_image.hpp"

namespace netocr {

class ColorConverter {
 public:
  ColorConverter() = default;
  ColorConverter(const ColorConverter&) = delete;
  ColorConverter& operator=(const ColorConverter&) = delete;
  virtual ~ColorConverter() = default;

  // Converts a picture of one plane, of three in 4:4:4, or of four inks, to one plane of grey or three in
  // 4:4:4. Errors: OUT_OF_MEMORY, CORRUPT_IMAGE for inks
  // without a CMYK profile and the reverse.
  virtual Status to_srgb(PlanarImage& image) = 0;
};

}  // namespace netocr
