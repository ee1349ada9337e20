// Chromaticities -> profiles, against the colorants that are published for well-known colour spaces.
#include "image/meta/matrix_profile.hpp"

#include <gtest/gtest.h>

#include "cpp/image/meta/icc_maker.hpp"
#include "image/meta/cicp.hpp"
#include "image/meta/icc.hpp"

namespace netocr::testing {
namespace {

constexpr Xy kD50 = {0.3457F, 0.3585F};
constexpr Chromaticities kP3 = {kD65, {0.68F, 0.32F}, {0.265F, 0.69F}, {0.15F, 0.06F}};
constexpr Chromaticities kAdobe = {kD65, {0.64F, 0.33F}, {0.21F, 0.71F}, {0.15F, 0.06F}};
constexpr Chromaticities kBt2020 = {kD65, {0.708F, 0.292F}, {0.17F, 0.797F}, {0.131F, 0.046F}};
constexpr Chromaticities kProPhoto = {kD50, {0.7347F, 0.2653F}, {0.1596F, 0.8404F}, {0.0366F, 0.0001F}};

// ITU-R BT.2020 by Bradford, as in Elle Stone's and Little CMS's profiles.
constexpr std::array<std::array<double, 3>, 3> kBt2020Colorants = {
    {{0.67346, 0.27903, -0.00193}, {0.16567, 0.67534, 0.02998}, {0.12505, 0.04561, 0.79686}}};

double fixed_at(Bytes profile, std::size_t at) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) bits = bits << 8 | profile[at + i];
  return static_cast<std::int32_t>(bits) / 65536.0;
}

// Of the file, which tells the same as the profile itself.
void expect_colorants(const Result<MatrixProfile>& made, const std::array<std::array<double, 3>, 3>& expected,
                      const char* name) {
  ASSERT_TRUE(made.ok()) << name;
  const auto profile = write_icc(*made);
  ASSERT_TRUE(profile.ok()) << name;
  constexpr std::size_t kFirst = 128 + 4 + 6 * 12 + 8;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(fixed_at(profile->span(), kFirst + 20 * i + 4 * k), expected[i][k], 0.0006)
          << name << ' ' << i << ' ' << k;
  }
}

TEST(MatrixProfile, ColorantsAreThePublishedOnes) {
  expect_colorants(make_matrix_profile(kSrgbChromaticities, kSrgbTransfer), kSrgbColorants, "sRGB");
  expect_colorants(make_matrix_profile(kP3, kSrgbTransfer), kP3Colorants, "Display P3");
  expect_colorants(make_matrix_profile(kAdobe, kSrgbTransfer), kAdobeColorants, "Adobe RGB");
  expect_colorants(make_matrix_profile(kBt2020, kSrgbTransfer), kBt2020Colorants, "BT.2020");
  expect_colorants(make_matrix_profile(kProPhoto, kSrgbTransfer), kProPhotoColorants, "ProPhoto RGB");
}

TEST(MatrixProfile, CodePointsNameTheSame) {
  expect_colorants(profile_of_cicp(1, 13), kSrgbColorants, "1");
  expect_colorants(profile_of_cicp(9, 13), kBt2020Colorants, "9");
  expect_colorants(profile_of_cicp(12, 13), kP3Colorants, "12");
}

TEST(MatrixProfile, TheFileIsReadAsTheProfileIs) {
  const TransferCurve curves[] = {kSrgbTransfer,      {1, 1, 0, 0, 0},  {2.8F, 1, 0, 0, 0},
                                  {0.1F, 1, 0, 0, 0}, {10, 1, 0, 0, 0},  // black almost up to white
                                  {2, 0, 0, 0, 0}};  // all black: no curve to convert with
  for (const Chromaticities& colors : {kSrgbChromaticities, kP3, kAdobe, kBt2020, kProPhoto}) {
    for (const TransferCurve& curve : curves) {
      const auto made = make_matrix_profile(colors, curve);
      ASSERT_TRUE(made.ok());
      const auto file = write_icc(*made);
      ASSERT_TRUE(file.ok());
      const IccProfile read = read_icc(file->span());
      const IccProfile direct = icc_profile_of(*made);
      EXPECT_EQ(direct.kind, read.kind) << curve.g;
      EXPECT_EQ(direct.kind == IccKind::kOther, curve.a == 0) << curve.g;
      EXPECT_TRUE(direct.name.text().empty() && read.name.text().empty());
      if (read.kind == IccKind::kOther) continue;
      EXPECT_EQ(direct.to_linear_srgb, read.to_linear_srgb) << curve.g;
      EXPECT_EQ(direct.curves, read.curves) << curve.g;
    }
  }
}

TEST(MatrixProfile, TheCurveIsThatOfItsParameters) {
  const auto gamma = make_matrix_profile(kP3, {1.8F, 1, 0, 0, 0});
  ASSERT_TRUE(gamma.ok());
  const IccProfile read = icc_profile_of(*gamma);
  ASSERT_EQ(read.kind, IccKind::kRgb);
  for (const std::size_t value : {1U, 20U, 128U, 254U, 255U}) {
    for (const auto& curve : read.curves)
      EXPECT_NEAR(curve[value], std::pow(static_cast<double>(value) / 255, 1.8), 1e-4) << value;
  }
  EXPECT_EQ(icc_profile_of(*make_matrix_profile(kSrgbChromaticities, kSrgbTransfer)).kind, IccKind::kSrgb);
}

// White without a triangle around it, and what PNG's 32 bits can hold beyond.
TEST(MatrixProfile, ImpossibleChromaticitiesAreRefused) {
  const auto with = [](auto change) {
    Chromaticities colors = kP3;
    change(colors);
    return colors;
  };
  constexpr float kMax = 42949.67F;
  const Chromaticities cases[] = {
      {},
      with([](Chromaticities& c) { c.white = {0.7F, 0.2F}; }),
      with([](Chromaticities& c) { c.white.y = 0; }),
      with([](Chromaticities& c) { c.green = c.red; }),
      with([](Chromaticities& c) { c.green = {0.374F, 0.234F}; }),  // nearly on the line from red to blue
      with([](Chromaticities& c) { c.red.x = kMax; }),
      with([](Chromaticities& c) { c.white = {kMax, kMax}; }),
      {{kMax, kMax}, {kMax, kMax}, {kMax, kMax}, {kMax, kMax}},
      {{kMax, 0}, {0, kMax}, {kMax, 0}, {0, 0}},
  };
  for (const Chromaticities& colors : cases) {
    const auto profile = make_matrix_profile(colors, kSrgbTransfer);
    ASSERT_FALSE(profile.ok()) << &colors - cases;
    EXPECT_EQ(profile.error().code, ErrorCode::kUnsupportedFeature);
  }
}

}  // namespace
}  // namespace netocr::testing
