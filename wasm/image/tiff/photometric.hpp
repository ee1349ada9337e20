// Values of the tag PhotometricInterpretation (262), and their colour models.
#pragma once

#include "image/meta/image_info.hpp"

namespace netocr::tiff {

// The values that the decoder checks for.
enum Photometric : std::uint16_t {
  kPhotometricWhiteIsZero = 0,
  kPhotometricBlackIsZero = 1,
  kPhotometricRgb = 2,
  kPhotometricPalette = 3,
  kPhotometricMask = 4,
  kPhotometricSeparated = 5,
  kPhotometricYcbcr = 6,
  kPhotometricCieLab = 8,
  kPhotometricIccLab = 9,
  kPhotometricItuLab = 10,
  kPhotometricColorFilterArray = 32803,
  kPhotometricLogL = 32844,
  kPhotometricLogLuv = 32845,
  kPhotometricLinearRaw = 34892,
};

ColorModel color_model(std::uint16_t photometric);
// Returns the number of colour samples of a pixel: 1, 3 or 4.
std::uint32_t color_samples(std::uint16_t photometric);

}  // namespace netocr::tiff
