// Colour conversion against double precision.
#include "image/pixel/color.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {
namespace {

struct Row {
  explicit Row(std::size_t width) : y(width), cb(width), cr(width) {}
  YccRow target() { return {y.data(), cb.data(), cr.data()}; }
  ByteVector y, cb, cr;
};

using Converter = void (*)(const std::uint8_t*, std::size_t, YccRow);

// The largest distance from the exact value for all pixels in a row of `pixels`.
double worst(Converter convert, const ByteVector& pixels, std::size_t bytes,
             Rgb (*shown)(const std::uint8_t*)) {
  const std::size_t width = pixels.size() / bytes;
  Row row(width);
  convert(pixels.data(), width, row.target());
  double most = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const Ycc exact = ycc_of(shown(pixels.data() + i * bytes));
    most = std::max(
        {most, std::abs(row.y[i] - exact.y), std::abs(row.cb[i] - exact.cb), std::abs(row.cr[i] - exact.cr)});
  }
  return most;
}

Rgb as_rgb(const std::uint8_t* p) { return {1.0 * p[0], 1.0 * p[1], 1.0 * p[2]}; }
Rgb as_bgr(const std::uint8_t* p) { return {1.0 * p[2], 1.0 * p[1], 1.0 * p[0]}; }
Rgb as_rgba(const std::uint8_t* p) {
  // Rounded to 8 bits before the conversion, as documented.
  const auto channel = [p](int i) { return static_cast<double>(std::lround(over_white(p[i], p[3]))); };
  return {channel(0), channel(1), channel(2)};
}
Rgb as_inverted_cmyk(const std::uint8_t* p) {
  const auto channel = [p](int i) { return static_cast<double>(std::lround(p[i] * p[3] / 255.0)); };
  return {channel(0), channel(1), channel(2)};
}

// Every fifth value and both ends; 52^3 colours.
std::vector<std::uint8_t> levels() {
  std::vector<std::uint8_t> values;
  for (int i = 0; i <= 255; i += 5) values.push_back(static_cast<std::uint8_t>(i));
  return values;
}

// The exact value is off by one half at most when it is rounded well; 0.01 is for the constants of 16 bits.
constexpr double kRounding = 0.51;

TEST(Color, TransparencyIsLaidOverWhiteToTheNearestValue) {
  for (int value = 0; value <= 255; ++value) {
    for (int alpha = 0; alpha <= 255; ++alpha) {
      const double exact = over_white(1.0 * value, 1.0 * alpha);
      ASSERT_EQ(netocr::over_white(value, alpha), std::lround(exact)) << value << ' ' << alpha;
    }
  }
}

TEST(Color, RgbIsWithinRoundingOfTheExactValue) {
  for (const std::uint8_t r : levels()) {
    ByteVector pixels;
    for (const std::uint8_t g : levels()) {
      for (int b = 0; b < 256; ++b) pixels.insert(pixels.end(), {r, g, static_cast<std::uint8_t>(b)});
    }
    EXPECT_LE(worst(rgb_to_ycc, pixels, 3, as_rgb), kRounding);
    EXPECT_LE(worst(bgr_to_ycc, pixels, 3, as_bgr), kRounding);
  }
}

// BGR is converted pixel by pixel, RGB sixteen at a time.
TEST(Color, VectorsAreTheScalarsBits) {
  std::mt19937 random(1);
  for (std::size_t width = 0; width < 70; ++width) {
    ByteVector rgb(3 * width);
    for (auto& byte : rgb) byte = static_cast<std::uint8_t>(random());
    ByteVector bgr = rgb;
    for (std::size_t i = 0; i < bgr.size(); i += 3) std::swap(bgr[i], bgr[i + 2]);
    Row ours(width);
    Row scalar(width);
    rgb_to_ycc(rgb.data(), width, ours.target());
    bgr_to_ycc(bgr.data(), width, scalar.target());
    EXPECT_EQ(ours.y, scalar.y) << width;
    EXPECT_EQ(ours.cb, scalar.cb) << width;
    EXPECT_EQ(ours.cr, scalar.cr) << width;
  }
}

// One pixel alone is converted without vectors.
TEST(Color, VectorsOfRgbaAreTheScalarsBits) {
  std::mt19937 random(2);
  for (std::size_t width = 0; width < 70; ++width) {
    ByteVector rgba(4 * width);
    for (auto& byte : rgba) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? 255 : random());
    Row ours(width);
    Row scalar(width);
    rgba_to_ycc(rgba.data(), width, ours.target());
    for (std::size_t i = 0; i < width; ++i)
      rgba_to_ycc(rgba.data() + 4 * i, 1, {&scalar.y[i], &scalar.cb[i], &scalar.cr[i]});
    EXPECT_EQ(ours.y, scalar.y) << width;
    EXPECT_EQ(ours.cb, scalar.cb) << width;
    EXPECT_EQ(ours.cr, scalar.cr) << width;
  }
}

using HalvingConverter = void (*)(const std::uint8_t*, const std::uint8_t*, std::size_t, HalvedYccRows);

// With guards behind each row.
struct HalvedRows {
  explicit HalvedRows(std::size_t width)
      : y{ByteVector(width + 1, 0xa5), ByteVector(width + 1, 0xa5)},
        cb(width / 2 + 1, 0xa5),
        cr(width / 2 + 1, 0xa5) {}
  HalvedYccRows target(std::size_t x = 0) {
    return {{y[0].data() + x, y[1].data() + x}, cb.data() + x / 2, cr.data() + x / 2};
  }
  bool operator==(const HalvedRows&) const = default;
  std::array<ByteVector, 2> y;
  ByteVector cb, cr;
};

void expect_halved(HalvingConverter halve, Converter convert, std::size_t bytes,
                   Rgb (*shown)(const std::uint8_t*)) {
  std::mt19937 random(3);
  for (std::size_t width = 0; width < 140; width += 2) {
    std::array<ByteVector, 2> pixels;
    for (ByteVector& row : pixels) {
      row.resize(bytes * width);
      // All values, and the ends, where a sum of four could leave its range.
      for (auto& byte : row)
        byte = static_cast<std::uint8_t>(width % 3 == 0 ? random() : random() % 8 == 0 ? 0 : 255);
    }
    HalvedRows ours(width);
    halve(pixels[0].data(), pixels[1].data(), width, ours.target());
    HalvedRows scalar(width);
    for (std::size_t x = 0; x < width; x += 2)
      halve(pixels[0].data() + bytes * x, pixels[1].data() + bytes * x, 2, scalar.target(x));
    EXPECT_TRUE(ours == scalar) << width;
    for (std::size_t i = 0; i < 2; ++i) {
      Row full(width);
      convert(pixels[i].data(), width, full.target());
      full.y.push_back(0xa5);
      EXPECT_EQ(ours.y[i], full.y) << width;
    }
    for (std::size_t x = 0; x < width; x += 2) {
      Ycc mean{0, 0, 0};
      for (const ByteVector& row : pixels) {
        for (const std::size_t at : {x, x + 1}) {
          const Ycc exact = ycc_of(shown(row.data() + bytes * at));
          mean.cb += exact.cb / 4;
          mean.cr += exact.cr / 4;
        }
      }
      EXPECT_NEAR(ours.cb[x / 2], mean.cb, kRounding);
      EXPECT_NEAR(ours.cr[x / 2], mean.cr, kRounding);
    }
  }
}

TEST(Color, ChromaOfTwoRowsIsHalvedByMeans) {
  expect_halved(rgb_rows_to_halved_ycc, rgb_to_ycc, 3, as_rgb);
  expect_halved(rgba_rows_to_halved_ycc, rgba_to_ycc, 4, as_rgba);
}

TEST(Color, AlphaIsLaidOverWhite) {
  for (int alpha = 0; alpha < 256; ++alpha) {
    ByteVector pixels;
    for (const std::uint8_t r : levels()) {
      for (int g = 0; g < 256; g += 3) {
        pixels.insert(pixels.end(), {r, static_cast<std::uint8_t>(g), static_cast<std::uint8_t>(255 - r),
                                     static_cast<std::uint8_t>(alpha)});
      }
    }
    EXPECT_LE(worst(rgba_to_ycc, pixels, 4, as_rgba), kRounding) << alpha;
  }
}

TEST(Color, TheFourthByteOfBgrxIsIgnored) {
  const ByteVector pixels = {10, 200, 90, 0, 10, 200, 90, 255};
  Row row(2);
  bgrx_to_ycc(pixels.data(), 2, row.target());
  EXPECT_LE(worst(bgrx_to_ycc, pixels, 4, as_bgr), kRounding);
  EXPECT_EQ(row.y[0], row.y[1]);
}

TEST(Color, InvertedCmykIsMultiplied) {
  for (int k = 0; k < 256; k += 3) {
    ByteVector pixels;
    for (const std::uint8_t c : levels()) {
      for (int m = 0; m < 256; ++m) {
        pixels.insert(pixels.end(), {c, static_cast<std::uint8_t>(m), static_cast<std::uint8_t>(c ^ m),
                                     static_cast<std::uint8_t>(k)});
      }
    }
    EXPECT_LE(worst(inverted_cmyk_to_ycc, pixels, 4, as_inverted_cmyk), kRounding) << k;
  }
}

TEST(Color, GreyAlphaIsRoundedToNearest) {
  for (int alpha = 0; alpha < 256; ++alpha) {
    ByteVector pixels;
    for (int grey = 0; grey < 256; ++grey) {
      pixels.insert(pixels.end(), {static_cast<std::uint8_t>(grey), static_cast<std::uint8_t>(alpha)});
    }
    ByteVector out(256);
    grey_alpha_to_grey(pixels.data(), 256, out.data());
    for (int grey = 0; grey < 256; ++grey) {
      EXPECT_EQ(out[static_cast<std::size_t>(grey)], std::lround(over_white(grey, alpha)))
          << grey << ' ' << alpha;
    }
  }
}

TEST(Color, GreyStaysGrey) {
  for (int value = 0; value < 256; ++value) {
    const auto v = static_cast<std::uint8_t>(value);
    const std::uint8_t rgb[] = {v, v, v};
    Row row(1);
    rgb_to_ycc(rgb, 1, row.target());
    EXPECT_EQ(row.y[0], v);
    EXPECT_EQ(row.cb[0], 128);
    EXPECT_EQ(row.cr[0], 128);
  }
}

// Widths around the vector lengths, with guards on both sides of the output.
TEST(Color, EveryWidthWritesJustItsRow) {
  for (std::size_t width = 0; width <= 70; ++width) {
    ByteVector rgba(width * 4);
    for (std::size_t i = 0; i < rgba.size(); ++i) rgba[i] = static_cast<std::uint8_t>(i * 73 + 11);
    const auto expect_guarded = [&](Converter convert, const ByteVector& pixels) {
      Row row(width + 2);
      std::fill(row.y.begin(), row.y.end(), std::uint8_t{0xa5});
      std::fill(row.cb.begin(), row.cb.end(), std::uint8_t{0xa5});
      std::fill(row.cr.begin(), row.cr.end(), std::uint8_t{0xa5});
      convert(pixels.data(), width, {row.y.data() + 1, row.cb.data() + 1, row.cr.data() + 1});
      for (const ByteVector* plane : {&row.y, &row.cb, &row.cr}) {
        EXPECT_EQ(plane->front(), 0xa5);
        EXPECT_EQ(plane->back(), 0xa5);
      }
    };
    const ByteVector rgb(rgba.begin(), rgba.begin() + static_cast<std::ptrdiff_t>(width * 3));
    expect_guarded(rgb_to_ycc, rgb);
    expect_guarded(bgr_to_ycc, rgb);
    expect_guarded(rgba_to_ycc, rgba);
    expect_guarded(bgrx_to_ycc, rgba);
    expect_guarded(inverted_cmyk_to_ycc, rgba);
  }
}

TEST(YccPalette, ConvertsIndices) {
  YccPalette palette;
  EXPECT_TRUE(palette.is_grey());
  palette.set(0, 9, 9, 9, 255);
  palette.set(1, 9, 9, 9, 0);
  EXPECT_TRUE(palette.is_grey());
  palette.set(2, 255, 0, 0, 255);
  EXPECT_FALSE(palette.is_grey());
  const std::uint8_t indices[] = {0, 1, 2, 3};
  Row row(4);
  palette.convert(indices, 4, row.target());
  EXPECT_EQ(row.y, (ByteVector{9, 255, 76, 0}));
  EXPECT_EQ(row.cb, (ByteVector{128, 128, 85, 128}));
  EXPECT_EQ(row.cr, (ByteVector{128, 128, 255, 128}));
  palette.convert(indices, 4, {row.cb.data(), nullptr, nullptr});  // one plane only
  EXPECT_EQ(row.cb, row.y);
}

}  // namespace
}  // namespace netocr::testing
