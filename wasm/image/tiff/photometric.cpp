// Maps each value of the tag to its colour model and its number of colour samples.
#include "image/tiff/photometric.hpp"

namespace netocr::tiff {

ColorModel color_model(std::uint16_t photometric) {
  switch (photometric) {
    case kPhotometricWhiteIsZero:
    case kPhotometricBlackIsZero:
    case kPhotometricMask:
    case kPhotometricLogL:
      return ColorModel::kGrey;
    case kPhotometricRgb:
      return ColorModel::kRgb;
    case kPhotometricPalette:
      return ColorModel::kPalette;
    case kPhotometricSeparated:
      return ColorModel::kCmyk;
    case kPhotometricYcbcr:
      return ColorModel::kYcbcr;
    case kPhotometricCieLab:
    case kPhotometricIccLab:
    case kPhotometricItuLab:
    case kPhotometricLogLuv:
      return ColorModel::kLab;
    default:
      return ColorModel::kUnknown;
  }
}

std::uint32_t color_samples(std::uint16_t photometric) {
  switch (color_model(photometric)) {
    case ColorModel::kGrey:
    case ColorModel::kPalette:
      return 1;
    case ColorModel::kCmyk:
      return 4;
    default:
      return 3;
  }
}

}  // namespace netocr::tiff
