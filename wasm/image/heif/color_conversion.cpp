// Derives the factors from the weights of red and blue in luma (H.273, table 4). The loops are plain, so that
// the compiler vectorises them.
#include "image/heif/color_conversion.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "image/heif/planes.hpp"

namespace netocr::heif {
namespace {

constexpr std::int32_t kHalf = 1 << 15;

struct Weights {
  double red, blue;
};
constexpr Weights kBt601{0.299, 0.114};

std::optional<Weights> weights_of(std::uint8_t matrix) {
  switch (matrix) {
    case 1:
      return Weights{0.2126, 0.0722};
    case 2:  // unspecified
    case 5:
    case 6:
      return kBt601;
    case 9:
      return Weights{0.2627, 0.0593};
    default:
      return std::nullopt;
  }
}

std::int32_t fixed(double factor) { return static_cast<std::int32_t>(std::lround(factor * 65536)); }

std::uint8_t clamped(std::int32_t sum) {
  return static_cast<std::uint8_t>(std::clamp((sum + kHalf) >> 16, 0, 255));
}

void convert_luma(const ColorConversion& by, std::uint8_t* row, const std::uint8_t* cb,
                  const std::uint8_t* cr, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    const std::int32_t chroma = by.y_of_cb * (cb[i / 2] - 128) + by.y_of_cr * (cr[i / 2] - 128);
    row[i] = clamped(by.y_of_y * (row[i] - by.black) + chroma);
  }
}

// Converts luma for a matrix of which only the range differs.
void stretch_luma(const ColorConversion& by, std::uint8_t* row, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) row[i] = clamped(by.y_of_y * (row[i] - by.black));
}

}  // namespace

bool is_converted(const SampleCoding& coding) { return weights_of(coding.matrix).has_value(); }

ColorConversion color_conversion_of(const SampleCoding& coding) {
  const Weights from = weights_of(coding.matrix).value_or(kBt601);
  const double green = 1 - from.red - from.blue;
  // The factors of Cb and Cr in red, green and blue.
  const double blue_of_cb = 2 * (1 - from.blue);
  const double red_of_cr = 2 * (1 - from.red);
  const double green_of_cb = -from.blue * blue_of_cb / green;
  const double green_of_cr = -from.red * red_of_cr / green;
  const double green_weight = 1 - kBt601.red - kBt601.blue;
  const double y_of_cb = kBt601.blue * blue_of_cb + green_weight * green_of_cb;
  const double y_of_cr = kBt601.red * red_of_cr + green_weight * green_of_cr;
  const double luma = coding.is_full_range ? 1 : 255.0 / 219;
  const double chroma = coding.is_full_range ? 1 : 255.0 / 224;
  const double cb = chroma / (2 * (1 - kBt601.blue));
  const double cr = chroma / (2 * (1 - kBt601.red));
  ColorConversion conversion;
  conversion.black = coding.is_full_range ? 0 : 16;
  conversion.y_of_y = fixed(luma);
  conversion.y_of_cb = fixed(chroma * y_of_cb);
  conversion.y_of_cr = fixed(chroma * y_of_cr);
  conversion.cb_of_cb = fixed(cb * (blue_of_cb - y_of_cb));
  conversion.cb_of_cr = fixed(-cb * y_of_cr);
  conversion.cr_of_cb = fixed(-cr * y_of_cb);
  conversion.cr_of_cr = fixed(cr * (red_of_cr - y_of_cr));
  return conversion;
}

void convert_color(const ColorConversion& conversion, std::uint8_t* upper, std::uint8_t* lower,
                   std::uint8_t* cb, std::uint8_t* cr, std::size_t width) {
  const ColorConversion by = conversion;
  const bool is_apart = by.y_of_cb == 0 && by.y_of_cr == 0;
  for (std::uint8_t* const row : {upper, lower}) {
    if (row == nullptr) continue;
    is_apart ? stretch_luma(by, row, width) : convert_luma(by, row, cb, cr, width);
  }
  for (std::size_t i = 0; i < (width + 1) / 2; ++i) {
    const std::int32_t blueness = cb[i] - 128;
    const std::int32_t redness = cr[i] - 128;
    cb[i] = clamped(by.cb_of_cb * blueness + by.cb_of_cr * redness + (128 << 16));
    cr[i] = clamped(by.cr_of_cb * blueness + by.cr_of_cr * redness + (128 << 16));
  }
}

}  // namespace netocr::heif
