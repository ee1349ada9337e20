// ITU-T H.273 tables 2 and 3; ICC.1:2022 for what is written.
#include "image/cicp.hpp"

#include <cmath>
#include <cstring>
#include <string_view>

namespace netocr {
namespace {

// XYZ of red, green and blue after Bradford adaptation from D65 to D50.
struct Primaries {
  std::uint8_t code;
  float xyz[9];
};
constexpr Primaries kPrimaries[] = {
    {1, {0.4361F, 0.2225F, 0.0139F, 0.3851F, 0.7169F, 0.0971F, 0.1431F, 0.0606F, 0.7142F}},
    {9, {0.6735F, 0.2790F, -0.0019F, 0.1657F, 0.6754F, 0.0300F, 0.1251F, 0.0456F, 0.7972F}},
    {12, {0.5151F, 0.2412F, -0.0011F, 0.2920F, 0.6922F, 0.0419F, 0.1571F, 0.0666F, 0.7841F}},
};

// A parametric curve of type 3: g, a, b, c, d.
struct Transfer {
  std::uint8_t code;
  float parameters[5];
};
constexpr Transfer kTransfers[] = {
    {4, {2.2F, 1, 0, 0, 0}},
    {5, {2.8F, 1, 0, 0, 0}},
    {8, {1, 1, 0, 0, 0}},
    {13, {2.4F, 1 / 1.055F, 0.055F / 1.055F, 1 / 12.92F, 0.04045F}},
};

template <typename Row, std::size_t kCount>
const Row* find_row(const Row (&rows)[kCount], std::uint8_t code) {
  for (const Row& row : rows) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

class Writer {
 public:
  explicit Writer(MutableBytes out) : out_(out) {}

  void seek(std::size_t position) { position_ = position; }
  void text(std::string_view letters) {
    std::memcpy(out_.data() + position_, letters.data(), letters.size());
    position_ += letters.size();
  }
  void u32(std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
      out_[position_++] = static_cast<std::uint8_t>(value >> shift);
  }
  void fixed(float value) {
    u32(static_cast<std::uint32_t>(static_cast<std::int32_t>(std::floor(value * 65536 + 0.5F))));
  }

 private:
  MutableBytes out_;
  std::size_t position_ = 0;
};

}  // namespace

Result<Buffer> icc_of_cicp(std::uint8_t primaries, std::uint8_t transfer) {
  constexpr std::string_view kTags[] = {"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
  constexpr std::uint32_t kData = 128 + 4 + 6 * 12;
  constexpr std::uint32_t kXyzBytes = 20;
  constexpr std::uint32_t kCurve = kData + 3 * kXyzBytes;
  constexpr std::uint32_t kCurveBytes = 32;
  const Primaries* colors = find_row(kPrimaries, primaries);
  const Transfer* curve = find_row(kTransfers, transfer);
  if (colors == nullptr || curve == nullptr) {
    return Error{ErrorCode::kUnsupportedFeature, 0, "these colour code points are not converted to sRGB"};
  }
  auto profile = Buffer::create_zeroed(kCurve + kCurveBytes);
  if (!profile.ok()) return profile;
  Writer to(profile->span());
  to.seek(16);
  to.text("RGB XYZ ");
  to.seek(36);
  to.text("acsp");
  to.seek(128);
  to.u32(6);
  for (std::uint32_t i = 0; i < 6; ++i) {
    to.text(kTags[i]);
    to.u32(i < 3 ? kData + i * kXyzBytes : kCurve);
    to.u32(i < 3 ? kXyzBytes : kCurveBytes);
  }
  for (std::size_t i = 0; i < 9; ++i) {
    if (i % 3 == 0) {
      to.text("XYZ ");
      to.u32(0);
    }
    to.fixed(colors->xyz[i]);
  }
  to.text("para");
  to.u32(0);
  to.u32(3U << 16);
  for (const float parameter : curve->parameters) to.fixed(parameter);
  return profile;
}

}  // namespace netocr
