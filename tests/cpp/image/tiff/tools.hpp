// What the tests of TIFF share: comparing a decoded file with what it was made from, and asking libtiff's
// tools for a second opinion.
#pragma once

#include <fstream>
#include <functional>
#include <iterator>

#include "cpp/image/tiff/maker.hpp"

namespace netocr::testing {

using Shown = std::function<Rgb(std::uint32_t x, std::uint32_t y)>;

inline std::uint64_t stored(const TiffSpec& spec, std::uint32_t x, std::uint32_t y, std::uint32_t s) {
  const std::uint64_t mask = spec.bits == 64 ? ~0ULL : (1ULL << spec.bits) - 1;
  return spec.value(x, y, s) & mask;
}
// 0..255, not rounded.
inline double level(const TiffSpec& spec, std::uint32_t x, std::uint32_t y, std::uint32_t s) {
  const double most = spec.bits == 64 ? 18446744073709551615.0 : static_cast<double>((1ULL << spec.bits) - 1);
  return static_cast<double>(stored(spec, x, y, s)) * 255 / most;
}

inline double worst_pixel(const TiffSpec& spec, const Decoded& decoded, const Shown& shown) {
  double worst = 0;
  for (std::uint32_t y = 0; y < spec.height; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const Ycc expected = ycc_of(shown(x, y));
      const Ycc got = pixel(decoded, x, y);
      worst = std::max({worst, std::abs(got.y - expected.y), std::abs(got.cb - expected.cb),
                        std::abs(got.cr - expected.cr)});
    }
  }
  return worst;
}

inline Shown as_grey(const TiffSpec& spec) {
  return [&spec](std::uint32_t x, std::uint32_t y) {
    const double v = level(spec, x, y, 0);
    return Rgb{v, v, v};
  };
}
inline Shown as_rgb(const TiffSpec& spec) {
  return [&spec](std::uint32_t x, std::uint32_t y) {
    return Rgb{level(spec, x, y, 0), level(spec, x, y, 1), level(spec, x, y, 2)};
  };
}

// RGB is rounded to 8 bits before it becomes Y, Cb, Cr.
inline constexpr double kGreyBound = 0.51;
inline constexpr double kRgbBound = 1.5;

inline void expect_picture(const TiffSpec& spec, const Shown& shown, double bound, const std::string& name) {
  const Decoded decoded = decode(make_tiff(spec));
  ASSERT_TRUE(decoded.ok()) << decoded.detail << " " << name;
  EXPECT_EQ(decoded.warnings, 0U) << name;
  EXPECT_LE(worst_pixel(spec, decoded, shown), bound) << name;
}

// The output of a command in which "@" stands for a file with `bytes`, and "%" for the file that it writes.
inline ByteVector convert_file(const std::string& command, Bytes bytes) {
  const TemporaryFile in(bytes);
  const TemporaryFile out(Bytes{});
  std::string text = command;
  text.replace(text.find('@'), 1, in.path());
  text.replace(text.find('%'), 1, out.path());
  EXPECT_EQ(std::system((text + " 2>/dev/null").c_str()), 0) << text;
  std::ifstream file(out.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What libtiff's own viewer code shows, over white.
inline Pnm ask_tiff2rgba(Bytes bytes) {
  return ask(
      "{ f=@; tiff2rgba -c none $f $f.rgba && convert tiff:$f.rgba -background white -alpha remove -depth 8 "
      "ppm:-; rm -f $f.rgba; }",
      bytes);
}

inline TiffSpec photo_spec(std::uint32_t width, std::uint32_t height) {
  TiffSpec spec;
  spec.width = width;
  spec.height = height;
  spec.samples = 3;
  spec.photometric = 2;
  spec.rows_per_strip = 16;
  spec.value = [](std::uint32_t x, std::uint32_t y, std::uint32_t s) {
    return static_cast<std::uint64_t>(128 + 60 * std::sin(x / 17.0 + s) + 50 * std::cos(y / 13.0 - s));
  };
  return spec;
}

}  // namespace netocr::testing
