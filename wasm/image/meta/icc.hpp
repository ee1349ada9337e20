// Reads ICC profiles (v2 and v4): kind, name, and the parameters of the conversion to sRGB.
#pragma once

#include <array>
#include <string_view>

#include "base/buffer.hpp"
#include "image/meta/xyz.hpp"

namespace netocr {

enum class IccKind : std::uint8_t {
  kNone,  // there is no profile: sRGB
  kSrgb,  // RGB or grey, so close to sRGB that the difference is invisible
  kRgb,   // matrix and curves: Display P3, Adobe RGB, ProPhoto RGB, ...
  kGrey,  // one curve
  // Lookup tables, or a grey curve that leads to Lab. Only the codecs module converts them (image/lut), and
  // finds out whether they are sound.
  kRgbTables,
  kGreyTables,
  kCmykTables,
  kOther,  // of another colour space, or damaged
};

constexpr bool has_tables(IccKind kind) { return kind >= IccKind::kRgbTables && kind < IccKind::kOther; }

// The profile's own description as UTF-8 without control characters, truncated to kMaxCharacters.
class ProfileName {
 public:
  static constexpr std::size_t kMaxCharacters = 64;

  std::string_view text() const { return {text_.data(), size_}; }
  // Appends a Unicode code point; control characters are dropped, and all characters when the name is full.
  void append(std::uint32_t code_point);

 private:
  std::array<char, 4 * kMaxCharacters> text_{};
  std::uint16_t size_ = 0;
  std::uint8_t characters_ = 0;
};

struct IccProfile {
  IccKind kind = IccKind::kNone;
  ProfileName name;  // empty when the profile has none or is damaged
  // kRgb: linear sRGB = to_linear_srgb (rows: red, green, blue) * the curves' values; outside 0..1 for
  // colours that sRGB cannot represent.
  Matrix to_linear_srgb{};
  // The linear value, 0..1, of v / 255 for red, green and blue (kRgb), or in the first curve only (kGrey).
  std::array<std::array<float, 256>, 3> curves{};
};

// `bytes` are a whole profile, or empty when there is none. A profile with tables counts as such even if it
// has a matrix and curves as well (ICC.1:2022 8.10.2).
IccProfile read_icc(Bytes bytes);

// Returns the same; if the profile has tables, `whole` becomes a copy of it. Errors: OUT_OF_MEMORY.
Result<IccProfile> read_icc(Bytes bytes, Buffer& whole);

// X, Y and Z of red, green and blue under D50.
using Colorants = std::array<Triple, 3>;

// Converts a coded value x, 0..1, to linear light: (a x + b)^g for x >= d, c x below.
struct TransferCurve {
  float g, a, b, c, d;
};

// Returns what read_icc() returns for a profile with these colorants and the same curve for each of them.
IccProfile make_icc_profile(const Colorants& colorants, const TransferCurve& curve);

// Returns the name that read_icc() finds: of several languages English is preferred.
ProfileName icc_name(Bytes profile);

}  // namespace netocr
