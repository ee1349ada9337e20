// BMP and PNG files of few colours through the whole flow: each PNG that goes out has, by pngtopnm, the red,
// green and blue that the test put into the file.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/run_tool.hpp"
#include "image/prepare.hpp"

namespace netocr::testing {
namespace {

constexpr std::uint32_t kWidth = 331;
constexpr std::uint32_t kHeight = 207;

std::uint32_t hash(std::uint32_t value) { return value * 2654435761U ^ value >> 3; }

// Bars of 40 colours, of which three are close together.
std::uint32_t bar(std::uint32_t x, std::uint32_t y) { return (x / 5 + 67 * (y / 9)) % 40; }
std::uint32_t color_of(std::uint32_t number) {
  constexpr std::uint32_t kClose[] = {0x6F8041, 0x6F8042, 0x708041};
  return number < std::size(kClose) ? kClose[number] : hash(number);
}

// `rgb` is called for each pixel, upright: three values as they are shown, rounded to nearest.
template <typename Shown>
ByteVector expected(std::uint32_t width, std::uint32_t height, Shown rgb) {
  ByteVector samples;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      for (const double value : rgb(x, y)) samples.push_back(static_cast<std::uint8_t>(std::lround(value)));
    }
  }
  return samples;
}

void expect_exact(const ByteVector& file, const ByteVector& samples) {
  const auto prepared = prepare_image(file, PrepareOptions{});
  ASSERT_TRUE(prepared.ok());
  ASSERT_EQ(prepared->format, ImageFormat::kPng);
  const Pnm decoded = ask("pngtopnm -quiet @ | pamdepth -quiet 255", prepared->bytes.span());
  EXPECT_EQ(decoded.width, prepared->width);
  EXPECT_TRUE(decoded.samples == samples);
}

void expect_exact_bmp(const BmpSpec& spec) {
  expect_exact(make_bmp(spec), expected(spec.width, spec.height, [&](std::uint32_t x, std::uint32_t y) {
                 const Rgb rgb = shown(spec, spec.pixel(x, y));
                 return std::array<double, 3>{rgb.r, rgb.g, rgb.b};
               }));
}

BmpSpec bars_bmp(std::uint16_t bits) {
  BmpSpec spec = bmp_spec(bits, kWidth, kHeight);
  const std::uint32_t max = bits == 32 ? 0xFFFF'FFFF : (1U << bits) - 1;
  spec.pixel = [max, bits](std::uint32_t x, std::uint32_t y) {
    return bits == 8 ? bar(x, y) * 3 : color_of(bar(x, y)) & max;
  };
  return spec;
}

TEST(ExactColors, OfBmpAtEveryDepth) {
  for (const std::uint16_t bits : std::initializer_list<std::uint16_t>{8, 16, 24, 32}) {
    for (const bool top_down : {false, true}) {
      BmpSpec spec = bars_bmp(bits);
      spec.top_down = top_down;
      expect_exact_bmp(spec);
    }
  }
}

TEST(ExactColors, OfBmpThatIsBlendedOverWhite) {
  BmpSpec spec = bars_bmp(32);
  spec.header_size = 108;
  spec.compression = 3;
  spec.masks = {0xFF0000, 0xFF00, 0xFF, 0xFF000000};
  expect_exact_bmp(spec);
}

// 16 bits keep the PNG from being rewritten.
TEST(ExactColors, OfPngInEveryOrientation) {
  for (std::uint8_t orientation = 1; orientation <= 8; ++orientation) {
    PngSpec spec = png_spec(2, 16, kWidth, kHeight);
    spec.interlaced = orientation % 2 == 0;
    spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
      return hash(3 * bar(x, y) + channel) >> 7 & 0xFFFF;
    };
    spec.before_data = png_chunk("eXIf", {'I', 'I', 42, 0, 8, 0,           0, 0, 1, 0, 0x12, 0x01, 3,
                                          0,   1,   0,  0, 0, orientation, 0, 0, 0, 0, 0,    0,    0});
    const bool is_turned = orientation > 4;
    const bool mirrors_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool mirrors_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const auto stored = [&](std::uint32_t x, std::uint32_t y) {
      if (is_turned) std::swap(x, y);
      if (mirrors_x) x = kWidth - 1 - x;
      if (mirrors_y) y = kHeight - 1 - y;
      std::array<double, 3> rgb{};
      for (std::uint32_t c = 0; c < 3; ++c) rgb[c] = spec.sample(x, y, c) * 255.0 / 65535;
      return rgb;
    };
    SCOPED_TRACE(int{orientation});
    expect_exact(make_png(spec),
                 is_turned ? expected(kHeight, kWidth, stored) : expected(kWidth, kHeight, stored));
  }
}

TEST(ExactColors, OfPngThatIsBlendedOverWhite) {
  PngSpec spec = png_spec(6, 16, kWidth, kHeight);
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return (hash(4 * bar(x, y) + channel) >> 7 & 0xFF) * 257;
  };
  expect_exact(make_png(spec), expected(kWidth, kHeight, [&](std::uint32_t x, std::uint32_t y) {
                 std::array<double, 3> rgb{};
                 const double alpha = spec.sample(x, y, 3) / 257.0;
                 for (std::uint32_t c = 0; c < 3; ++c)
                   rgb[c] = over_white(spec.sample(x, y, c) / 257.0, alpha);
                 return rgb;
               }));
}

// Files of other programs, made from a PNG of 8 bits.
TEST(ExactColors, OfLosslessWebpAndOfTiff) {
  PngSpec spec = png_spec(2, 8, kWidth, kHeight);
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return color_of(bar(x, y)) >> (16 - 8 * channel) & 0xFF;
  };
  const ByteVector samples = expected(kWidth, kHeight, [&](std::uint32_t x, std::uint32_t y) {
    return std::array<double, 3>{1.0 * spec.sample(x, y, 0), 1.0 * spec.sample(x, y, 1),
                                 1.0 * spec.sample(x, y, 2)};
  });
  const ByteVector png = make_png(spec);
  constexpr const char* kCommands[] = {
      "sh -c 'cwebp -quiet -lossless -exact \"$0\" -o -'",
      "sh -c 'pngtopnm -quiet \"$0\" | pnmtotiff -quiet -truecolor > \"$0.tiff\" && cat \"$0.tiff\" && rm "
      "\"$0.tiff\"'",
      "sh -c 'pngtopnm -quiet \"$0\" | pnmtotiff -quiet -lzw > \"$0.tiff\" && cat \"$0.tiff\" && rm "
      "\"$0.tiff\"'",
  };
  for (const char* const command : kCommands) {
    SCOPED_TRACE(command);
    expect_exact(run_tool(command, png), samples);
  }
}

}  // namespace
}  // namespace netocr::testing
