// Parses ICC.1:2022 sections 7.2 (header), 7.3 (tag table), 10.6 curveType, 10.15 multiLocalizedUnicodeType,
// 10.18 parametricCurveType, 10.31 XYZType, and ICC.1:2001-04 6.5.17 textDescriptionType.
#include "image/meta/icc.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/bytes.hpp"

namespace netocr {
namespace {

using Curve = std::array<float, 256>;

constexpr std::size_t kHeaderBytes = 128;
constexpr std::uint32_t kMaxTags = 200;
constexpr std::string_view kColorantTags[] = {"rXYZ", "gXYZ", "bXYZ"};
constexpr std::string_view kCurveTags[] = {"rTRC", "gTRC", "bTRC"};

// A profile whose colorants do not add up to kD50Xyz was not adapted to D50, or is damaged.
constexpr float kWhiteTolerance = 0.1F;

// sRGB's red, green and blue under D50 (IEC 61966-2-1 with Bradford adaptation). Every sRGB profile has them
// to about 0.001; Display P3's red X is 0.515, Adobe RGB's 0.610.
constexpr Colorants kSrgbColorants = {
    {{0.4361F, 0.2225F, 0.0139F}, {0.3851F, 0.7169F, 0.0971F}, {0.1431F, 0.0606F, 0.7141F}}};
constexpr float kColorantTolerance = 0.005F;
// The inverse matrix converts XYZ under D50 to linear sRGB.
constexpr Matrix kXyzToSrgb = {{{3.1338561F, -1.6168667F, -0.4906146F},
                                {-0.9787684F, 1.9161415F, 0.0334540F},
                                {0.0719453F, -0.2289914F, 1.4052427F}}};
// The value of sRGB's curve at one half. A pure gamma of 2.2 has 0.2176, Adobe RGB's 2.199 the same, linear
// 0.5, gamma 1.8 0.287.
constexpr float kSrgbHalf = 0.2140F;
constexpr float kHalfTolerance = 0.012F;

float s15_fixed16(ByteReader& reader) {
  return static_cast<float>(static_cast<std::int32_t>(reader.u32be())) / 65536;
}

// Returns the data of a tag; empty when the profile has none of that name.
Bytes find_tag(Bytes profile, std::string_view name) {
  ByteReader table(profile, std::min(kHeaderBytes, profile.size()));
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

bool is_near(const Triple& a, const Triple& b, float tolerance) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (!(std::abs(a[i] - b[i]) < tolerance)) return false;
  }
  return true;
}

bool read_colorant(Bytes tag, Triple& colorant) {
  ByteReader reader(tag);
  const bool is_xyz = as_text(reader.take(4)) == "XYZ ";
  reader.skip(4);
  for (float& value : colorant) value = s15_fixed16(reader);
  return reader.ok() && is_xyz;
}

// The parameters g, a, b, c, d, e, f of y = (a x + b)^g + e for x >= d, c x + f below.
using Parameters = std::array<float, 7>;

void tabulate(const Parameters& parameters, Curve& curve) {
  const auto& [g, a, b, c, d, e, f] = parameters;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const float x = static_cast<float>(i) / 255;
    curve[i] = x >= d ? std::pow(std::max(a * x + b, 0.0F), g) + e : c * x + f;
  }
}

// Reads a curve of function types 0..4.
bool read_parametric(ByteReader& reader, Curve& curve) {
  constexpr std::uint8_t kCounts[] = {1, 3, 4, 5, 7};
  const std::uint16_t type = reader.u16be();
  reader.skip(2);
  if (type > 4) return false;
  Parameters p = {1, 1, 0, 0, 0, 0, 0};
  auto& [g, a, b, c, d, e, f] = p;
  for (std::uint8_t i = 0; i < kCounts[type]; ++i) p[i] = s15_fixed16(reader);
  if (type == 1 || type == 2) {
    e = f = c;
    c = 0;
    d = -b / a;
  }
  tabulate(p, curve);
  return reader.ok();
}

bool read_table(ByteReader& reader, Curve& curve) {
  const std::uint32_t count = reader.u32be();
  const Bytes table = reader.take(2ULL * count);
  if (!reader.ok()) return false;
  const auto entry = [&](std::size_t i) { return static_cast<float>(table[2 * i] << 8 | table[2 * i + 1]); };
  const float gamma = count == 1 ? entry(0) / 256 : 1;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const float x = static_cast<float>(i) / 255;
    if (count < 2) {
      curve[i] = std::pow(x, gamma);
      continue;
    }
    const float position = x * static_cast<float>(count - 1);
    const std::size_t low = std::min<std::size_t>(static_cast<std::size_t>(position), count - 2);
    const float part = position - static_cast<float>(low);
    curve[i] = (entry(low) + (entry(low + 1) - entry(low)) * part) / 65535;
  }
  return true;
}

// Clamps a curve to 0..1. Returns false when black and white are nearly equal, as such a curve would erase
// the picture.
bool limit_curve(Curve& curve) {
  // The comparison turns NaN into 0.
  for (float& value : curve) value = value > 0 ? std::min(value, 1.0F) : 0.0F;
  return curve[255] - curve[0] > 0.5F;
}

bool read_curve(Bytes tag, Curve& curve) {
  ByteReader reader(tag);
  const std::string_view type = as_text(reader.take(4));
  reader.skip(4);
  const bool read = type == "curv"   ? read_table(reader, curve)
                    : type == "para" ? read_parametric(reader, curve)
                                     : false;
  return limit_curve(curve) && read;
}

bool is_srgb_curve(const Curve& curve) {
  return std::abs((curve[127] + curve[128]) / 2 - kSrgbHalf) < kHalfTolerance;
}

IccKind read_grey(Bytes bytes, IccProfile& profile) {
  if (!read_curve(find_tag(bytes, "kTRC"), profile.curves[0])) return IccKind::kOther;
  return is_srgb_curve(profile.curves[0]) ? IccKind::kSrgb : IccKind::kGrey;
}

// Sets the matrix of a profile whose curves are already set.
IccKind set_matrix(const Colorants& colorants, IccProfile& profile) {
  Triple white{};
  bool is_srgb = true;
  for (std::size_t i = 0; i < 3; ++i) {
    is_srgb = is_srgb && is_near(colorants[i], kSrgbColorants[i], kColorantTolerance) &&
              is_srgb_curve(profile.curves[i]);
    for (std::size_t row = 0; row < 3; ++row) {
      white[row] += colorants[i][row];
      for (std::size_t k = 0; k < 3; ++k)
        profile.to_linear_srgb[row][i] += kXyzToSrgb[row][k] * colorants[i][k];
    }
  }
  if (!is_near(white, kD50Xyz, kWhiteTolerance)) return IccKind::kOther;
  return is_srgb ? IccKind::kSrgb : IccKind::kRgb;
}

IccKind read_rgb(Bytes bytes, IccProfile& profile) {
  Colorants colorants{};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!read_colorant(find_tag(bytes, kColorantTags[i]), colorants[i]) ||
        !read_curve(find_tag(bytes, kCurveTags[i]), profile.curves[i])) {
      return IccKind::kOther;
    }
  }
  return set_matrix(colorants, profile);
}

// Returns the kind of a profile that is converted by tables; kOther for any other.
IccKind table_kind(Bytes bytes) {
  const bool is_lab = bytes_at(bytes, 20, "Lab ");
  if (!is_lab && !bytes_at(bytes, 20, "XYZ ")) return IccKind::kOther;
  const bool has_table = !find_tag(bytes, "A2B0").empty();
  if (bytes_at(bytes, 16, "GRAY") && (has_table || (is_lab && !find_tag(bytes, "kTRC").empty())))
    return IccKind::kGreyTables;
  if (!has_table) return IccKind::kOther;
  if (bytes_at(bytes, 16, "RGB ")) return IccKind::kRgbTables;
  return bytes_at(bytes, 16, "CMYK") ? IccKind::kCmykTables : IccKind::kOther;
}

bool is_control(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
         (code_point >= 0x200b && code_point <= 0x200f) ||  // invisible characters, and writing direction
         (code_point >= 0x2028 && code_point <= 0x202e) || (code_point >= 0x2060 && code_point <= 0x206f) ||
         (code_point >= 0xd800 && code_point < 0xe000) || code_point == 0xfeff || code_point > 0x10ffff;
}

void append_utf16(Bytes text, ProfileName& name) {
  ByteReader reader(text);
  while (reader.remaining() >= 2) {
    std::uint32_t unit = reader.u16be();
    if (unit >= 0xd800 && unit < 0xdc00) {
      const std::uint32_t low = reader.u16be();
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);  // an invalid `low` yields another one
    }
    name.append(unit);
  }
}

// The records of all languages follow the count and the size of a record (12); offsets count from the tag's
// start.
void append_localized(Bytes tag, ProfileName& name) {
  ByteReader reader(tag, std::min<std::size_t>(8, tag.size()));
  const std::uint32_t count = reader.u32be();
  reader.skip(4);
  Bytes chosen;
  for (std::uint32_t i = 0; i < count && i < kMaxTags && reader.ok(); ++i) {
    const bool is_english = as_text(reader.take(2)) == "en";
    reader.skip(2);
    const std::uint32_t length = reader.u32be();
    ByteReader text(tag, std::min<std::size_t>(reader.u32be(), tag.size()));
    if (i == 0 || is_english) chosen = text.take(length);
    if (is_english) break;
  }
  append_utf16(chosen, name);
}

}  // namespace

IccProfile read_icc(Bytes bytes) {
  IccProfile profile;
  if (bytes.empty()) return profile;
  profile.kind = IccKind::kOther;
  profile.name = icc_name(bytes);
  if (!bytes_at(bytes, 36, "acsp")) return profile;
  profile.kind = table_kind(bytes);
  if (profile.kind != IccKind::kOther || !bytes_at(bytes, 20, "XYZ ")) return profile;
  if (bytes_at(bytes, 16, "GRAY")) profile.kind = read_grey(bytes, profile);
  if (bytes_at(bytes, 16, "RGB ")) profile.kind = read_rgb(bytes, profile);
  return profile;
}

Result<IccProfile> read_icc(Bytes bytes, Buffer& whole) {
  const IccProfile profile = read_icc(bytes);
  if (has_tables(profile.kind)) {
    NETOCR_ASSIGN(whole, Buffer::copy_of(bytes));
  }
  return profile;
}

IccProfile make_icc_profile(const Colorants& colorants, const TransferCurve& curve) {
  IccProfile profile;
  tabulate({curve.g, curve.a, curve.b, curve.c, curve.d, 0, 0}, profile.curves[0]);
  const bool tells_black_from_white = limit_curve(profile.curves[0]);
  profile.curves[2] = profile.curves[1] = profile.curves[0];
  profile.kind = tells_black_from_white ? set_matrix(colorants, profile) : IccKind::kOther;
  return profile;
}

void ProfileName::append(std::uint32_t code_point) {
  if (is_control(code_point) || characters_ == kMaxCharacters) return;
  ++characters_;
  const auto put = [this](std::uint32_t byte) { text_[size_++] = static_cast<char>(byte); };
  if (code_point < 0x80) return put(code_point);
  if (code_point >= 0x10000) {
    put(0xf0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 63));
  } else if (code_point >= 0x800) {
    put(0xe0 | code_point >> 12);
  }
  put(code_point >= 0x800 ? 0x80 | (code_point >> 6 & 63) : 0xc0 | code_point >> 6);
  put(0x80 | (code_point & 63));
}

ProfileName icc_name(Bytes profile) {
  ProfileName name;
  const Bytes tag = find_tag(profile, "desc");
  if (bytes_at(tag, 0, "mluc")) append_localized(tag, name);
  if (bytes_at(tag, 0, "desc")) {
    ByteReader reader(tag, std::min<std::size_t>(8, tag.size()));
    for (const std::uint8_t letter : reader.take(reader.u32be())) name.append(letter);
  }
  return name;
}

}  // namespace netocr
