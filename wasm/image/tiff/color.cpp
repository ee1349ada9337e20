// Implements TIFF 6.0 sections 8 (CMYK: Part 2 section 16), 20 (colorimetry), 21 (YCbCr), 23 (CIE L*a*b*) and
// Technical Note 4 (ICC and ITU L*a*b*). Lab is relative to D50, as usual in print, or to the WhitePoint.
#include "image/tiff/color.hpp"

#include <algorithm>
#include <cmath>

#include "image/pixel/srgb.hpp"

namespace netocr::tiff {
namespace {

constexpr std::uint32_t kMax = 65535;
constexpr std::size_t kGammaSteps = 4096;

struct Rgb16 {
  std::uint32_t r, g, b;
};

// Returns a * b / 65535, rounded.
inline std::uint32_t multiply(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::uint32_t>((std::uint64_t{a} * b + kMax / 2) / kMax);
}
// Returns round(value * 255 / 65535).
inline std::uint8_t to_8(std::uint32_t value) {
  return static_cast<std::uint8_t>((value * 255 + 32895) >> 16);
}

inline std::uint32_t over_white(std::uint32_t value, std::uint32_t alpha, Alpha kind) {
  switch (kind) {
    case Alpha::kNone:
      return value;
    case Alpha::kAssociated:
      return std::min(value + kMax - alpha, kMax);
    case Alpha::kStraight:
      return kMax - multiply(kMax - value, alpha);
  }
  return value;
}

inline std::uint32_t clip(float value) {
  if (!(value > 0)) return 0;
  return value >= 65535.0F ? kMax : static_cast<std::uint32_t>(value + 0.5F);
}

struct Lab {
  float l, a, b;
};

// The values have 16 bits; those of 8-bit files are 257 times the stored ones.
inline Lab cie_lab_8(const std::uint16_t* p) {
  return {static_cast<float>(p[0]) * (100.0F / 65535),
          static_cast<float>(static_cast<std::int8_t>(p[1] >> 8)),
          static_cast<float>(static_cast<std::int8_t>(p[2] >> 8))};
}
inline Lab cie_lab_16(const std::uint16_t* p) {
  return {static_cast<float>(p[0]) * (100.0F / 65535),
          static_cast<float>(static_cast<std::int16_t>(p[1])) / 256,
          static_cast<float>(static_cast<std::int16_t>(p[2])) / 256};
}
inline Lab icc_lab_8(const std::uint16_t* p) {
  return {static_cast<float>(p[0]) * (100.0F / 65535), static_cast<float>(p[1] >> 8) - 128,
          static_cast<float>(p[2] >> 8) - 128};
}
inline Lab icc_lab_16(const std::uint16_t* p) {
  return {static_cast<float>(p[0]) * (100.0F / 65280), static_cast<float>(p[1]) / 256 - 128,
          static_cast<float>(p[2]) / 256 - 128};
}
// ITU-T T.42's default range.
inline Lab itu_lab(const std::uint16_t* p) {
  return {static_cast<float>(p[0]) * (100.0F / 65535),
          (static_cast<float>(p[1]) / 257 - 128) * (170.0F / 255),
          (static_cast<float>(p[2]) / 257 - 96) * (200.0F / 255)};
}

inline float lab_inverse(float t) { return t > 6.0F / 29 ? t * t * t : (t - 4.0F / 29) * (108.0F / 841); }

inline std::uint32_t encode(float linear, const std::uint16_t* gamma) {
  const float at = std::clamp(linear, 0.0F, 1.0F) * kGammaSteps;
  const auto step = static_cast<std::size_t>(at);
  if (step >= kGammaSteps) return gamma[kGammaSteps];
  const float low = gamma[step];
  return clip(low + (static_cast<float>(gamma[step + 1]) - low) * (at - static_cast<float>(step)));
}

inline Rgb16 lab_to_rgb(Lab lab, const std::array<float, 9>& m, const std::uint16_t* gamma) {
  const float fy = (lab.l + 16) / 116;
  const float x = lab_inverse(fy + lab.a / 500);
  const float y = lab_inverse(fy);
  const float z = lab_inverse(fy - lab.b / 200);
  return {encode(m[0] * x + m[1] * y + m[2] * z, gamma), encode(m[3] * x + m[4] * y + m[5] * z, gamma),
          encode(m[6] * x + m[7] * y + m[8] * z, gamma)};
}

using Matrix = std::array<double, 9>;
using Vector = std::array<double, 3>;

// sRGB's matrix of IEC 61966-2-1, and the Bradford cone responses (ICC.1:2022 annex E).
constexpr Matrix kXyzToSrgb = {3.2406255, -1.5372080, -0.4986286, -0.9689307, 1.8757561,
                               0.0415175, 0.0557101,  -0.2040211, 1.0569959};
constexpr Matrix kBradford = {0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296};
constexpr Matrix kBradfordInverse = {0.9869929, -0.1470543, 0.1599627, 0.4323053, 0.5183603,
                                     0.0492912, -0.0085287, 0.0400428, 0.9684867};
constexpr std::array<double, 2> kD65 = {0.3127, 0.3290};

Vector white_xyz(std::array<double, 2> white) {
  return {white[0] / white[1], 1, (1 - white[0] - white[1]) / white[1]};
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (std::size_t i = 0; i < 9; ++i) {
    for (std::size_t k = 0; k < 3; ++k) c[i] += a[i / 3 * 3 + k] * b[k * 3 + i % 3];
  }
  return c;
}

Vector product(const Matrix& a, const Vector& v) {
  Vector result{};
  for (std::size_t i = 0; i < 9; ++i) result[i / 3] += a[i] * v[i % 3];
  return result;
}

// Returns the matrix from XYZ relative to `white` to linear sRGB, which keeps white.
Matrix lab_matrix(std::array<double, 2> white) {
  const Vector from = white_xyz(white);
  const Vector from_cones = product(kBradford, from);
  const Vector to_cones = product(kBradford, white_xyz(kD65));
  Matrix adapted = kBradford;
  for (std::size_t i = 0; i < 9; ++i) adapted[i] *= to_cones[i / 3] / from_cones[i / 3] * from[i % 3];
  return product(kXyzToSrgb, product(kBradfordInverse, adapted));
}

}  // namespace

Result<Colors> Colors::create(const Header& header, bool keeps_inks) {
  Colors colors;
  colors.has_inks_ = keeps_inks && header.photometric == kPhotometricSeparated;
  colors.photometric_ = header.photometric;
  colors.bits_ = header.bits_per_sample;
  colors.alpha_ = header.alpha;
  colors.samples_ = color_samples(header.photometric);
  for (std::size_t i = 0; i < 3; ++i) colors.luma_[i] = static_cast<float>(header.luma[i]);
  for (std::size_t i = 0; i < 6; ++i) colors.reference_[i] = static_cast<float>(header.reference[i]);
  colors.is_grey_ = false;
  switch (header.photometric) {
    case kPhotometricWhiteIsZero:
    case kPhotometricBlackIsZero:
    case kPhotometricMask:
      colors.is_grey_ = true;
      break;
    case kPhotometricPalette:
      NETOCR_TRY(colors.read_palette(header.colors, header.bits_per_sample));
      break;
    case kPhotometricCieLab:
    case kPhotometricIccLab:
    case kPhotometricItuLab:
      NETOCR_TRY(colors.prepare_lab(header.white));
      break;
    default:
      break;
  }
  if (colors.alpha_ != Alpha::kNone) ++colors.samples_;
  return colors;
}

// Some writers store 8-bit values in the 16-bit fields. Missing entries are black.
Status Colors::read_palette(const ColorMap& colors, std::uint16_t bits) {
  entries_ = 1U << bits;
  NETOCR_ASSIGN(table_, Array<std::uint16_t>::create_zeroed(std::size_t{entries_} * 3));
  const std::uint32_t count = std::min(entries_, colors.count);
  bool has_16_bits = false;
  is_grey_ = true;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (std::uint32_t channel = 0; channel < 3; ++channel) {
      const std::uint16_t value = colors.at(channel, i);
      table_[std::size_t{i} * 3 + channel] = value;
      has_16_bits = has_16_bits || value > 255;
      is_grey_ = is_grey_ && value == table_[std::size_t{i} * 3];
    }
  }
  for (std::uint16_t& value : table_.span()) {
    if (!has_16_bits) value = static_cast<std::uint16_t>(value * 257);
  }
  return {};
}

Status Colors::prepare_lab(std::array<double, 2> white) {
  const Matrix matrix = lab_matrix(white);
  for (std::size_t i = 0; i < 9; ++i) lab_matrix_[i] = static_cast<float>(matrix[i]);
  NETOCR_ASSIGN(table_, Array<std::uint16_t>::create(kGammaSteps + 1));
  for (std::size_t i = 0; i <= kGammaSteps; ++i) {
    table_[i] = static_cast<std::uint16_t>(srgb_encoded(static_cast<double>(i) / kGammaSteps) * 65535 + 0.5);
  }
  return {};
}

template <typename Load>
void Colors::convert_with(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out,
                          Load load) const {
  const std::size_t samples = samples_;
  const Alpha alpha = alpha_;
  const bool grey = is_grey_;
  for (std::size_t i = 0; i < width; ++i) {
    const std::uint16_t* p = pixels + i * samples;
    const Rgb16 color = load(p);
    const std::uint32_t a = alpha == Alpha::kNone ? kMax : p[samples - 1];
    if (grey) {
      out[i] = to_8(over_white(color.r, a, alpha));
      continue;
    }
    out[3 * i] = to_8(over_white(color.r, a, alpha));
    out[3 * i + 1] = to_8(over_white(color.g, a, alpha));
    out[3 * i + 2] = to_8(over_white(color.b, a, alpha));
  }
}

void Colors::convert_inks(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out) const {
  for (std::size_t i = 0; i < width; ++i, pixels += samples_, out += 4) {
    const std::uint32_t a = alpha_ == Alpha::kNone ? kMax : pixels[samples_ - 1];
    for (std::size_t ink = 0; ink < 4; ++ink) out[ink] = to_8(over_white(kMax - pixels[ink], a, alpha_));
  }
}

void Colors::convert(const std::uint16_t* pixels, std::size_t width, std::uint8_t* out) const {
  if (has_inks_) return convert_inks(pixels, width, out);
  const std::uint16_t* table = table_.data();
  const std::array<float, 9>& matrix = lab_matrix_;
  const auto with_lab = [&](auto lab) {
    convert_with(pixels, width, out,
                 [table, lab, &matrix](const std::uint16_t* p) { return lab_to_rgb(lab(p), matrix, table); });
  };
  switch (photometric_) {
    case kPhotometricWhiteIsZero:
      return convert_with(pixels, width, out, [](const std::uint16_t* p) {
        const std::uint32_t grey = kMax - p[0];
        return Rgb16{grey, grey, grey};
      });
    case kPhotometricPalette:
      return convert_with(pixels, width, out, [table, last = entries_ - 1](const std::uint16_t* p) {
        const std::uint16_t* entry = table + std::size_t{std::min<std::uint32_t>(p[0], last)} * 3;
        return Rgb16{entry[0], entry[1], entry[2]};
      });
    case kPhotometricRgb:
      return convert_with(pixels, width, out, [](const std::uint16_t* p) { return Rgb16{p[0], p[1], p[2]}; });
    case kPhotometricSeparated:
      return convert_with(pixels, width, out, [](const std::uint16_t* p) {
        const std::uint32_t k = kMax - p[3];
        return Rgb16{multiply(kMax - p[0], k), multiply(kMax - p[1], k), multiply(kMax - p[2], k)};
      });
    case kPhotometricYcbcr: {
      // By section 21 ReferenceBlackWhite expands the codes to full range, then the luma coefficients apply.
      const auto& ref = reference_;
      const float y_scale = 255.0F / (ref[1] - ref[0]);
      const float cb_scale = 127.0F / (ref[3] - ref[2]);
      const float cr_scale = 127.0F / (ref[5] - ref[4]);
      const float red = 2 - 2 * luma_[0];
      const float blue = 2 - 2 * luma_[2];
      return convert_with(pixels, width, out, [=, this](const std::uint16_t* p) {
        const float y = (static_cast<float>(p[0]) / 257 - reference_[0]) * y_scale;
        const float r = y + red * (static_cast<float>(p[2]) / 257 - reference_[4]) * cr_scale;
        const float b = y + blue * (static_cast<float>(p[1]) / 257 - reference_[2]) * cb_scale;
        const float g = (y - luma_[0] * r - luma_[2] * b) / luma_[1];
        return Rgb16{clip(r * 257), clip(g * 257), clip(b * 257)};
      });
    }
    case kPhotometricCieLab:
      return bits_ == 8 ? with_lab(cie_lab_8) : with_lab(cie_lab_16);
    case kPhotometricIccLab:
      return bits_ == 8 ? with_lab(icc_lab_8) : with_lab(icc_lab_16);
    case kPhotometricItuLab:
      return with_lab(itu_lab);
    default:
      return convert_with(pixels, width, out, [](const std::uint16_t* p) { return Rgb16{p[0], p[0], p[0]}; });
  }
}

}  // namespace netocr::tiff
