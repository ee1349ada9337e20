// Converts colours in fixed point with 16 fraction bits and the constants of JFIF 1.02. RGB and RGBA, the
// formats of most large pictures, use SIMD; the other loops are plain so that clang vectorises them.
#include "image/pixel/color.hpp"

#include <algorithm>

#include "base/simd.hpp"
#include "image/pixel/rgb_planes.hpp"
#include "image/pixel/ycc_weights.hpp"

namespace netocr {
namespace {

constexpr std::int32_t kHalf = 1 << 15;
// The offset for values with `kBits` fraction bits: 128 plus one half, minus one unit, so that 127.5 + 128
// rounds to 255 instead of 256.
template <int kBits>
constexpr std::int32_t kChromaOffset = (128 << kBits) + (1 << (kBits - 1)) - 1;

struct Rgb {
  std::int32_t r, g, b;
};

inline std::uint8_t luma(Rgb p) {
  return static_cast<std::uint8_t>((kYr * p.r + kYg * p.g + kYb * p.b + kHalf) >> 16);
}
// `p` is one pixel, or with kBits = 18 the sum of four pixels, whose mean is converted.
template <int kBits = 16>
inline std::uint8_t chroma_blue(Rgb p) {
  return static_cast<std::uint8_t>((kCbR * p.r + kCbG * p.g + kCbB * p.b + kChromaOffset<kBits>) >> kBits);
}
template <int kBits = 16>
inline std::uint8_t chroma_red(Rgb p) {
  return static_cast<std::uint8_t>((kCrR * p.r + kCrG * p.g + kCrB * p.b + kChromaOffset<kBits>) >> kBits);
}

// `load` converts the bytes of one pixel to RGB.
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

struct Weights {
  std::int16_t first, second;
};
inline simd::Vec splat(Weights weights) {
  const std::int16_t pair[] = {weights.first, weights.second};
  return simd::splat_pair(pair);
}

// Computes (a.first * x + a.second * y + b.first * z + b.second * w + offset) >> kBits for eight samples;
// `xy` has x and y zipped, `zw` z and w, each as the lower four and the upper four.
struct Zipped {
  simd::Vec low, high;
};
inline Zipped zip(simd::Vec a, simd::Vec b) { return {simd::zip_low16(a, b), simd::zip_high16(a, b)}; }
template <int kBits>
inline simd::Vec weigh(const Zipped& xy, Weights a, const Zipped& zw, Weights b, std::int32_t offset) {
  const simd::Vec at = simd::splat32(offset);
  const auto sum = [&](simd::Vec first, simd::Vec second) {
    return simd::sar32<kBits>(
        simd::add32(at, simd::add32(simd::dot16(first, splat(a)), simd::dot16(second, splat(b)))));
  };
  return simd::narrow32(sum(xy.low, zw.low), sum(xy.high, zw.high));
}

// Eight pixels with 16 bits per sample.
struct RgbVectors {
  simd::Vec r, g, b;
};
struct SixteenRgb {
  RgbVectors low, high;
};

SixteenRgb load_rgb(const std::uint8_t* rgb) {
  simd::Vec r = simd::load(rgb);
  simd::Vec g = simd::load(rgb + 16);
  simd::Vec b = simd::load(rgb + 32);
  simd::unzip_triples(r, g, b);
  return {{simd::widen_low8(r), simd::widen_low8(g), simd::widen_low8(b)},
          {simd::widen_high8(r), simd::widen_high8(g), simd::widen_high8(b)}};
}

inline simd::Vec eight_over_white(simd::Vec value, simd::Vec alpha) {
  const simd::Vec white = simd::splat16(255);
  const simd::Vec biased = simd::add16(simd::mul16(simd::sub16(white, value), alpha), simd::splat16(128));
  return simd::sub16(white, simd::shr16(simd::add16(biased, simd::shr16(biased, 8)), 8));
}
inline RgbVectors load_eight_rgba(const std::uint8_t* rgba) {
  const simd::Vec first = simd::load(rgba);
  const simd::Vec second = simd::load(rgba + 16);
  const simd::Vec rg = simd::even16(first, second);
  const simd::Vec ba = simd::odd16(first, second);
  const simd::Vec alpha = simd::shr16(ba, 8);
  const simd::Vec byte = simd::splat16(255);
  return {eight_over_white(simd::and_bits(rg, byte), alpha), eight_over_white(simd::shr16(rg, 8), alpha),
          eight_over_white(simd::and_bits(ba, byte), alpha)};
}
SixteenRgb load_rgba(const std::uint8_t* rgba) { return {load_eight_rgba(rgba), load_eight_rgba(rgba + 32)}; }

// `p` has eight pixels; in the chroma functions also eight sums of four, with kBits = 18. The weights 38470
// and 32768 do not fit 16 bits, so each is split into two halves.
inline simd::Vec to_luma(const RgbVectors& p) {
  return weigh<16>(zip(p.r, p.g), {kYr, kYg / 2}, zip(p.g, p.b), {kYg / 2, kYb}, kHalf);
}
template <int kBits>
inline simd::Vec to_chroma_blue(const RgbVectors& p) {
  return weigh<kBits>(zip(p.r, p.g), {kCbR, kCbG}, zip(p.b, p.b), {kCbB / 2, kCbB / 2}, kChromaOffset<kBits>);
}
template <int kBits>
inline simd::Vec to_chroma_red(const RgbVectors& p) {
  return weigh<kBits>(zip(p.g, p.b), {kCrG, kCrB}, zip(p.r, p.r), {kCrR / 2, kCrR / 2}, kChromaOffset<kBits>);
}
static_assert(kYg % 2 == 0 && kCbB % 2 == 0 && kCrR % 2 == 0);

inline void store_luma(const SixteenRgb& p, std::uint8_t* y) {
  simd::store(y, simd::narrow16_u8(to_luma(p.low), to_luma(p.high)));
}

// These functions return the number of converted pixels, a multiple of 16.
template <typename Pixels>
std::size_t vectors_to_ycc(const std::uint8_t* pixels, std::size_t width, YccRow row) {
  std::size_t i = 0;
  for (; i + 16 <= width; i += 16) {
    const SixteenRgb p = Pixels::sixteen(pixels + Pixels::kBytes * i);
    store_luma(p, row.y + i);
    simd::store(row.cb + i, simd::narrow16_u8(to_chroma_blue<16>(p.low), to_chroma_blue<16>(p.high)));
    simd::store(row.cr + i, simd::narrow16_u8(to_chroma_red<16>(p.low), to_chroma_red<16>(p.high)));
  }
  return i;
}

template <typename Pixels>
std::size_t vectors_to_halved_ycc(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t width,
                                  HalvedYccRows rows) {
  std::size_t i = 0;
  for (; i + 16 <= width; i += 16) {
    const SixteenRgb a = Pixels::sixteen(upper + Pixels::kBytes * i);
    const SixteenRgb b = Pixels::sixteen(lower + Pixels::kBytes * i);
    store_luma(a, rows.y[0] + i);
    store_luma(b, rows.y[1] + i);
    const auto sum = [&](simd::Vec RgbVectors::* channel) {
      const simd::Vec low = simd::add16(a.low.*channel, b.low.*channel);
      const simd::Vec high = simd::add16(a.high.*channel, b.high.*channel);
      return simd::add16(simd::even16(low, high), simd::odd16(low, high));
    };
    const RgbVectors sums{sum(&RgbVectors::r), sum(&RgbVectors::g), sum(&RgbVectors::b)};
    const simd::Vec chroma = simd::narrow16_u8(to_chroma_blue<18>(sums), to_chroma_red<18>(sums));
    simd::store_low64(rows.cb + i / 2, chroma);
    simd::store_high64(rows.cr + i / 2, chroma);
  }
  return i;
}

// Loaders of one pixel and of sixteen pixels of a file's row.
struct RgbPixels {
  static constexpr std::size_t kBytes = 3;
  static Rgb one(const std::uint8_t* p) { return {p[0], p[1], p[2]}; }
  static SixteenRgb sixteen(const std::uint8_t* p) { return load_rgb(p); }
};
struct RgbaPixels {
  static constexpr std::size_t kBytes = 4;
  static Rgb one(const std::uint8_t* p) {
    return {over_white(p[0], p[3]), over_white(p[1], p[3]), over_white(p[2], p[3])};
  }
  static SixteenRgb sixteen(const std::uint8_t* p) { return load_rgba(p); }
};

template <typename Pixels>
void pixels_to_ycc(const std::uint8_t* pixels, std::size_t width, YccRow row) {
  const std::size_t done = vectors_to_ycc<Pixels>(pixels, width, row);
  convert_row<Pixels::kBytes>(pixels + Pixels::kBytes * done, width - done,
                              {row.y + done, row.cb + done, row.cr + done}, Pixels::one);
}

template <typename Pixels>
void pixels_to_halved_ycc(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t width,
                          HalvedYccRows rows) {
  for (std::size_t i = vectors_to_halved_ycc<Pixels>(upper, lower, width, rows); i < width; i += 2) {
    Rgb sum{};
    const auto add = [&](const std::uint8_t* row, std::size_t x) {
      const Rgb p = Pixels::one(row + Pixels::kBytes * x);
      sum = {sum.r + p.r, sum.g + p.g, sum.b + p.b};
      return luma(p);
    };
    for (const std::size_t x : {i, i + 1}) {
      rows.y[0][x] = add(upper, x);
      rows.y[1][x] = add(lower, x);
    }
    rows.cb[i / 2] = chroma_blue<18>(sum);
    rows.cr[i / 2] = chroma_red<18>(sum);
  }
}

}  // namespace

void rgb_to_ycc(const std::uint8_t* rgb, std::size_t width, YccRow row) {
  if (row.colors == PlaneColors::kRgb) return split_colors({rgb, 3, 0}, width, row);
  pixels_to_ycc<RgbPixels>(rgb, width, row);
}

void rgba_to_ycc(const std::uint8_t* rgba, std::size_t width, YccRow row) {
  if (row.colors == PlaneColors::kRgb) return split_colors({rgba, 4, 0, true}, width, row);
  pixels_to_ycc<RgbaPixels>(rgba, width, row);
}

void rgb_rows_to_halved_ycc(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t width,
                            HalvedYccRows rows) {
  pixels_to_halved_ycc<RgbPixels>(upper, lower, width, rows);
}

void rgba_rows_to_halved_ycc(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t width,
                             HalvedYccRows rows) {
  pixels_to_halved_ycc<RgbaPixels>(upper, lower, width, rows);
}

void bgr_to_ycc(const std::uint8_t* bgr, std::size_t width, YccRow row) {
  if (row.colors == PlaneColors::kRgb) return split_colors({bgr, 3, 2}, width, row);
  convert_row<3>(bgr, width, row, [](const std::uint8_t* p) { return Rgb{p[2], p[1], p[0]}; });
}

void bgrx_to_ycc(const std::uint8_t* bgrx, std::size_t width, YccRow row) {
  if (row.colors == PlaneColors::kRgb) return split_colors({bgrx, 4, 2}, width, row);
  convert_row<4>(bgrx, width, row, [](const std::uint8_t* p) { return Rgb{p[2], p[1], p[0]}; });
}

void inverted_cmyk_to_ycc(const std::uint8_t* cmyk, std::size_t width, YccRow row) {
  convert_row<4>(cmyk, width, row, [](const std::uint8_t* p) {
    return Rgb{divide_by_255(p[0] * p[3]), divide_by_255(p[1] * p[3]), divide_by_255(p[2] * p[3])};
  });
}

void ycck_to_cmyk(std::uint8_t* pixels, std::size_t width) {
  // The constants are round(c * 65536) for 1.402, 0.344136, 0.714136 and 1.772.
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

YccPalette::YccPalette(PlaneColors colors) : colors_(colors) {
  if (colors == PlaneColors::kRgb) return;
  cb_.fill(128);
  cr_.fill(128);
}

void YccPalette::set(std::uint8_t index, std::uint8_t red, std::uint8_t green, std::uint8_t blue,
                     std::uint8_t alpha) {
  const std::uint8_t rgba[] = {red, green, blue, alpha};
  rgba_to_ycc(rgba, 1, {&y_[index], &cb_[index], &cr_[index], colors_});
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
