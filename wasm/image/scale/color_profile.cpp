// Converts each pixel Y, Cb, Cr -> R'G'B' -> linear sRGB -> R'G'B' and adds the resulting difference to the
// planes. A colour that does not change therefore keeps its exact samples, and chroma keeps its detail.
#include "image/scale/color_profile.hpp"

#include <algorithm>
#include <bit>

#include "image/pixel/srgb.hpp"
#include "image/pixel/ycc_weights.hpp"

namespace netocr {
namespace {

using Float4 = float __attribute__((vector_size(16)));
using Int4 = std::int32_t __attribute__((vector_size(16)));

// The sRGB curve is indexed by the upper bits of a linear value, a float of 2^-16 to 1: with 256 steps per
// octave a step is at most 0.21 levels wide.
constexpr std::int32_t kStepBits = 15;
constexpr std::int32_t kDarkest = std::bit_cast<std::int32_t>(0x1p-16F);
constexpr std::int32_t kBrightest = std::bit_cast<std::int32_t>(1.0F);
constexpr std::size_t kSteps = ((kBrightest - kDarkest) >> kStepBits) + 1;

// Levels (0..255) are stored in 64ths, so that their weighted sums fit 32 bits.
constexpr std::int32_t kLevelBits = 6;

struct Tables {
  alignas(16) float linear[3][256][4];  // linear red, green, blue of a channel's value; a zero
  std::uint16_t levels[kSteps];
};

// The change of a colour by the conversion, in 64ths of a level.
struct RgbChange {
  std::int32_t r = 0, g = 0, b = 0;
};

float srgb_level(float linear) { return 255 * std::min(srgb_encoded(linear), 1.0F); }

void fill_tables(const IccProfile& profile, Tables& tables) {
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t value = 0; value < 256; ++value) {
      for (std::size_t row = 0; row < 3; ++row) {
        tables.linear[channel][value][row] =
            profile.to_linear_srgb[row][channel] * profile.curves[channel][value];
      }
      tables.linear[channel][value][3] = 0;
    }
  }
  for (std::size_t i = 0; i < kSteps; ++i) {
    const std::int32_t middle = (static_cast<std::int32_t>(2 * i + 1) << (kStepBits - 1)) + kDarkest;
    const float level = srgb_level(std::bit_cast<float>(middle));
    tables.levels[i] = static_cast<std::uint16_t>(level * (1 << kLevelBits) + 0.5F);
  }
}

inline Float4 load4(const float (&from)[4]) { return *reinterpret_cast<const Float4*>(from); }
inline std::int32_t clamp8(std::int32_t value) { return std::clamp(value, 0, 255); }

inline RgbChange change(const Tables& tables, std::int32_t r, std::int32_t g, std::int32_t b) {
  r = clamp8(r);
  g = clamp8(g);
  b = clamp8(b);
  const Float4 linear = load4(tables.linear[0][r]) + load4(tables.linear[1][g]) + load4(tables.linear[2][b]);
  // As integers the bits of positive floats have the same order, and those of negative floats are negative.
  Int4 bits = std::bit_cast<Int4>(linear);
  constexpr Int4 kLow = {kDarkest, kDarkest, kDarkest, kDarkest};
  constexpr Int4 kHigh = {kBrightest, kBrightest, kBrightest, kBrightest};
  bits = bits < kLow ? kLow : bits;
  bits = bits > kHigh ? kHigh : bits;
  const Int4 index = (bits - kLow) >> kStepBits;
  return {tables.levels[index[0]] - (r << kLevelBits), tables.levels[index[1]] - (g << kLevelBits),
          tables.levels[index[2]] - (b << kLevelBits)};
}

inline std::uint8_t changed(std::uint8_t sample, std::int32_t weighted) {
  constexpr std::int32_t kBits = 16 + kLevelBits;
  return static_cast<std::uint8_t>(clamp8(sample + ((weighted + (1 << (kBits - 1))) >> kBits)));
}

inline std::int32_t scaled(std::int32_t factor, std::int32_t value) {
  return (factor * value + (1 << 15)) >> 16;
}

// Converts two luma rows (the same one twice at an odd lower edge) and the chroma row between them. The
// change of chroma is the mean of the four pixels'. It is a separate function, also after Binaryen, which
// does not inline functions with two callers: engines that start with slow code from a quick compiler replace
// it between calls, not within a loop.
[[gnu::noinline]] void convert_rows(const Tables& tables, std::uint8_t* top, std::uint8_t* bottom,
                                    std::uint8_t* cb, std::uint8_t* cr, std::uint32_t width) {
  for (std::uint32_t x = 0; x < width; x += 2) {
    const std::uint32_t right = std::min(x + 1, width - 1);
    std::uint8_t* const samples[] = {top + x, top + right, bottom + x, bottom + right};
    const std::uint8_t luma[] = {*samples[0], *samples[1], *samples[2], *samples[3]};
    const std::int32_t blueness = cb[x / 2] - 128;
    const std::int32_t redness = cr[x / 2] - 128;
    const std::int32_t red = scaled(kRedOfCr, redness);
    const std::int32_t green = (kGreenOfCb * blueness + kGreenOfCr * redness + (1 << 15)) >> 16;
    const std::int32_t blue = scaled(kBlueOfCb, blueness);
    RgbChange sum{2, 2, 2};
    for (std::size_t i = 0; i < 4; ++i) {
      const RgbChange by = change(tables, luma[i] + red, luma[i] + green, luma[i] + blue);
      *samples[i] = changed(luma[i], kYr * by.r + kYg * by.g + kYb * by.b);
      sum = {sum.r + by.r, sum.g + by.g, sum.b + by.b};
    }
    const RgbChange mean{sum.r >> 2, sum.g >> 2, sum.b >> 2};
    cb[x / 2] = changed(cb[x / 2], kCbR * mean.r + kCbG * mean.g + kCbB * mean.b);
    cr[x / 2] = changed(cr[x / 2], kCrR * mean.r + kCrG * mean.g + kCrB * mean.b);
  }
}

// The same for a row of 4:4:4.
[[gnu::noinline]] void convert_row(const Tables& tables, std::uint8_t* luma, std::uint8_t* cb,
                                   std::uint8_t* cr, std::uint32_t width) {
  for (std::uint32_t x = 0; x < width; ++x) {
    const std::int32_t blueness = cb[x] - 128;
    const std::int32_t redness = cr[x] - 128;
    const std::int32_t green = (kGreenOfCb * blueness + kGreenOfCr * redness + (1 << 15)) >> 16;
    const RgbChange by = change(tables, luma[x] + scaled(kRedOfCr, redness), luma[x] + green,
                                luma[x] + scaled(kBlueOfCb, blueness));
    luma[x] = changed(luma[x], kYr * by.r + kYg * by.g + kYb * by.b);
    cb[x] = changed(cb[x], kCbR * by.r + kCbG * by.g + kCbB * by.b);
    cr[x] = changed(cr[x], kCrR * by.r + kCrG * by.g + kCrB * by.b);
  }
}

void convert_grey(const std::array<float, 256>& curve, Plane& plane) {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<std::uint8_t>(srgb_level(curve[i]) + 0.5F);
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    std::uint8_t* row = plane.row(y);
    for (std::uint32_t x = 0; x < plane.width; ++x) row[x] = table[row[x]];
  }
}

}  // namespace

Status convert_to_srgb(const IccProfile& profile, PlanarImage& image) {
  if (profile.kind == IccKind::kGrey || image.plane_count == 1) {
    convert_grey(profile.curves[profile.kind == IccKind::kGrey ? 0 : 1], image.planes[0]);
    return {};
  }
  NETOCR_ASSIGN(auto tables, Array<Tables>::create(1));
  fill_tables(profile, tables[0]);
  Plane& luma = image.planes[0];
  Plane& cb = image.planes[1];
  Plane& cr = image.planes[2];
  if (image.chroma == k444) {
    for (std::uint32_t y = 0; y < luma.height; ++y) {
      convert_row(tables[0], luma.row(y), cb.row(y), cr.row(y), luma.width);
    }
    return {};
  }
  const std::uint32_t pairs = luma.height / 2;
  for (std::uint32_t i = 0; i < pairs; ++i) {
    convert_rows(tables[0], luma.row(2 * i), luma.row(2 * i + 1), cb.row(i), cr.row(i), luma.width);
  }
  if (luma.height % 2 != 0) {
    convert_rows(tables[0], luma.row(2 * pairs), luma.row(2 * pairs), cb.row(pairs), cr.row(pairs),
                 luma.width);
  }
  return {};
}

}  // namespace netocr
