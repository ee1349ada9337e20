// ICC.1:2022 sections 7.2 (header), 7.3 (tag table), 10.6 curveType, 10.18 parametricCurveType, 10.31
// XYZType.
#include "image/icc.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace netocr {
namespace {

constexpr std::size_t kHeaderBytes = 128;
constexpr std::uint32_t kMaxTags = 200;

// sRGB's red, green and blue under D50 (IEC 61966-2-1 with Bradford adaptation), in every sRGB profile to
// about 0.001. Display P3's red X is 0.515, Adobe RGB's 0.610.
struct Colorant {
  std::string_view tag;
  double x, y, z;
};
constexpr Colorant kSrgbColorants[] = {
    {"rXYZ", 0.4361, 0.2225, 0.0139}, {"gXYZ", 0.3851, 0.7169, 0.0971}, {"bXYZ", 0.1431, 0.0606, 0.7141}};
constexpr double kColorantTolerance = 0.005;
// sRGB's curve at one half; a pure gamma of 2.2 gives 0.2176, Adobe RGB's 2.199 the same, linear 0.5, 1.8
// 0.287.
constexpr double kSrgbHalf = 0.2140;
constexpr double kHalfTolerance = 0.012;

double s15_fixed16(ByteReader& reader) { return static_cast<std::int32_t>(reader.u32be()) / 65536.0; }

// The data of a tag; empty when the profile has none of that name.
Bytes find_tag(Bytes profile, std::string_view name) {
  ByteReader table(profile, kHeaderBytes);
  const std::uint32_t count = table.u32be();
  for (std::uint32_t i = 0; i < count && i < kMaxTags && table.ok(); ++i) {
    const bool found = as_text(table.take(4)) == name;
    const std::uint32_t offset = table.u32be();
    const std::uint32_t size = table.u32be();
    if (!found) continue;
    ByteReader data(profile, offset);
    return data.take(size);
  }
  return {};
}

bool has_colorant(Bytes profile, const Colorant& expected) {
  ByteReader reader(find_tag(profile, expected.tag));
  const bool is_xyz = as_text(reader.take(4)) == "XYZ ";
  reader.skip(4);
  const double x = s15_fixed16(reader);
  const double y = s15_fixed16(reader);
  const double z = s15_fixed16(reader);
  return reader.ok() && is_xyz && std::abs(x - expected.x) < kColorantTolerance &&
         std::abs(y - expected.y) < kColorantTolerance && std::abs(z - expected.z) < kColorantTolerance;
}

// y = (a x + b) ^ g (+ c), the part of function types 0..4 that holds at x = 0.5.
double parametric_at_half(ByteReader& reader) {
  const std::uint16_t function = reader.u16be();
  reader.skip(2);
  const double g = s15_fixed16(reader);
  const double a = function >= 1 ? s15_fixed16(reader) : 1.0;
  const double b = function >= 1 ? s15_fixed16(reader) : 0.0;
  double c = 0.0;
  if (function == 2) c = s15_fixed16(reader);
  if (function == 4) {
    reader.skip(8);  // c and d belong to the part near black
    c = s15_fixed16(reader);
  }
  return function > 4 ? -1.0 : std::pow(a * 0.5 + b, g) + c;
}

double table_at_half(ByteReader& reader) {
  const std::uint32_t count = reader.u32be();
  if (count == 0) return 0.5;
  if (count == 1) return std::pow(0.5, reader.u16be() / 256.0);
  const std::uint32_t middle = (count - 1) / 2;
  reader.skip(2ULL * middle);
  const double low = reader.u16be() / 65535.0;
  const double high = reader.u16be() / 65535.0;
  return count % 2 == 1 ? low : (low + high) / 2;
}

bool has_srgb_curve(Bytes profile, std::string_view tag) {
  ByteReader reader(find_tag(profile, tag));
  const std::string_view type = as_text(reader.take(4));
  reader.skip(4);
  double half = -1.0;
  if (type == "curv") half = table_at_half(reader);
  if (type == "para") half = parametric_at_half(reader);
  return reader.ok() && std::abs(half - kSrgbHalf) < kHalfTolerance;
}

}  // namespace

bool icc_is_srgb(Bytes profile) {
  if (!bytes_at(profile, 36, "acsp")) return false;
  if (bytes_at(profile, 16, "GRAY")) return has_srgb_curve(profile, "kTRC");
  if (!bytes_at(profile, 16, "RGB ")) return false;
  for (const Colorant& colorant : kSrgbColorants) {
    if (!has_colorant(profile, colorant)) return false;
  }
  return has_srgb_curve(profile, "rTRC") && has_srgb_curve(profile, "gTRC") &&
         has_srgb_curve(profile, "bTRC");
}

}  // namespace netocr
