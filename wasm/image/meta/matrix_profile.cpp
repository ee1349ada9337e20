// Writes profiles by ICC.1:2022; the adaptation follows its annex E.2.
#include "image/meta/matrix_profile.hpp"

#include <cmath>
#include <cstring>
#include <string_view>

namespace netocr {
namespace {

// The matrices convert XYZ to cone responses and back.
constexpr Matrix kBradford = {
    {{0.8951F, 0.2664F, -0.1614F}, {-0.7502F, 1.7135F, 0.0367F}, {0.0389F, -0.0685F, 1.0296F}}};
constexpr Matrix kBradfordInverse = {{{0.9869929F, -0.1470543F, 0.1599627F},
                                      {0.4323053F, 0.5183603F, 0.0492912F},
                                      {-0.0085287F, 0.0400428F, 0.9684867F}}};

float dot(const Triple& a, const Triple& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Triple cross(const Triple& a, const Triple& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Triple times(const Matrix& matrix, const Triple& v) {
  return {dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)};
}

Triple xyz_of(Xy color) { return {color.x, color.y, 1 - color.x - color.y}; }

// Returns the amount of each primary that adds up to the white of luminance 1.
Triple amounts(const Triple& white, const Colorants& primaries) {
  const auto& [red, green, blue] = primaries;
  const float volume = dot(red, cross(green, blue)) * white[1];
  return {dot(white, cross(green, blue)) / volume, dot(white, cross(blue, red)) / volume,
          dot(white, cross(red, green)) / volume};
}

// Returns whether all are above 0 and within the range of s15Fixed16Number; false for NaN.
bool are_possible(const Triple& values) {
  bool possible = true;
  for (const float value : values) possible = possible && value > 0 && value < 32767;
  return possible;
}

bool is_possible(Xy color) { return color.x >= 0 && color.x <= 1 && color.y >= 0 && color.y <= 1; }

// Converts `colorants` (red, green, blue) from chromaticities to XYZ under D50. Returns false for physically
// impossible colours.
bool adapt(const Chromaticities& colors, Colorants& colorants) {
  for (const Xy color : {colors.white, colors.red, colors.green, colors.blue}) {
    if (!is_possible(color)) return false;
  }
  const Triple white = xyz_of(colors.white);
  const Triple scales = amounts(white, colorants);
  const Triple cones = times(kBradford, white);
  if (!are_possible(scales) || !are_possible(cones)) return false;
  const Triple wanted = times(kBradford, kD50Xyz);
  for (std::size_t i = 0; i < 3; ++i) {
    Triple responses = times(kBradford, colorants[i]);
    for (std::size_t k = 0; k < 3; ++k) responses[k] *= scales[i] * white[1] * wanted[k] / cones[k];
    colorants[i] = times(kBradfordInverse, responses);
    if (!(dot(colorants[i], colorants[i]) < 32767)) return false;
  }
  return true;
}

std::int32_t s15_fixed16(float value) { return static_cast<std::int32_t>(std::floor(value * 65536 + 0.5F)); }

float rounded(float value) { return static_cast<float>(s15_fixed16(value)) / 65536; }

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
  void fixed(float value) { u32(static_cast<std::uint32_t>(s15_fixed16(value))); }

 private:
  MutableBytes out_;
  std::size_t position_ = 0;
};

}  // namespace

Result<MatrixProfile> make_matrix_profile(const Chromaticities& colors, const TransferCurve& curve) {
  Colorants colorants = {xyz_of(colors.red), xyz_of(colors.green), xyz_of(colors.blue)};
  if (!adapt(colors, colorants))
    return Error{ErrorCode::kUnsupportedFeature, 0, "no light has these chromaticities"};
  for (Triple& colorant : colorants) {
    for (float& value : colorant) value = rounded(value);
  }
  return MatrixProfile{
      colorants, {rounded(curve.g), rounded(curve.a), rounded(curve.b), rounded(curve.c), rounded(curve.d)}};
}

IccProfile icc_profile_of(const MatrixProfile& profile) {
  return make_icc_profile(profile.colorants, profile.curve);
}

Result<Buffer> write_icc(const MatrixProfile& profile) {
  constexpr std::string_view kTags[] = {"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
  constexpr std::uint32_t kData = 128 + 4 + 6 * 12;
  constexpr std::uint32_t kXyzBytes = 20;
  constexpr std::uint32_t kCurve = kData + 3 * kXyzBytes;
  constexpr std::uint32_t kCurveBytes = 32;
  NETOCR_ASSIGN(auto file, Buffer::create_zeroed(kCurve + kCurveBytes));
  Writer to(file.span());
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
  for (const Triple& colorant : profile.colorants) {
    to.text("XYZ ");
    to.u32(0);
    for (const float value : colorant) to.fixed(value);
  }
  to.text("para");
  to.u32(0);
  to.u32(3U << 16);
  const TransferCurve& curve = profile.curve;
  for (const float parameter : {curve.g, curve.a, curve.b, curve.c, curve.d}) to.fixed(parameter);
  return file;
}

}  // namespace netocr
