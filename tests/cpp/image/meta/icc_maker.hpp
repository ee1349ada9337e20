// ICC profiles for the tests.
#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

struct IccSpec {
  std::string_view space = "RGB ";
  std::array<std::array<double, 3>, 3> colorants{};  // XYZ under D50 of red, green, blue
  ByteVector curve;                                  // a curveType or parametricCurveType
};

// Published colorants (IEC 61966-2-1 and Apple's Display P3 profile).
inline constexpr std::array<std::array<double, 3>, 3> kSrgbColorants = {
    {{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}}};
inline constexpr std::array<std::array<double, 3>, 3> kP3Colorants = {
    {{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}};

namespace icc_maker {
inline void put(ByteVector& bytes, std::uint32_t value, int count = 4) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void put_text(ByteVector& bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}
inline std::uint32_t fixed(double value) { return static_cast<std::uint32_t>(std::lround(value * 65536)); }
}  // namespace icc_maker

inline ByteVector parametric_curve(std::uint16_t function, const std::vector<double>& values) {
  ByteVector bytes;
  icc_maker::put_text(bytes, "para");
  icc_maker::put(bytes, 0);
  icc_maker::put(bytes, function, 2);
  icc_maker::put(bytes, 0, 2);
  for (const double value : values) icc_maker::put(bytes, icc_maker::fixed(value));
  return bytes;
}
inline ByteVector srgb_curve() {
  return parametric_curve(3, {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045});
}

inline ByteVector gamma_curve(double gamma) {
  ByteVector bytes;
  icc_maker::put_text(bytes, "curv");
  icc_maker::put(bytes, 0);
  icc_maker::put(bytes, 1);
  icc_maker::put(bytes, static_cast<std::uint32_t>(std::lround(gamma * 256)), 2);
  return bytes;
}

inline ByteVector table_curve(std::uint32_t count, double (*value)(double)) {
  ByteVector bytes;
  icc_maker::put_text(bytes, "curv");
  icc_maker::put(bytes, 0);
  icc_maker::put(bytes, count);
  for (std::uint32_t i = 0; i < count; ++i) {
    icc_maker::put(bytes, static_cast<std::uint32_t>(std::lround(value(i / (count - 1.0)) * 65535)), 2);
  }
  return bytes;
}

inline ByteVector make_icc(const IccSpec& spec) {
  std::vector<std::pair<std::string_view, ByteVector>> tags;
  constexpr std::string_view kColorantTags[] = {"rXYZ", "gXYZ", "bXYZ"};
  for (std::size_t i = 0; i < 3; ++i) {
    ByteVector data;
    icc_maker::put_text(data, "XYZ ");
    icc_maker::put(data, 0);
    for (const double value : spec.colorants[i]) icc_maker::put(data, icc_maker::fixed(value));
    tags.emplace_back(kColorantTags[i], data);
  }
  for (const std::string_view tag : {"rTRC", "gTRC", "bTRC", "kTRC"}) tags.emplace_back(tag, spec.curve);
  ByteVector bytes(128, 0);
  const auto at = [&bytes](std::size_t offset) {
    return bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  };
  constexpr std::uint8_t kVersionAndClass[] = {4, 0x20, 0, 0, 'm', 'n', 't', 'r'};
  std::copy(std::begin(kVersionAndClass), std::end(kVersionAndClass), at(8));
  constexpr std::uint8_t kD50[] = {0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d};
  std::copy(std::begin(kD50), std::end(kD50), at(68));
  std::copy(spec.space.begin(), spec.space.end(), bytes.begin() + 16);
  constexpr std::string_view kConnectionSpace = "XYZ ";
  std::copy(kConnectionSpace.begin(), kConnectionSpace.end(), bytes.begin() + 20);
  constexpr std::string_view kMagic = "acsp";
  std::copy(kMagic.begin(), kMagic.end(), bytes.begin() + 36);
  icc_maker::put(bytes, static_cast<std::uint32_t>(tags.size()));
  std::size_t offset = 128 + 4 + 12 * tags.size();
  for (const auto& [name, data] : tags) {
    icc_maker::put_text(bytes, name);
    icc_maker::put(bytes, static_cast<std::uint32_t>(offset));
    icc_maker::put(bytes, static_cast<std::uint32_t>(data.size()));
    offset += data.size();
  }
  for (const auto& [name, data] : tags) bytes.insert(bytes.end(), data.begin(), data.end());
  for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<std::uint8_t>(bytes.size() >> (24 - 8 * i));
  return bytes;
}

inline constexpr std::array<std::array<double, 3>, 3> kAdobeColorants = {
    {{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}};
inline constexpr std::array<std::array<double, 3>, 3> kProPhotoColorants = {
    {{0.79767, 0.28804, 0}, {0.13519, 0.71188, 0}, {0.03134, 0.00009, 0.82491}}};

// Puts one more tag in front of the others' data.
inline ByteVector with_icc_tag(const ByteVector& profile, std::string_view name, const ByteVector& data) {
  const std::uint32_t count = profile[131];
  ByteVector bytes(profile.begin(), profile.begin() + 131);
  bytes.push_back(static_cast<std::uint8_t>(count + 1));
  const auto added = static_cast<std::uint32_t>(12 + data.size());
  icc_maker::put_text(bytes, name);
  icc_maker::put(bytes, 132 + 12 * (count + 1));
  icc_maker::put(bytes, static_cast<std::uint32_t>(data.size()));
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto entry = profile.begin() + 132 + 12 * static_cast<std::ptrdiff_t>(i);
    bytes.insert(bytes.end(), entry, entry + 4);
    std::uint32_t offset = 0;
    for (int k = 4; k < 8; ++k) offset = offset << 8 | entry[k];
    icc_maker::put(bytes, offset + added);
    bytes.insert(bytes.end(), entry + 8, entry + 12);
  }
  bytes.insert(bytes.end(), data.begin(), data.end());
  bytes.insert(bytes.end(), profile.begin() + 132 + 12 * static_cast<std::ptrdiff_t>(count), profile.end());
  return bytes;
}

// textDescriptionType, without its Unicode and Macintosh parts.
inline ByteVector description(std::string_view text) {
  ByteVector bytes;
  icc_maker::put_text(bytes, "desc");
  icc_maker::put(bytes, 0);
  icc_maker::put(bytes, static_cast<std::uint32_t>(text.size() + 1));
  icc_maker::put_text(bytes, text);
  bytes.push_back(0);
  return bytes;
}

// multiLocalizedUnicodeType of (language and country, text).
inline ByteVector localized(const std::vector<std::pair<std::string_view, std::u16string_view>>& records) {
  ByteVector bytes;
  icc_maker::put_text(bytes, "mluc");
  icc_maker::put(bytes, 0);
  icc_maker::put(bytes, static_cast<std::uint32_t>(records.size()));
  icc_maker::put(bytes, 12);
  auto offset = static_cast<std::uint32_t>(16 + 12 * records.size());
  for (const auto& [language, text] : records) {
    icc_maker::put_text(bytes, language);
    icc_maker::put(bytes, static_cast<std::uint32_t>(2 * text.size()));
    icc_maker::put(bytes, offset);
    offset += static_cast<std::uint32_t>(2 * text.size());
  }
  for (const auto& [language, text] : records) {
    for (const char16_t unit : text) icc_maker::put(bytes, unit, 2);
  }
  return bytes;
}

inline ByteVector srgb_profile() { return make_icc({"RGB ", kSrgbColorants, srgb_curve()}); }
inline ByteVector p3_profile() { return make_icc({"RGB ", kP3Colorants, srgb_curve()}); }

}  // namespace netocr::testing
