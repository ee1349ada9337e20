// Fixed point with 16 fraction bits and the constants of JFIF 1.02; the loops are plain so that clang
// vectorises them.
#include "image/color.hpp"

#include <algorithm>

namespace netocr {
namespace {

// round(c * 65536) for the JFIF constants; each row sums to 65536 (Y) or 0 (Cb, Cr), so that grey stays grey.
constexpr std::int32_t kYr = 19595, kYg = 38470, kYb = 7471;
constexpr std::int32_t kCbR = -11058, kCbG = -21710, kCbB = 32768;
constexpr std::int32_t kCrR = 32768, kCrG = -27439, kCrB = -5329;
static_assert(kYr + kYg + kYb == 65536 && kCbR + kCbG + kCbB == 0 && kCrR + kCrG + kCrB == 0);
constexpr std::int32_t kHalf = 1 << 15;
// 128 plus one half, less one unit: 127.5 + 128 rounds to 255 instead of 256.
constexpr std::int32_t kChromaOffset = (128 << 16) + kHalf - 1;

struct Rgb {
  std::int32_t r, g, b;
};

// v / 255 rounded to nearest, exact for 0 <= v <= 255 * 255.
inline std::int32_t divide_by_255(std::int32_t v) {
  const std::int32_t biased = v + 128;
  return (biased + (biased >> 8)) >> 8;
}
inline std::int32_t over_white(std::int32_t value, std::int32_t alpha) {
  return 255 - divide_by_255((255 - value) * alpha);
}

inline std::uint8_t luma(Rgb p) {
  return static_cast<std::uint8_t>((kYr * p.r + kYg * p.g + kYb * p.b + kHalf) >> 16);
}
inline std::uint8_t chroma_blue(Rgb p) {
  return static_cast<std::uint8_t>((kCbR * p.r + kCbG * p.g + kCbB * p.b + kChromaOffset) >> 16);
}
inline std::uint8_t chroma_red(Rgb p) {
  return static_cast<std::uint8_t>((kCrR * p.r + kCrG * p.g + kCrB * p.b + kChromaOffset) >> 16);
}

// `load` turns the bytes of one pixel into RGB.
template <std::size_t kBytes, typename Load>
inline void convert_row(const std::uint8_t* __restrict pixels, std::size_t width, YccRow row, Load load) {
  std::uint8_t* __restrict y = row.y;
  std::uint8_t* __restrict cb = row.cb;
  std::uint8_t* __restrict cr = row.cr;
  for (std::size_t i = 0; i < width; ++i) {
    const Rgb p = load(pixels + i * kBytes);
    y[i] = luma(p);
    cb[i] = chroma_blue(p);
    cr[i] = chroma_red(p);
  }
}

}  // namespace

void rgb_to_ycc(const std::uint8_t* rgb, std::size_t width, YccRow row) {
  convert_row<3>(rgb, width, row, [](const std::uint8_t* p) { return Rgb{p[0], p[1], p[2]}; });
}

void bgr_to_ycc(const std::uint8_t* bgr, std::size_t width, YccRow row) {
  convert_row<3>(bgr, width, row, [](const std::uint8_t* p) { return Rgb{p[2], p[1], p[0]}; });
}

void rgba_to_ycc(const std::uint8_t* rgba, std::size_t width, YccRow row) {
  convert_row<4>(rgba, width, row, [](const std::uint8_t* p) {
    return Rgb{over_white(p[0], p[3]), over_white(p[1], p[3]), over_white(p[2], p[3])};
  });
}

void bgrx_to_ycc(const std::uint8_t* bgrx, std::size_t width, YccRow row) {
  convert_row<4>(bgrx, width, row, [](const std::uint8_t* p) { return Rgb{p[2], p[1], p[0]}; });
}

void inverted_cmyk_to_ycc(const std::uint8_t* cmyk, std::size_t width, YccRow row) {
  convert_row<4>(cmyk, width, row, [](const std::uint8_t* p) {
    return Rgb{divide_by_255(p[0] * p[3]), divide_by_255(p[1] * p[3]), divide_by_255(p[2] * p[3])};
  });
}

void ycck_to_cmyk(std::uint8_t* pixels, std::size_t width) {
  // round(c * 65536) for 1.402, 0.344136, 0.714136 and 1.772
  constexpr std::int32_t kRcr = 91881, kGcb = 22554, kGcr = 46802, kBcb = 116130;
  const auto ink = [](std::int32_t color) {
    return static_cast<std::uint8_t>(255 - std::clamp(color, 0, 255));
  };
  for (std::uint8_t* p = pixels; p != pixels + 4 * width; p += 4) {
    const std::int32_t y = p[0];
    const std::int32_t cb = p[1] - 128;
    const std::int32_t cr = p[2] - 128;
    p[0] = ink(y + ((kRcr * cr + kHalf) >> 16));
    p[1] = ink(y - ((kGcb * cb + kGcr * cr + kHalf) >> 16));
    p[2] = ink(y + ((kBcb * cb + kHalf) >> 16));
  }
}

void grey_alpha_to_grey(const std::uint8_t* __restrict grey_alpha, std::size_t width,
                        std::uint8_t* __restrict grey) {
  for (std::size_t i = 0; i < width; ++i) {
    grey[i] = static_cast<std::uint8_t>(over_white(grey_alpha[2 * i], grey_alpha[2 * i + 1]));
  }
}

YccPalette::YccPalette() {
  cb_.fill(128);
  cr_.fill(128);
}

void YccPalette::set(std::uint8_t index, std::uint8_t red, std::uint8_t green, std::uint8_t blue,
                     std::uint8_t alpha) {
  const Rgb p{over_white(red, alpha), over_white(green, alpha), over_white(blue, alpha)};
  y_[index] = luma(p);
  cb_[index] = chroma_blue(p);
  cr_[index] = chroma_red(p);
  grey_ = grey_ && red == green && green == blue;
}

void YccPalette::convert(const std::uint8_t* indices, std::size_t width, YccRow row) const {
  for (std::size_t i = 0; i < width; ++i) row.y[i] = y_[indices[i]];
  if (row.cb == nullptr || row.cr == nullptr) return;
  for (std::size_t i = 0; i < width; ++i) {
    row.cb[i] = cb_[indices[i]];
    row.cr[i] = cr_[indices[i]];
  }
}

}  // namespace netocr
