// TIFF decoding: every layout, depth and colour against the pixels that the files were made from;
// compressions written by tiffcp; tiff2rgba as a second opinion; damage and hostile files.
#include "image/tiff/source.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cstring>
#include <limits>
#include <set>

#include <zlib.h>

#include "cpp/image/opening.hpp"
#include "cpp/image/tiff/tools.hpp"
#include "image/prepare.hpp"

namespace netocr::tiff {
namespace {

using namespace netocr::testing;

std::uint64_t scrambled(std::uint32_t x, std::uint32_t y, std::uint32_t s) {
  return (x * 0x9E3779B97F4A7C15ULL + y * 0xC2B2AE3D27D4EB4FULL + (s + 1) * 0x165667B19E3779F9ULL) >> 3;
}

TEST(TiffSource, EveryLayoutAndDepth) {
  struct Layout {
    const char* name;
    std::uint32_t rows, tile_width, tile_height;
  };
  const Layout layouts[] = {{"rows", 1, 0, 0},    {"strips", 5, 0, 0},      {"one strip", 21, 0, 0},
                            {"tiles", 0, 16, 16}, {"wide tiles", 0, 48, 8}, {"odd tiles", 0, 5, 3}};
  for (const Layout& layout : layouts) {
    for (const std::uint32_t bits : {1U, 2U, 3U, 4U, 6U, 8U, 10U, 12U, 14U, 16U, 24U, 32U, 64U}) {
      for (int kind = 0; kind < 16; ++kind) {
        TiffSpec spec;
        spec.rows_per_strip = layout.rows;
        spec.tile_width = layout.tile_width;
        spec.tile_height = layout.tile_height;
        spec.bits = bits;
        spec.value = scrambled;
        spec.big_endian = (kind & 1) != 0;
        spec.big_tiff = (kind & 2) != 0;
        spec.planar = (kind & 4) != 0;
        const bool rgb = (kind & 8) != 0;
        spec.samples = rgb ? 3 : 1;
        spec.photometric = rgb ? 2 : 1;
        expect_picture(
            spec, rgb ? as_rgb(spec) : as_grey(spec), rgb ? kRgbBound : kGreyBound,
            std::string(layout.name) + " bits " + std::to_string(bits) + " kind " + std::to_string(kind));
      }
    }
  }
}

TEST(TiffSource, WhiteIsZero) {
  for (const std::uint32_t bits : {1U, 4U, 8U, 16U}) {
    TiffSpec spec;
    spec.bits = bits;
    spec.photometric = 0;
    spec.value = scrambled;
    expect_picture(
        spec,
        [&](std::uint32_t x, std::uint32_t y) {
          const double v = 255 - level(spec, x, y, 0);
          return Rgb{v, v, v};
        },
        kGreyBound, std::to_string(bits));
  }
}

std::vector<double> make_palette(std::uint32_t bits, double scale, bool grey) {
  const std::uint32_t count = 1U << bits;
  std::vector<double> values;
  for (std::uint32_t channel = 0; channel < 3; ++channel) {
    for (std::uint32_t i = 0; i < count; ++i)
      values.push_back(((i * 37 + (grey ? 0 : channel * 81)) % 256) * scale);
  }
  return values;
}

TEST(TiffSource, Palettes) {
  for (const std::uint32_t bits : {1U, 2U, 4U, 8U, 16U}) {
    for (const double scale : {257.0, 1.0}) {  // 16-bit values, and the 8-bit ones of careless writers
      for (const bool grey : {false, true}) {
        TiffSpec spec;
        spec.bits = bits;
        spec.photometric = 3;
        spec.big_endian = grey;
        spec.value = scrambled;
        const std::vector<double> palette = make_palette(bits, scale, grey);
        spec.tags[320] = {TiffType::kShort, palette};
        const Decoded decoded = decode(make_tiff(spec));
        ASSERT_TRUE(decoded.ok()) << decoded.detail;
        EXPECT_EQ(decoded.planes.size(), grey ? 1U : 3U);
        const auto shown = [&](std::uint32_t x, std::uint32_t y) {
          const std::size_t index = stored(spec, x, y, 0);
          const std::size_t count = palette.size() / 3;
          return Rgb{palette[index] / scale, palette[count + index] / scale,
                     palette[2 * count + index] / scale};
        };
        EXPECT_LE(worst_pixel(spec, decoded, shown), 1.0) << bits << " scale " << scale;
      }
    }
  }
}

TEST(TiffSource, CmykOfEightAndSixteenBits) {
  for (const std::uint32_t bits : {8U, 16U}) {
    for (const bool planar : {false, true}) {
      TiffSpec spec;
      spec.bits = bits;
      spec.samples = 4;
      spec.photometric = 5;
      spec.planar = planar;
      spec.value = scrambled;
      expect_picture(
          spec,
          [&](std::uint32_t x, std::uint32_t y) {
            const double light = (255 - level(spec, x, y, 3)) / 255;
            return Rgb{(255 - level(spec, x, y, 0)) * light, (255 - level(spec, x, y, 1)) * light,
                       (255 - level(spec, x, y, 2)) * light};
          },
          kRgbBound, std::to_string(bits));
    }
  }
}

// ExtraSamples: 0 unspecified, 1 associated alpha, 2 unassociated alpha.
TEST(TiffSource, AlphaIsLaidOverWhiteAndOtherSamplesAreNotLookedAt) {
  const std::vector<std::vector<double>> extras = {{}, {0}, {1}, {2}, {0, 2}, {2, 0}, {0, 0, 1}};
  for (const std::vector<double>& extra : extras) {
    for (const std::uint32_t bits : {8U, 16U}) {
      for (const std::uint32_t colors : {1U, 3U}) {
        for (const bool planar : {false, true}) {
          TiffSpec spec;
          spec.bits = bits;
          spec.samples = colors + static_cast<std::uint32_t>(extra.size());
          spec.photometric = colors == 1 ? 1 : 2;
          spec.planar = planar;
          if (!extra.empty()) spec.tags[338] = {TiffType::kShort, extra};
          const auto alpha_at = static_cast<std::uint32_t>(
              std::find_if(extra.begin(), extra.end(), [](double kind) { return kind > 0; }) - extra.begin());
          const bool associated = alpha_at < extra.size() && extra[alpha_at] == 1;
          // Premultiplied colours are at most alpha.
          spec.value = [=](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
            const std::uint64_t most = (1ULL << bits) - 1;
            const std::uint64_t alpha = scrambled(x, y, 9) & most;
            if (s == colors + alpha_at) return alpha;
            const std::uint64_t color = scrambled(x, y, s) & most;
            return associated ? color * alpha / most : color;
          };
          expect_picture(
              spec,
              [&](std::uint32_t x, std::uint32_t y) {
                double channel[3];
                for (std::uint32_t s = 0; s < 3; ++s) {
                  const double color = level(spec, x, y, colors == 1 ? 0 : s);
                  const double alpha = alpha_at < extra.size() ? level(spec, x, y, colors + alpha_at) : 255;
                  channel[s] = associated ? color + 255 - alpha : over_white(color, alpha);
                }
                return Rgb{channel[0], channel[1], channel[2]};
              },
              colors == 1 ? kGreyBound : kRgbBound,
              "extra " + std::to_string(extra.size()) + " bits " + std::to_string(bits) + " colours " +
                  std::to_string(colors) + (planar ? " planar" : ""));
        }
      }
    }
  }
}

// libtiff's RGBA reader takes them for associated alpha.
TEST(TiffSource, FourSamplesOfRgbWithoutATagHaveAlpha) {
  for (const std::uint32_t bits : {8U, 16U}) {
    for (const bool planar : {false, true}) {
      TiffSpec spec = photo_spec(37, 21);
      spec.samples = 4;
      spec.bits = bits;
      spec.planar = planar;
      spec.value = [bits](std::uint32_t x, std::uint32_t y, std::uint32_t s) -> std::uint64_t {
        const std::uint64_t scale = bits == 8 ? 1 : 257;
        const std::uint64_t alpha = (x * 7 + y * 11) % 256;
        return (s == 3 ? alpha : (x * 3 + s * 70) % 256 * alpha / 255) * scale;
      };
      const ByteVector file = make_tiff(spec);
      EXPECT_TRUE(inspect_image(file, Limits{})->has_alpha);
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_LE(worst_difference(decoded, ask_tiff2rgba(file)), 2.5) << bits << (planar ? " planar" : "");
    }
  }
  // Nobody else has: with two or more samples beyond the colours there is none, nor in grey.
  for (const std::uint32_t samples : {2U, 5U}) {
    TiffSpec spec = photo_spec(37, 21);
    spec.samples = samples;
    if (samples == 2) spec.photometric = 1;
    spec.value = scrambled;
    EXPECT_FALSE(inspect_image(make_tiff(spec), Limits{})->has_alpha);
    expect_picture(spec, samples == 2 ? as_grey(spec) : as_rgb(spec), kRgbBound, std::to_string(samples));
  }
}

// Office writes such. What is opaque is then what the colours say, in all the ways that they are stored.
TEST(TiffSource, AnAlphaChannelThatIsZeroEverywhereIsNone) {
  const std::vector<std::vector<double>> extras = {{}, {1}, {2}, {0, 2}};
  for (const std::vector<double>& extra : extras) {
    for (const std::uint32_t bits : {8U, 16U}) {
      for (const int layout : {0, 1, 2}) {
        for (const bool has_one : {false, true}) {
          TiffSpec spec = photo_spec(53, 37);
          spec.bits = bits;
          spec.planar = layout == 1;
          if (layout == 2) spec.tile_width = spec.tile_height = 16;
          spec.samples = 3 + std::max<std::uint32_t>(1, static_cast<std::uint32_t>(extra.size()));
          if (!extra.empty()) spec.tags[338] = {TiffType::kShort, extra};
          const std::uint32_t alpha_at = spec.samples - 1;
          // One pixel at the end that is not transparent makes it an alpha channel.
          spec.value = [=](std::uint32_t x, std::uint32_t y, std::uint32_t s) -> std::uint64_t {
            if (s != alpha_at) return scrambled(x, y, s);
            return has_one && x == 52 && y == 36 ? (1U << bits) - 1 : 0;
          };
          // Colours with an alpha of 0 are white over white, or beyond it.
          const auto shown = [&](std::uint32_t x, std::uint32_t y) {
            return !has_one || (x == 52 && y == 36) ? as_rgb(spec)(x, y) : Rgb{255, 255, 255};
          };
          expect_picture(spec, shown, kRgbBound,
                         std::to_string(extra.size()) + " bits " + std::to_string(bits) + " layout " +
                             std::to_string(layout) + (has_one ? " one" : ""));
        }
      }
    }
  }
}

// From the smallest value, which is black, to the largest.
TEST(TiffSource, SignedIntegers) {
  for (const std::uint32_t bits : {1U, 4U, 8U, 12U, 16U, 24U, 32U, 64U}) {
    for (int kind = 0; kind < 16; ++kind) {
      TiffSpec spec;
      spec.bits = bits;
      spec.value = scrambled;
      spec.big_endian = (kind & 1) != 0;
      spec.planar = (kind & 2) != 0;
      spec.samples = (kind & 4) != 0 ? 3 : 1;
      if ((kind & 8) != 0) spec.tile_width = spec.tile_height = 16;
      spec.photometric = spec.samples == 3 ? 2 : 1;
      spec.tags[339] = {TiffType::kShort, std::vector<double>(spec.samples, 2)};
      const double steps = bits == 64 ? 18446744073709551615.0 : static_cast<double>((1ULL << bits) - 1);
      const auto value = [&](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
        // Two's complement.
        const std::uint64_t pattern = stored(spec, x, y, s);
        const double half = static_cast<double>(1ULL << (bits - 1));
        const double number = static_cast<double>(pattern) - ((pattern >> (bits - 1)) != 0 ? 2 * half : 0);
        return (number + half) * 255 / steps;
      };
      expect_picture(
          spec,
          [&](std::uint32_t x, std::uint32_t y) {
            const std::uint32_t last = spec.samples - 1;
            return Rgb{value(x, y, 0), value(x, y, std::min(1U, last)), value(x, y, last)};
          },
          spec.samples == 3 ? kRgbBound : kGreyBound,
          "bits " + std::to_string(bits) + " kind " + std::to_string(kind));
    }
  }
}

TEST(TiffSource, SignedSamplesOfGreyThatIsWhiteAtZeroAndOfAlpha) {
  TiffSpec inverse;
  inverse.photometric = 0;
  inverse.tags[339] = {TiffType::kShort, {2}};
  expect_picture(
      inverse,
      [&](std::uint32_t x, std::uint32_t y) {
        const double v = 255 - static_cast<double>(static_cast<std::int8_t>(stored(inverse, x, y, 0)) + 128);
        return Rgb{v, v, v};
      },
      kGreyBound, "white is zero");
  TiffSpec alpha = photo_spec(37, 21);
  alpha.samples = 4;
  alpha.tags[338] = {TiffType::kShort, {2}};
  alpha.tags[339] = {TiffType::kShort, {2, 2, 2, 2}};
  alpha.value = scrambled;
  expect_picture(
      alpha,
      [&](std::uint32_t x, std::uint32_t y) {
        const auto v = [&](std::uint32_t s) {
          return static_cast<double>(static_cast<std::int8_t>(stored(alpha, x, y, s)) + 128);
        };
        return Rgb{over_white(v(0), v(3)), over_white(v(1), v(3)), over_white(v(2), v(3))};
      },
      kRgbBound, "alpha");
}

std::uint16_t half_bits(float value) {  // exact for the values used here
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t exponent = bits >> 23 & 255U;
  if (exponent == 0) return static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
  if (exponent == 255)
    return static_cast<std::uint16_t>((bits >> 16 & 0x8000U) | 0x7c00U | (bits >> 13 & 1023U));
  return static_cast<std::uint16_t>((bits >> 16 & 0x8000U) | (exponent - 112) << 10 | (bits >> 13 & 1023U));
}

std::uint64_t float_bits(std::uint32_t bits, double value) {
  if (bits == 64) return std::bit_cast<std::uint64_t>(value);
  if (bits == 32) return std::bit_cast<std::uint32_t>(static_cast<float>(value));
  return half_bits(static_cast<float>(value));
}

TEST(TiffSource, Floats) {
  const double odd[] = {-3.0,
                        4.0,
                        std::numeric_limits<double>::infinity(),
                        std::numeric_limits<double>::quiet_NaN(),
                        -std::numeric_limits<double>::infinity(),
                        -0.0,
                        1.0};
  const double odd_levels[] = {0, 255, 255, 0, 0, 0, 255};
  for (const std::uint32_t bits : {16U, 32U, 64U}) {
    for (const bool ranged : {false, true}) {
      TiffSpec spec;
      spec.bits = bits;
      spec.big_endian = bits == 32;
      spec.tags[339] = {TiffType::kShort, {3}};
      if (ranged) {
        spec.tags[340] = {TiffType::kFloat, {-1}};
        spec.tags[341] = {TiffType::kFloat, {3}};
      }
      const auto value = [&](std::uint32_t x, std::uint32_t y) {
        return y == 0 && x < 7 ? odd[x] : (x * 16 + y) / 1024.0;
      };
      spec.value = [&](std::uint32_t x, std::uint32_t y, std::uint32_t) {
        return float_bits(bits, value(x, y));
      };
      expect_picture(
          spec,
          [&](std::uint32_t x, std::uint32_t y) {
            double v = ranged ? (value(x, y) + 1) / 4 * 255 : value(x, y) * 255;
            if (y == 0 && x < 7 && !ranged) v = odd_levels[x];
            if (!(v > 0)) v = 0;
            v = std::min(v, 255.0);
            return Rgb{v, v, v};
          },
          kGreyBound, std::to_string(bits) + (ranged ? " ranged" : ""));
    }
  }
}

Rgb clipped(const Rgb& p) {
  const auto clip = [](double v) { return std::clamp(v, 0.0, 255.0); };
  return {clip(p.r), clip(p.g), clip(p.b)};
}

// TIFF 6.0 section 21.
Rgb ycbcr_to_rgb(double y, double cb, double cr, const std::vector<double>& luma,
                 const std::vector<double>& range) {
  const double yy = (y - range[0]) * 255 / (range[1] - range[0]);
  const double b = (cb - range[2]) * 127 / (range[3] - range[2]);
  const double r = (cr - range[4]) * 127 / (range[5] - range[4]);
  Rgb rgb;
  rgb.r = r * (2 - 2 * luma[0]) + yy;
  rgb.b = b * (2 - 2 * luma[2]) + yy;
  rgb.g = (yy - luma[2] * rgb.b - luma[0] * rgb.r) / luma[1];
  return clipped(rgb);
}

TEST(TiffSource, YcbcrOfEverySubsampling) {
  const std::vector<double> bt601 = {0.299, 0.587, 0.114};
  const std::vector<double> bt709 = {0.2126, 0.7152, 0.0722};
  const std::vector<double> full = {0, 255, 128, 255, 128, 255};
  const std::vector<double> studio = {15, 235, 128, 240, 128, 240};
  for (const std::uint32_t across : {1U, 2U, 4U}) {
    for (const std::uint32_t down : {1U, 2U, 4U}) {
      for (int kind = 0; kind < 4; ++kind) {
        TiffSpec spec;
        spec.samples = 3;
        spec.photometric = 6;
        spec.across = across;
        spec.down = down;
        spec.rows_per_strip = 8;
        if ((kind & 1) != 0) spec.tile_width = spec.tile_height = 16;
        const bool other = (kind & 2) != 0;
        if (other) {
          spec.tags[529] = {TiffType::kRational, bt709};
          spec.tags[532] = {TiffType::kRational, studio};
        }
        spec.value = [](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
          return s == 0 ? std::uint64_t{x * 5 + y * 3 + 20}
                        : std::uint64_t{100 + (x / 4 * 7 + y / 4 * 5 + s * 13) % 60};
        };
        expect_picture(
            spec,
            [&](std::uint32_t x, std::uint32_t y) {
              const std::uint32_t cx = x / across * across;
              const std::uint32_t cy = y / down * down;
              return ycbcr_to_rgb(level(spec, x, y, 0), level(spec, cx, cy, 1), level(spec, cx, cy, 2),
                                  other ? bt709 : bt601, other ? studio : full);
            },
            kRgbBound, std::to_string(across) + "x" + std::to_string(down) + " kind " + std::to_string(kind));
      }
    }
  }
}

// CIE 15 and IEC 61966-2-1 with Bradford adaptation from D50, in double precision and from the definitions.
Rgb lab_to_srgb(double l, double a, double b) {
  const auto inverse = [](double t) { return t > 6.0 / 29 ? t * t * t : 3 * 36.0 / 841 * (t - 4.0 / 29); };
  const double fy = (l + 16) / 116;
  const double x = 0.9642 * inverse(fy + a / 500);
  const double y = inverse(fy);
  const double z = 0.8249 * inverse(fy - b / 200);
  const double xd = 0.9555766 * x - 0.0230393 * y + 0.0631636 * z;
  const double yd = -0.0282895 * x + 1.0099416 * y + 0.0210077 * z;
  const double zd = 0.0122982 * x - 0.0204830 * y + 1.3299098 * z;
  const auto encoded = [](double v) {
    v = std::clamp(v, 0.0, 1.0);
    return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055);
  };
  return {encoded(3.2404542 * xd - 1.5371385 * yd - 0.4985314 * zd),
          encoded(-0.9692660 * xd + 1.8760108 * yd + 0.0415560 * zd),
          encoded(0.0556434 * xd - 0.2040259 * yd + 1.0572252 * zd)};
}

TEST(TiffSource, LabColours) {
  for (const std::uint16_t photometric : {std::uint16_t{8}, std::uint16_t{9}, std::uint16_t{10}}) {
    for (const std::uint32_t bits : {8U, 16U}) {
      TiffSpec spec;
      spec.bits = bits;
      spec.samples = 3;
      spec.photometric = photometric;
      const auto lightness = [](std::uint32_t x, std::uint32_t y) { return 20 + x * 2 + y / 4.0; };
      const auto a = [](std::uint32_t x, std::uint32_t) { return -18.0 + x; };
      const auto b = [](std::uint32_t, std::uint32_t y) { return -10.0 + y; };
      const auto code = [&](double l, double aa, double bb, std::uint32_t s) {
        const double scale = bits == 8 ? 1 : 256;
        const double most = bits == 8 ? 255 : 65535;
        if (photometric == 10) {  // T.42
          const double v[] = {l / 100 * 255, aa * 255 / 170 + 128, bb * 255 / 200 + 96};
          return std::lround(v[s] / 255 * most);
        }
        if (s == 0) return std::lround(photometric == 9 && bits == 16 ? l / 100 * 65280 : l / 100 * most);
        const double offset = photometric == 9 ? 128 : 0;
        return std::lround(((s == 1 ? aa : bb) + offset) * scale);
      };
      spec.value = [&](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
        return static_cast<std::uint64_t>(code(lightness(x, y), a(x, y), b(x, y), s));
      };
      // The codes of 8 bits are that coarse: 0.2 of L, and in ITU Lab 0.4 of a and b.
      expect_picture(
          spec,
          [&](std::uint32_t x, std::uint32_t y) { return lab_to_srgb(lightness(x, y), a(x, y), b(x, y)); },
          bits == 8 ? 2.5 : kRgbBound,
          "photometric " + std::to_string(photometric) + " bits " + std::to_string(bits));
    }
  }
}

struct Recoding {
  const char* options;
  std::uint32_t bits;
  std::uint32_t samples;
  bool is_float = false;
};

constexpr Recoding kRecodings[] = {{"-c lzw", 8, 3},
                                   {"-c lzw:2", 8, 3},
                                   {"-c lzw:2", 16, 3},
                                   {"-c zip", 8, 3},
                                   {"-c zip:2", 8, 1},
                                   {"-c zip:2", 16, 3},
                                   {"-c packbits", 8, 3},
                                   {"-c packbits", 1, 1},
                                   {"-c g3", 1, 1},
                                   {"-c g3:2d", 1, 1},
                                   {"-c g3:2d:fill", 1, 1},
                                   {"-c g4", 1, 1},
                                   {"-c g4 -f lsb2msb", 1, 1},
                                   {"-c lzw -f lsb2msb", 8, 3},
                                   {"-c none -f lsb2msb", 8, 3},
                                   {"-c lzw:2 -t -w 16 -l 32", 8, 3},
                                   {"-c zip:2 -p separate", 16, 3},
                                   {"-c lzw:2 -t -w 32 -l 16 -p separate", 8, 3},
                                   {"-c g4 -t -w 32 -l 32", 1, 1},
                                   {"-c zip -8", 8, 3},
                                   {"-c lzw:2 -8 -B", 16, 3},
                                   {"-c lzw -B", 8, 3},
                                   {"-c zip:3", 32, 1, true},
                                   {"-c lzw:3", 32, 3, true},
                                   {"-c zip:3 -t -w 16 -l 16", 16, 1, true},
                                   {"-c zip:2", 32, 1},
                                   {"-c lzw:2 -B -p separate", 32, 3}};

double recoded_fraction(std::uint32_t x, std::uint32_t y, std::uint32_t s) {
  return ((x * 3 + y * 5 + s * 40) % 256) / 256.0 + x % 7 / 2048.0;
}

TiffSpec spec_of(const Recoding& recoding) {
  TiffSpec spec;
  spec.width = 97;
  spec.height = 61;
  spec.bits = recoding.bits;
  spec.samples = recoding.samples;
  spec.photometric = recoding.samples == 3 ? 2 : 1;
  spec.value = [recoding](std::uint32_t x, std::uint32_t y, std::uint32_t s) -> std::uint64_t {
    const double fraction = recoded_fraction(x, y, s);
    if (recoding.is_float) return float_bits(recoding.bits, fraction);
    if (recoding.bits == 1) return (x / 5 + y / 3) % 3 == 0 ? 1 : 0;
    return static_cast<std::uint64_t>(fraction * static_cast<double>((1ULL << recoding.bits) - 1));
  };
  spec.planar = std::strstr(recoding.options, "separate") != nullptr;  // tiffcp 4.5 only takes 8 bits apart
  if (recoding.is_float) spec.tags[339] = {TiffType::kShort, {3}};
  return spec;
}

TEST(TiffSource, EveryLosslessCompressionOfTiffcp) {
  for (const Recoding& recoding : kRecodings) {
    const TiffSpec spec = spec_of(recoding);
    const ByteVector file = convert_file(std::string("tiffcp ") + recoding.options + " @ %", make_tiff(spec));
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << recoding.options << ": " << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U) << recoding.options;
    const auto shown = [&](std::uint32_t x, std::uint32_t y) {
      if (recoding.is_float) {
        const std::uint32_t last = recoding.samples - 1;
        return Rgb{recoded_fraction(x, y, 0) * 255, recoded_fraction(x, y, std::min(1U, last)) * 255,
                   recoded_fraction(x, y, last) * 255};
      }
      return recoding.samples == 3 ? as_rgb(spec)(x, y) : as_grey(spec)(x, y);
    };
    EXPECT_LE(worst_pixel(spec, decoded, shown), recoding.samples == 3 ? kRgbBound : kGreyBound)
        << recoding.options;
  }
}

// Technical Note 3: the bytes of a row's samples, most significant ones first, then differences of bytes; and
// zlib.
ByteVector float_predicted(const ByteVector& rows, const TiffSpec& spec) {
  const std::size_t sample_bytes = spec.bits / 8;
  const std::size_t count = std::size_t{spec.width} * spec.samples;
  ByteVector predicted;
  for (std::size_t start = 0; start < rows.size(); start += count * sample_bytes) {
    ByteVector row;
    for (std::size_t byte = 0; byte < sample_bytes; ++byte) {
      const std::size_t at = spec.big_endian ? byte : sample_bytes - 1 - byte;
      for (std::size_t i = 0; i < count; ++i) row.push_back(rows[start + i * sample_bytes + at]);
    }
    for (std::size_t i = row.size() - 1; i >= spec.samples; --i)
      row[i] = static_cast<std::uint8_t>(row[i] - row[i - spec.samples]);
    predicted.insert(predicted.end(), row.begin(), row.end());
  }
  uLongf size = compressBound(predicted.size());
  ByteVector packed(size);
  EXPECT_EQ(compress(packed.data(), &size, predicted.data(), predicted.size()), Z_OK);
  packed.resize(size);
  return packed;
}

// tiffcp 4.5 writes big-endian files of this kind wrong.
TEST(TiffSource, TheFloatPredictorInBothByteOrders) {
  for (const std::uint32_t bits : {16U, 32U, 64U}) {
    for (const std::uint32_t samples : {1U, 3U}) {
      for (const bool big_endian : {false, true}) {
        TiffSpec spec;
        spec.bits = bits;
        spec.samples = samples;
        spec.photometric = samples == 3 ? 2 : 1;
        spec.big_endian = big_endian;
        spec.tags[259] = {TiffType::kShort, {8}};
        spec.tags[317] = {TiffType::kShort, {3}};
        spec.tags[339] = {TiffType::kShort, {3}};
        const auto value = [](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
          return (x * 16 + y * 3 + s * 200) / 1024.0;
        };
        spec.value = [&](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
          return float_bits(bits, value(x, y, s));
        };
        spec.compress = [&spec](const ByteVector& rows) { return float_predicted(rows, spec); };
        expect_picture(
            spec,
            [&](std::uint32_t x, std::uint32_t y) {
              const std::uint32_t last = samples - 1;
              return clipped(
                  {value(x, y, 0) * 255, value(x, y, std::min(1U, last)) * 255, value(x, y, last) * 255});
            },
            samples == 3 ? kRgbBound : kGreyBound, std::to_string(bits));
      }
    }
  }
}

// ImageMagick's Lab is relative to D65 and says so by WhitePoint. (Its 8-bit codes of a and b are half a step
// off.)
TEST(TiffSource, LabOfAnotherWhitePoint) {
  const TiffSpec spec = photo_spec(61, 43);
  const ByteVector lab = convert_file("convert tiff:@ -colorspace Lab -depth 16 tiff:%", make_tiff(spec));
  ASSERT_EQ(inspect_image(lab, Limits{})->color_model, ColorModel::kLab);
  const Decoded decoded = decode(lab);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_LE(worst_pixel(spec, decoded, as_rgb(spec)), kRgbBound);
}

TEST(TiffSource, JpegCompressionAsTiff2rgbaSeesIt) {
  for (const char* options : {"-c jpeg:90", "-c jpeg:90 -r 32", "-c jpeg:r:90", "-c jpeg:90 -t -w 48 -l 32",
                              "-c jpeg:r:90 -p separate"}) {
    const ByteVector file =
        convert_file(std::string("tiffcp ") + options + " @ %", make_tiff(photo_spec(123, 77)));
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << options << ": " << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U) << options;
    EXPECT_LE(worst_difference(decoded, ask_tiff2rgba(file)), 2.5) << options;
  }
  TiffSpec grey = photo_spec(50, 40);
  grey.samples = 1;
  grey.photometric = 1;
  const ByteVector file = convert_file("tiffcp -c jpeg:95 @ %", make_tiff(grey));
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.planes.size(), 1U);
  EXPECT_LE(worst_difference(decoded, ask_tiff2rgba(file)), 1.0);
}

TEST(TiffSource, Tiff2rgbaSeesTheSame) {
  struct Case {
    const char* name;
    std::uint16_t photometric;
    std::uint32_t bits, samples;
    std::vector<double> extra;
  };
  const Case cases[] = {{"grey 1", 1, 1, 1, {}},        {"white is zero 4", 0, 4, 1, {}},
                        {"grey 8", 1, 8, 1, {}},        {"grey 16", 1, 16, 1, {}},
                        {"rgb 8", 2, 8, 3, {}},         {"rgb 16", 2, 16, 3, {}},
                        {"cmyk", 5, 8, 4, {}},          {"straight", 2, 8, 4, {2}},
                        {"straight 16", 2, 16, 4, {2}}, {"ycbcr", 6, 8, 3, {}}};
  for (const Case& c : cases) {
    for (const bool planar : {false, true}) {
      if (planar && c.photometric == 6) continue;
      TiffSpec spec = photo_spec(61, 43);
      spec.photometric = c.photometric;
      spec.bits = c.bits;
      spec.samples = c.samples;
      spec.planar = planar;
      if (c.photometric == 6) spec.across = spec.down = 2;
      if (!c.extra.empty()) spec.tags[338] = {TiffType::kShort, c.extra};
      if (c.bits == 16)
        spec.value = [](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
          return std::uint64_t{x * 900 + y * 150 + s * 1000};
        };
      const ByteVector file = make_tiff(spec);
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << c.name << ": " << decoded.detail;
      // It premultiplies straight alpha in 8 bits, and rounds twice.
      EXPECT_LE(worst_difference(decoded, ask_tiff2rgba(file)), 3.0) << c.name << (planar ? " planar" : "");
    }
  }
}

TEST(TiffSource, ThumbnailsAndMasksAreSkipped) {
  for (const auto& [tag, value] :
       {std::pair{std::uint16_t{254}, 1.0}, {std::uint16_t{254}, 4.0}, {std::uint16_t{255}, 2.0}}) {
    for (const bool big : {false, true}) {
      TiffSpec thumbnail = photo_spec(8, 6);
      thumbnail.big_tiff = thumbnail.big_endian = big;
      thumbnail.tags[tag] = {TiffType::kLong, {value}};
      TiffSpec page = photo_spec(64, 48);
      page.big_tiff = page.big_endian = big;
      TiffSpec second = photo_spec(20, 30);
      second.big_tiff = second.big_endian = big;
      TiffWriter writer(thumbnail);
      writer.page(thumbnail);
      writer.page(page);
      writer.page(second);
      const ByteVector file = writer.file();
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.planes[0].geometry.width, 64U);
      EXPECT_LE(worst_pixel(page, decoded, as_rgb(page)), kRgbBound);
      EXPECT_EQ(inspect_image(file, Limits{})->height, 48U);
    }
  }
  TiffSpec alone = photo_spec(8, 6);
  alone.tags[254] = {TiffType::kLong, {1}};
  EXPECT_EQ(decode(make_tiff(alone)).planes.size(), 3U);
}

TEST(TiffSource, FilesCutOffAnywhere) {
  for (const char* options : {"-c none", "-c lzw:2", "-c zip", "-c packbits", "-c jpeg:80 -r 16",
                              "-c lzw -t -w 16 -l 16", "-c none -p separate"}) {
    // tiffcp writes the directory last; tiffset-like tools first. Here it is moved to the front, so that a
    // cut file has one.
    const ByteVector file =
        convert_file(std::string("tiffcp -r 4 ") + options + " @ %", make_tiff(photo_spec(48, 32)));
    const PrefixOutcomes outcomes = decode_every_prefix(file);
    EXPECT_GT(outcomes.refused, 0U) << options;
  }
}

// Strips in the order of the file, the directory in front of them.
ByteVector directory_first(const ByteVector& strips, std::uint32_t width, std::uint32_t height,
                           std::uint16_t compression) {
  ByteVector file = {'I', 'I', 42, 0, 8, 0, 0, 0};
  const auto put = [&file](std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) file.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const std::pair<std::uint16_t, std::uint32_t> tags[] = {
      {256, width},       {257, height}, {258, 8},
      {259, compression}, {262, 1},      {273, 8 + 2 + 9 * 12 + 4},
      {277, 1},           {278, height}, {279, static_cast<std::uint32_t>(strips.size())}};
  put(9, 2);
  for (const auto& [tag, value] : tags) {
    put(tag, 2);
    put(4, 2);
    put(1, 4);
    put(value, 4);
  }
  put(0, 4);
  file.insert(file.end(), strips.begin(), strips.end());
  return file;
}

TEST(TiffSource, WhatThereIsOfACutStripIsDecoded) {
  const std::uint32_t width = 40;
  const std::uint32_t height = 32;
  ByteVector pixels;
  for (std::uint32_t i = 0; i < width * height; ++i) pixels.push_back(static_cast<std::uint8_t>(i * 7 % 200));
  ByteVector packed;  // PackBits: a literal run for each row
  for (std::uint32_t y = 0; y < height; ++y) {
    packed.push_back(width - 1);
    packed.insert(packed.end(), pixels.begin() + y * width, pixels.begin() + (y + 1) * width);
  }
  for (const std::uint16_t compression : {std::uint16_t{1}, std::uint16_t{32773}}) {
    const ByteVector& strip = compression == 1 ? pixels : packed;
    const ByteVector whole = directory_first(strip, width, height, compression);
    ASSERT_EQ(decode(whole).warnings, 0U);
    for (std::size_t rows = 0; rows < height; ++rows) {
      const std::size_t left = strip.size() / height * rows + 3;
      const ByteVector cut(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(strip.size() - left));
      const Decoded decoded = decode(cut);
      if (rows == 0) {
        EXPECT_EQ(decoded.error, ErrorCode::kCorruptImage);
        continue;
      }
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
      EXPECT_EQ(decoded.decoded_rows, rows);
      for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
          ASSERT_EQ(decoded.planes[0].at(x, y), y < rows ? pixels[y * width + x] : 255)
              << rows << " at " << x << "," << y;
        }
      }
    }
  }
}

TEST(TiffSource, StripsThatAreMissingAreWhite) {
  for (const bool tiled : {false, true}) {
    TiffSpec spec = photo_spec(32, 32);
    if (tiled) spec.tile_width = spec.tile_height = 16;
    const ByteVector whole = make_tiff(spec);
    spec.tags[static_cast<std::uint16_t>(tiled ? 325 : 279)] = {
        TiffType::kLong, tiled ? std::vector<double>{768, 768, 0, 0} : std::vector<double>{1536, 0}};
    const Decoded decoded = decode(make_tiff(spec));
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
    EXPECT_EQ(decoded.decoded_rows, 16U);
    EXPECT_LE(worst_pixel(spec, decoded,
                          [&](std::uint32_t x, std::uint32_t y) {
                            return y < 16 ? as_rgb(spec)(x, y) : Rgb{255, 255, 255};
                          }),
              kRgbBound);
  }
  TiffSpec nothing = photo_spec(32, 32);
  nothing.tags[273] = {TiffType::kLong, {1e6, 1e6}};
  EXPECT_EQ(decode(make_tiff(nothing)).error, ErrorCode::kCorruptImage);
}

// What is white from the top on is no picture, whatever there is below.
TEST(TiffSource, APictureIsPreparedByTheRowsFromItsTop) {
  for (const bool tiled : {false, true}) {
    TiffSpec spec = photo_spec(32, 32);
    if (tiled) spec.tile_width = spec.tile_height = 16;
    const auto tag = static_cast<std::uint16_t>(tiled ? 325 : 279);
    const double length = tiled ? 768 : 1536;
    for (const bool allow : {false, true}) {
      PrepareOptions options;
      options.allow_truncated = allow;
      spec.tags[tag] = {TiffType::kLong, tiled ? std::vector<double>{length, 0, length, length}
                                               : std::vector<double>{0, length}};
      const auto without_top = prepare_image(make_tiff(spec), options);
      ASSERT_FALSE(without_top.ok());
      EXPECT_EQ(without_top.error().code, ErrorCode::kCorruptImage);
      spec.tags[tag] = {TiffType::kLong, tiled ? std::vector<double>{length, length, 0, length}
                                               : std::vector<double>{length, 0}};
      const auto half = prepare_image(make_tiff(spec), options);
      ASSERT_TRUE(half.ok()) << half.error().detail;
      EXPECT_EQ(half->decoded_rows, 16U);
      EXPECT_EQ(half->warnings, std::uint32_t{kWarnTruncated});
    }
  }
}

// The value in the entry of a tag, in a little-endian file whose first directory has it.
std::size_t entry_value_at(const ByteVector& file, std::uint16_t tag) {
  const auto u16 = [&file](std::size_t at) { return file[at] + file[at + 1] * 256U; };
  const std::size_t directory = u16(4) + u16(6) * 65536U;
  for (std::size_t i = 0; i < u16(directory); ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (u16(entry) == tag) return entry + 8;
  }
  ADD_FAILURE() << "no tag " << tag;
  return 0;
}

TEST(TiffSource, RowsUpToTheFirstLossAreCounted) {
  struct Case {
    const char* options;
    std::uint32_t bits;
    std::uint32_t step;  // rows that are lost together
  };
  const Case cases[] = {{"-c lzw:2 -r 96", 8, 1},    {"-c zip -r 96", 8, 1},
                        {"-c packbits -r 96", 8, 1}, {"-c g4 -r 96", 1, 1},
                        {"-c g3 -r 96", 1, 1},       {"-c jpeg:r:90 -r 96", 8, 8},
                        {"-c jpeg:90 -r 96", 8, 16}, {"-c lzw -t -w 96 -l 96", 8, 96}};
  for (const Case& c : cases) {
    TiffSpec spec = photo_spec(90, 96);
    if (c.bits == 1) {
      spec.bits = spec.samples = spec.photometric = 1;
      spec.value = [](std::uint32_t x, std::uint32_t y, std::uint32_t) {
        return (x / 5 + y / 3) % 3 == 0 ? 1 : 0;
      };
    }
    const ByteVector file = convert_file(std::string("tiffcp ") + c.options + " @ %", make_tiff(spec));
    const Decoded whole = decode(file);
    ASSERT_EQ(whole.warnings, 0U) << c.options;
    EXPECT_EQ(whole.decoded_rows, 96U) << c.options;
    // Half of the strip.
    ByteVector half = file;
    const bool is_tiled = std::strstr(c.options, "-t") != nullptr;
    const std::size_t at = entry_value_at(half, is_tiled ? 325 : 279);
    const std::uint32_t bytes = half[at] + half[at + 1] * 256U;
    half[at] = static_cast<std::uint8_t>(bytes / 2);
    half[at + 1] = static_cast<std::uint8_t>(bytes / 2 / 256);
    const Decoded decoded = decode(half);
    if (is_tiled) {
      EXPECT_EQ(decoded.error, ErrorCode::kCorruptImage);
      continue;
    }
    ASSERT_TRUE(decoded.ok()) << c.options << ": " << decoded.detail;
    EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated}) << c.options;
    EXPECT_GT(decoded.decoded_rows, 20U) << c.options;
    EXPECT_LT(decoded.decoded_rows, 76U) << c.options;
    std::uint32_t same = 0;
    for (std::uint32_t y = 0; y < 96 && same == y; ++y) {
      bool is_same = true;
      for (std::uint32_t x = 0; x < 90; ++x)
        is_same = is_same && decoded.planes[0].at(x, y) == whole.planes[0].at(x, y);
      if (is_same) ++same;
    }
    // Not one more than those that are right, and of blocks not one row of blocks less.
    // (In Group 3 the line in which the strip ends may look whole.)
    EXPECT_LE(decoded.decoded_rows, same + (std::strstr(c.options, "g3") != nullptr ? 1 : 0)) << c.options;
    EXPECT_GT(decoded.decoded_rows + 2 * c.step, same) << c.options;
  }
}

// A line of Group 3 that is damaged is one line; with Group 4 what follows is made of it.
TEST(TiffSource, ADamagedLineOfAFaxIsNotItsEnd) {
  TiffSpec spec = photo_spec(96, 80);
  spec.bits = spec.samples = spec.photometric = 1;
  spec.value = [](std::uint32_t x, std::uint32_t y, std::uint32_t) {
    return (x / 5 + y / 3) % 3 == 0 ? 1 : 0;
  };
  for (const bool is_g4 : {false, true}) {
    ByteVector file =
        convert_file(std::string("tiffcp -r 80 -c ") + (is_g4 ? "g4" : "g3") + " @ %", make_tiff(spec));
    const std::size_t at = entry_value_at(file, 273);
    const std::size_t strip = file[at] + file[at + 1] * 256U;
    const std::size_t middle = strip + (is_g4 ? 100 : 700);
    for (std::size_t i = 0; i < 3; ++i) file[middle + i] ^= 0x5a;
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
    if (is_g4) {
      EXPECT_LT(decoded.decoded_rows, 80U);
    } else {
      EXPECT_GE(decoded.decoded_rows, 79U);  // two lines may have become one
    }
  }
}

// Sizes that are over 32 bits when the page allows them are refused before anything is allocated: they are
// counted in 64 bits.
TEST(TiffSource, DimensionsThatWrapIn32BitsAreRefused) {
  Limits limits;
  limits.max_dimension = 0xffff'ffff;
  limits.max_pixels = 0xffff'ffff;
  const auto number = [](double value) { return TiffTag{TiffType::kLong, {value}}; };
  struct Case {
    double width, height;
    std::uint32_t bits, samples;
    std::uint16_t compression;
  };
  const Case cases[] = {{268435456, 1, 8, 1, 5},       {268435457, 16, 8, 3, 5},  {1431655766, 1, 8, 3, 8},
                        {4294967295.0, 1, 8, 1, 5},    {1073741825, 1, 32, 4, 8}, {536870913, 1, 64, 8, 8},
                        {2147483648.0, 1, 8, 2, 32773}};
  for (const Case& c : cases) {
    for (const bool is_tiled : {false, true}) {
      TiffSpec spec = photo_spec(32, 32);
      spec.bits = c.bits;
      spec.samples = c.samples;
      spec.photometric = c.samples < 3 ? 1 : 2;
      spec.tags = {{256, number(c.width)}, {257, number(c.height)}, {259, number(c.compression)}};
      if (is_tiled) {
        spec.tags[322] = number(c.width);
        spec.tags[323] = number(16);
      } else {
        spec.tags[278] = number(c.height);
      }
      // A file long enough to hold that much, so that this is not what refuses it.
      ByteVector file = make_tiff(spec);
      file.resize(8'000'000);
      const Decoded decoded = decode(file, kFullSize, limits);
      ASSERT_FALSE(decoded.ok()) << c.width;
      EXPECT_TRUE(decoded.error == ErrorCode::kImageTooLarge || decoded.error == ErrorCode::kCorruptImage)
          << c.width << " " << decoded.detail;
    }
  }
}

TEST(TiffSource, DamageNeverCrashes) {
  for (const char* options :
       {"-c none", "-c lzw:2", "-c zip:2", "-c packbits", "-c jpeg:80 -r 16", "-c jpeg:r:80 -t -w 16 -l 16",
        "-c lzw -t -w 16 -l 16 -p separate", "-c zip -8 -B"}) {
    decode_with_damage(
        convert_file(std::string("tiffcp -r 8 ") + options + " @ %", make_tiff(photo_spec(40, 30))), 400, 1);
  }
  TiffSpec spec = photo_spec(40, 30);
  spec.photometric = 6;
  spec.across = spec.down = 2;
  decode_with_damage(make_tiff(spec), 400, 2);
  TiffSpec bits = photo_spec(70, 30);
  bits.bits = bits.samples = bits.photometric = 1;
  for (const char* options : {"-c g3", "-c g3:2d", "-c g4"}) {
    decode_with_damage(convert_file(std::string("tiffcp ") + options + " @ %", make_tiff(bits)), 400, 3);
  }
}

TEST(TiffSource, OtherVariantsAreNamed) {
  struct Case {
    std::uint16_t tag;
    std::vector<double> values;
    const char* word;
  };
  const Case cases[] = {
      {259, {50000}, "ZSTD"},        {259, {34925}, "LZMA"},      {259, {34887}, "LERC"},
      {259, {34661}, "JBIG"},        {259, {50001}, "WebP"},      {259, {34712}, "JPEG 2000"},
      {259, {32909}, "Pixar"},       {259, {32766}, "NeXT"},      {259, {32809}, "ThunderScan"},
      {259, {50002}, "JPEG XL"},     {259, {12345}, "not known"}, {339, {5, 5, 5}, "type"},
      {258, {5, 6, 5}, "different"}, {262, {32803}, "raw"},       {262, {777}, "not known"},
      {32997, {9}, "volumes"}};
  for (const Case& c : cases) {
    TiffSpec spec = photo_spec(16, 16);
    spec.tags[c.tag] = {TiffType::kShort, c.values};
    const ByteVector file = make_tiff(spec);
    const Decoded decoded = decode(file);
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature) << c.word;
    EXPECT_NE(decoded.detail.find(c.word), std::string::npos) << decoded.detail;
    const auto info = inspect_image(file, Limits{});
    ASSERT_TRUE(info.ok()) << c.word;
    EXPECT_FALSE(info->decodable) << c.word;
    EXPECT_EQ(info->width, 16U);
  }
}

TEST(TiffSource, HostileFilesEndSoon) {
  struct Case {
    const char* name;
    std::map<std::uint16_t, TiffTag> tags;
    std::set<ErrorCode> codes;
  };
  const auto number = [](double value) { return TiffTag{TiffType::kLong, {value}}; };
  const std::set<ErrorCode> refused = {ErrorCode::kCorruptImage, ErrorCode::kImageTooLarge};
  const Case cases[] = {
      {"2^31 rows of one strip each", {{257, number(2147483648.0)}, {278, number(1)}}, refused},
      {"2^32 - 1 pixels each way", {{256, number(4294967295.0)}, {257, number(4294967295.0)}}, refused},
      {"no width", {{256, number(0)}}, refused},
      {"tiles of no width", {{322, number(0)}, {323, number(16)}}, refused},
      {"tiles of 2^31", {{322, number(2147483648.0)}, {323, number(2147483648.0)}}, refused},
      {"tiles of one pixel",
       {{256, number(10000)}, {257, number(12000)}, {322, number(1)}, {323, number(1)}},
       refused},
      {"120 megapixels of nothing",
       {{256, number(12000)}, {257, number(10000)}, {278, number(10000)}},
       refused},
      {"120 megapixels of Deflate",
       {{256, number(12000)}, {257, number(10000)}, {259, number(8)}, {278, number(1)}},
       refused},
      {"120 megapixels of LZW",
       {{256, number(12000)}, {257, number(10000)}, {259, number(5)}, {278, number(1)}},
       refused},
      {"120 megapixels of JPEG",
       {{256, number(12000)}, {257, number(10000)}, {259, number(7)}, {278, number(16)}},
       refused},
      {"65 samples", {{277, number(65)}}, {ErrorCode::kUnsupportedFeature}},
      {"65535 samples", {{277, number(65535)}, {256, number(60000)}}, {ErrorCode::kUnsupportedFeature}},
      {"65535 planes", {{277, number(65535)}, {284, number(2)}}, {ErrorCode::kUnsupportedFeature}},
      {"lengths beyond the file", {{279, TiffTag{TiffType::kLong, {4294967295.0, 4294967295.0}}}}, {}},
      {"a description beyond the file", {{270, TiffTag{TiffType::kByte, std::vector<double>(3, 1)}}}, {}}};
  for (const Case& c : cases) {
    TiffSpec spec = photo_spec(32, 32);
    spec.tags = c.tags;
    const ByteVector file = make_tiff(spec);
    const auto start = std::chrono::steady_clock::now();
    (void)inspect_image(file, Limits{});
    const Decoded decoded = decode(file);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << c.name;
    if (c.codes.empty()) {
      EXPECT_TRUE(decoded.ok()) << c.name << ": " << decoded.detail;
    } else {
      ASSERT_FALSE(decoded.ok()) << c.name;
      EXPECT_TRUE(c.codes.contains(*decoded.error)) << c.name << ": " << decoded.detail;
    }
  }
}

TEST(TiffSource, DirectoriesInALoopEnd) {
  TiffSpec spec = photo_spec(16, 16);
  spec.tags[254] = {TiffType::kLong, {1}};
  ByteVector file = make_tiff(spec);
  std::copy(file.begin() + 4, file.begin() + 8, file.end() - 4);  // the next directory is the first one
  EXPECT_TRUE(decode(file).ok());
}

TEST(TiffSource, AStripOrTileRowOverTheLimitIsRefused) {
  Limits limits;
  limits.max_decoder_bytes = 20'000;
  TiffSpec tiles = photo_spec(100, 100);
  tiles.tile_width = tiles.tile_height = 112;
  EXPECT_EQ(decode(make_tiff(tiles), kFullSize, limits).error, ErrorCode::kImageTooLarge);
  TiffSpec blocks = photo_spec(100, 100);
  blocks.photometric = 6;
  blocks.across = 2;
  blocks.rows_per_strip = 104;
  limits.max_decoder_bytes = 15'000;
  EXPECT_EQ(decode(make_tiff(blocks), kFullSize, limits).error, ErrorCode::kImageTooLarge);
  // Other strips are read row by row, however large they are.
  limits.max_decoder_bytes = 20'000;
  TiffSpec strip = photo_spec(100, 100);
  strip.rows_per_strip = 100;
  EXPECT_TRUE(decode(make_tiff(strip), kFullSize, limits).ok());
}

}  // namespace
}  // namespace netocr::tiff
