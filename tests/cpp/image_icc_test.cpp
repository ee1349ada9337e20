// Which profiles pass for sRGB.
#include "image/icc.hpp"

#include <gtest/gtest.h>

#include "image_icc_maker.hpp"

namespace netocr::testing {
namespace {

double srgb_to_linear(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
double squared(double v) { return v * v; }
double to_1_8(double v) { return std::pow(v, 1.8); }

constexpr std::uint8_t kExtremes[] = {0x00, 0x7f, 0xff};

TEST(IccIsSrgb, PrimariesAndCurveDecide) {
  constexpr std::array<std::array<double, 3>, 3> kAdobe = {
      {{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}};
  struct Case {
    const char* name;
    IccSpec spec;
    bool srgb;
  };
  const Case cases[] = {
      {"sRGB, parametric", {"RGB ", kSrgbColorants, srgb_curve()}, true},
      {"sRGB, function 4",
       {"RGB ", kSrgbColorants,
        parametric_curve(4, {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0, 0})},
       true},
      {"sRGB, table of 1024", {"RGB ", kSrgbColorants, table_curve(1024, srgb_to_linear)}, true},
      {"sRGB, table of 257", {"RGB ", kSrgbColorants, table_curve(257, srgb_to_linear)}, true},
      {"sRGB primaries, gamma 2.2", {"RGB ", kSrgbColorants, gamma_curve(2.2)}, true},
      {"sRGB primaries, parametric gamma 2.2", {"RGB ", kSrgbColorants, parametric_curve(0, {2.2})}, true},
      {"sRGB primaries, gamma 2.0", {"RGB ", kSrgbColorants, table_curve(1024, squared)}, false},
      {"sRGB primaries, gamma 1.8", {"RGB ", kSrgbColorants, table_curve(1024, to_1_8)}, false},
      {"sRGB primaries, linear", {"RGB ", kSrgbColorants, gamma_curve(1)}, false},
      {"sRGB primaries, identity", {"RGB ", kSrgbColorants, table_curve(0, squared)}, false},
      {"sRGB primaries, unknown function", {"RGB ", kSrgbColorants, parametric_curve(9, {2.2, 1, 0})}, false},
      {"Display P3", {"RGB ", kP3Colorants, srgb_curve()}, false},
      {"Adobe RGB", {"RGB ", kAdobe, gamma_curve(2.2)}, false},
      {"grey, sRGB curve", {"GRAY", {}, srgb_curve()}, true},
      {"grey, gamma 1.8", {"GRAY", {}, gamma_curve(1.8)}, false},
      {"CMYK", {"CMYK", kSrgbColorants, srgb_curve()}, false},
  };
  for (const Case& c : cases) EXPECT_EQ(icc_is_srgb(make_icc(c.spec)), c.srgb) << c.name;
}

TEST(IccIsSrgb, ShortAndChangedProfilesAreHarmless) {
  const ByteVector whole = srgb_profile();
  for (std::size_t length = 0; length < 128 + 4 + 12 * 6; ++length) {
    EXPECT_FALSE(icc_is_srgb(Bytes(whole).first(length))) << length;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const std::uint8_t value : kExtremes) {
      ByteVector changed = whole;
      changed[i] = value;
      (void)icc_is_srgb(changed);
    }
  }
  ByteVector offsets = whole;
  for (std::size_t i = 132; i < 132 + 7 * 12; i += 12)
    std::fill_n(offsets.begin() + static_cast<std::ptrdiff_t>(i) + 4, 8, 0xff);
  EXPECT_FALSE(icc_is_srgb(offsets));
}

}  // namespace
}  // namespace netocr::testing
