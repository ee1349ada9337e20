// Converts pixel rows of the codecs to rows of Y, Cb, Cr planes (full range BT.601 as in JFIF), the only
// colour space after decoding. Transparency is blended over white in the file's own (gamma-coded) values, as
// in browsers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace netocr {

// Returns v / 255 rounded to nearest, exact for 0 <= v <= 255 * 255.
inline std::int32_t divide_by_255(std::int32_t v) {
  const std::int32_t biased = v + 128;
  return (biased + (biased >> 8)) >> 8;
}
// Returns a sample with straight alpha, both 0..255, blended over white and rounded to nearest.
inline std::int32_t over_white(std::int32_t value, std::int32_t alpha) {
  return 255 - divide_by_255((255 - value) * alpha);
}

// What the planes hold. RGB is only for pictures that may be written as a PNG of few colours, whose values
// must not change; inverted inks (row_source.hpp) only for those whose CMYK profile is converted.
enum class PlaneColors : std::uint8_t { kYcc, kRgb, kInks };

// One row of each plane, written by the converters: `width` samples each, not overlapping the input. With
// kRgb the RGB and BGR converters write red, green and blue to the planes in this order.
struct YccRow {
  std::uint8_t* y = nullptr;
  std::uint8_t* cb = nullptr;
  std::uint8_t* cr = nullptr;
  PlaneColors colors = PlaneColors::kYcc;
};

// Converts 3 bytes per pixel. Each sample is within 1 of the exact value rounded to nearest.
void rgb_to_ycc(const std::uint8_t* rgb, std::size_t width, YccRow row);
void bgr_to_ycc(const std::uint8_t* bgr, std::size_t width, YccRow row);
// Converts 4 bytes per pixel with straight (not premultiplied) alpha. The blended colour is rounded to 8 bits
// first.
void rgba_to_ycc(const std::uint8_t* rgba, std::size_t width, YccRow row);
// The output for two rows of pixels of even width: luma of both, and one row of chroma, whose width / 2
// samples are means of 2 x 2 pixels. Input and rounding are those of the converters above.
struct HalvedYccRows {
  std::array<std::uint8_t*, 2> y{};
  std::uint8_t* cb = nullptr;
  std::uint8_t* cr = nullptr;
};
void rgb_rows_to_halved_ycc(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t width,
                            HalvedYccRows rows);
void rgba_rows_to_halved_ycc(const std::uint8_t* upper, const std::uint8_t* lower, std::size_t width,
                             HalvedYccRows rows);

// Converts 4 bytes per pixel; the fourth is ignored.
void bgrx_to_ycc(const std::uint8_t* bgrx, std::size_t width, YccRow row);
// Converts 4 bytes per pixel: the inverted inks that Adobe writes (255 = no ink); R = C * K / 255, and
// likewise G and B.
void inverted_cmyk_to_ycc(const std::uint8_t* cmyk, std::size_t width, YccRow row);
// Converts 4 bytes per pixel in place: Y, Cb, Cr of inverted cyan, magenta and yellow become the inks.
void ycck_to_cmyk(std::uint8_t* pixels, std::size_t width);
// Blends 2 bytes per pixel, grey and straight alpha, over white.
void grey_alpha_to_grey(const std::uint8_t* grey_alpha, std::size_t width, std::uint8_t* grey);

// A palette as Y, Cb, Cr, or as R, G, B. Entries that were never set are black.
class YccPalette {
 public:
  explicit YccPalette(PlaneColors colors = PlaneColors::kYcc);
  void set(std::uint8_t index, std::uint8_t red, std::uint8_t green, std::uint8_t blue, std::uint8_t alpha);
  bool is_grey() const { return grey_; }  // every entry set so far has equal red, green and blue
  // Converts indices (one byte per pixel) to planes; cb and cr may be null when is_grey().
  void convert(const std::uint8_t* indices, std::size_t width, YccRow row) const;

 private:
  using Table = std::array<std::uint8_t, 256>;
  PlaneColors colors_;
  Table y_{}, cb_{}, cr_{};
  bool grey_ = true;
};

}  // namespace netocr
