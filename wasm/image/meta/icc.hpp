// ICC profiles (v2 and v4): of which kind one is, its name, and what converting its colours to sRGB takes.
#pragma once

#include <array>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

enum class IccKind : std::uint8_t {
  kNone,   // there is no profile: sRGB
  kSrgb,   // RGB or grey, so close to sRGB that ignoring it cannot be seen
  kRgb,    // matrix and curves: Display P3, Adobe RGB, ProPhoto RGB, ...
  kGrey,   // one curve
  kOther,  // lookup tables, CMYK, Lab, damaged
};

// The profile's own description as UTF-8 without control characters, at most kMaxCharacters of it.
class ProfileName {
 public:
  static constexpr std::size_t kMaxCharacters = 64;

  std::string_view text() const { return {text_.data(), size_}; }
  // A Unicode code point; dropped when it is a control character or when the name is full.
  void append(std::uint32_t code_point);

 private:
  std::array<char, 4 * kMaxCharacters> text_{};
  std::uint16_t size_ = 0;
  std::uint8_t characters_ = 0;
};

struct IccProfile {
  IccKind kind = IccKind::kNone;
  ProfileName name;  // empty when the profile does not tell or is damaged
  // kRgb: linear sRGB = to_linear_srgb (rows: red, green, blue) * the curves' values; outside 0..1 where sRGB
  // lacks the colour.
  std::array<std::array<float, 3>, 3> to_linear_srgb{};
  // Of red, green and blue (kRgb) or only the first (kGrey): the linear value, 0..1, of v / 255.
  std::array<std::array<float, 256>, 3> curves{};
};

// `bytes` are a whole profile, or empty: there is none.
IccProfile read_icc(Bytes bytes);

// X, Y and Z of red, green and blue under D50.
using Colorants = std::array<std::array<float, 3>, 3>;

// Turns a coded value x, 0..1, into linear light: (a x + b)^g for x >= d, c x below.
struct TransferCurve {
  float g, a, b, c, d;
};

// What read_icc() makes of a profile that has these colorants and, for each of them, this curve.
IccProfile make_icc_profile(const Colorants& colorants, const TransferCurve& curve);

// The name that read_icc() finds: of several languages English is preferred.
ProfileName icc_name(Bytes profile);

}  // namespace netocr
