// Which kind a profile is of, what its curves and matrix are, what its name is.
#include "image/meta/icc.hpp"

#include <gtest/gtest.h>

#include "cpp/image/meta/icc_maker.hpp"

namespace netocr::testing {
namespace {

double srgb_to_linear(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
double squared(double v) { return v * v; }
double to_1_8(double v) { return std::pow(v, 1.8); }

constexpr std::uint8_t kExtremes[] = {0x00, 0x7f, 0xff};

TEST(ReadIcc, PrimariesAndCurveTellSrgb) {
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
      {"Adobe RGB", {"RGB ", kAdobeColorants, gamma_curve(2.2)}, false},
      {"grey, sRGB curve", {"GRAY", {}, srgb_curve()}, true},
      {"grey, gamma 1.8", {"GRAY", {}, gamma_curve(1.8)}, false},
      {"CMYK", {"CMYK", kSrgbColorants, srgb_curve()}, false},
  };
  for (const Case& c : cases) EXPECT_EQ(read_icc(make_icc(c.spec)).kind == IccKind::kSrgb, c.srgb) << c.name;
}

TEST(ReadIcc, ShortAndChangedProfilesAreHarmless) {
  const ByteVector whole = srgb_profile();
  EXPECT_EQ(read_icc({}).kind, IccKind::kNone);
  for (std::size_t length = 1; length < 128 + 4 + 12 * 6; ++length) {
    EXPECT_EQ(read_icc(Bytes(whole).first(length)).kind, IccKind::kOther) << length;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const std::uint8_t value : kExtremes) {
      ByteVector changed = whole;
      changed[i] = value;
      (void)read_icc(changed);
      (void)icc_name(changed);
    }
  }
  ByteVector offsets = whole;
  for (std::size_t i = 132; i < 132 + 7 * 12; i += 12)
    std::fill_n(offsets.begin() + static_cast<std::ptrdiff_t>(i) + 4, 8, 0xff);
  EXPECT_EQ(read_icc(offsets).kind, IccKind::kOther);
}

IccKind kind_of(const ByteVector& profile) { return read_icc(profile).kind; }

// `profile` with 4 bytes of the data of a tag set.
ByteVector patched(ByteVector profile, std::string_view tag, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 132; i + 12 <= profile.size(); i += 12) {
    if (std::string_view(reinterpret_cast<const char*>(profile.data()) + i, 4) != tag) continue;
    std::size_t offset = 0;
    for (std::size_t k = 4; k < 8; ++k) offset = offset << 8 | profile[i + k];
    for (std::size_t k = 0; k < 4; ++k)
      profile[offset + at + k] = static_cast<std::uint8_t>(value >> (24 - 8 * k));
    break;
  }
  return profile;
}

TEST(ReadIcc, EveryCurveIsWhatTheFormulaSays) {
  struct Case {
    const char* name;
    ByteVector curve;
    double (*value)(double);
  };
  const Case cases[] = {
      {"gamma 1.8", gamma_curve(1.80078125), [](double x) { return std::pow(x, 1.80078125); }},
      {"identity", table_curve(0, squared), [](double x) { return x; }},
      {"table of 2", table_curve(2, squared), [](double x) { return x; }},
      {"table of 4096", table_curve(4096, squared), squared},
      {"function 0", parametric_curve(0, {3}), [](double x) { return x * x * x; }},
      {"function 1", parametric_curve(1, {2, 1.25, -0.25}),
       [](double x) { return x < 0.2 ? 0 : squared(1.25 * x - 0.25); }},
      {"function 2", parametric_curve(2, {2, 1.25, -0.25, 0.125}),
       [](double x) { return std::min(1.0, (x < 0.2 ? 0 : squared(1.25 * x - 0.25)) + 0.125); }},
      {"function 3", srgb_curve(), srgb_to_linear},
      {"function 4", parametric_curve(4, {2, 0.75, 0.125, 0.5, 0.25, 0.0625, 0.03125}),
       [](double x) { return x < 0.25 ? 0.5 * x + 0.03125 : squared(0.75 * x + 0.125) + 0.0625; }},
  };
  for (const Case& c : cases) {
    for (const std::string_view space : {"GRAY", "RGB "}) {
      const IccProfile profile = read_icc(make_icc({space, kP3Colorants, c.curve}));
      EXPECT_NE(profile.kind, IccKind::kOther) << c.name;
      for (std::size_t i = 0; i < 256; ++i) {
        EXPECT_NEAR(static_cast<double>(profile.curves[0][i]), c.value(static_cast<double>(i) / 255), 5e-5)
            << c.name << " at " << i;
      }
    }
  }
}

TEST(ReadIcc, TheMatrixOfSrgbIsTheIdentityAndWhiteStaysWhite) {
  for (const auto& colorants : {kSrgbColorants, kP3Colorants, kAdobeColorants, kProPhotoColorants}) {
    const IccProfile profile = read_icc(make_icc({"RGB ", colorants, gamma_curve(1.8)}));
    EXPECT_EQ(profile.kind, IccKind::kRgb);
    for (std::size_t row = 0; row < 3; ++row) {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        const auto entry = static_cast<double>(profile.to_linear_srgb[row][i]);
        sum += entry;
        if (colorants == kSrgbColorants) EXPECT_NEAR(entry, row == i ? 1 : 0, 5e-4);
      }
      EXPECT_NEAR(sum, 1, 2e-3);
    }
  }
}

TEST(ReadIcc, WhatCannotBeConvertedIsOther) {
  const ByteVector p3 = p3_profile();
  EXPECT_EQ(kind_of(p3), IccKind::kRgb);
  const ByteVector table = make_icc({"RGB ", kP3Colorants, table_curve(16, squared)});
  EXPECT_EQ(kind_of(table), IccKind::kRgb);
  ByteVector lab = p3;
  std::copy_n("Lab ", 4, lab.begin() + 20);
  ByteVector many_tags = p3;
  std::fill_n(many_tags.begin() + 128, 4, 0xff);
  ByteVector no_tags = p3;
  std::fill_n(no_tags.begin() + 128, 4, 0);
  EXPECT_EQ(kind_of(many_tags), IccKind::kRgb);  // the tags are where they were
  constexpr std::array<std::array<double, 3>, 3> kNoColorants{};
  constexpr std::array<std::array<double, 3>, 3> kUnderD65 = {
      {{0.41246, 0.21267, 0.01933}, {0.35758, 0.71515, 0.11919}, {0.18044, 0.07217, 0.95030}}};
  const auto curved = [](const ByteVector& curve) { return make_icc({"RGB ", kP3Colorants, curve}); };
  struct Case {
    const char* name;
    ByteVector profile;
  };
  const Case cases[] = {
      {"CMYK", make_icc({"CMYK", kP3Colorants, srgb_curve()})},
      {"by way of Lab", lab},
      {"no tags", no_tags},
      {"zero matrix", make_icc({"RGB ", kNoColorants, srgb_curve()})},
      {"white is not D50", make_icc({"RGB ", kUnderD65, srgb_curve()})},
      {"2^32 - 1 table entries", patched(table, "rTRC", 8, 0xffff'ffff)},
      {"one entry too many", patched(table, "rTRC", 8, 17)},
      {"unknown function", curved(parametric_curve(5, {2.2, 1, 0, 0, 0, 0, 0}))},
      {"too few parameters", curved(parametric_curve(3, {2.2, 1}))},
      {"unknown type of curve", patched(p3, "gTRC", 0, 0x61626364)},
      {"unknown type of colorant", patched(p3, "gXYZ", 0, 0x61626364)},
      {"gamma 0", curved(parametric_curve(0, {0}))},
      {"negative gamma", curved(parametric_curve(0, {-2}))},
      {"huge gamma", curved(gamma_curve(0))},
      {"0 / 0", curved(parametric_curve(1, {2.2, 0, 0}))},
      {"1 / 0", curved(parametric_curve(2, {2.2, 0, 1, 0}))},
      {"always black", curved(table_curve(64, [](double) { return 0.0; }))},
      {"always white", curved(table_curve(64, [](double) { return 1.0; }))},
      {"falling", curved(table_curve(64, [](double x) { return 1 - x; }))},
  };
  for (const Case& c : cases) EXPECT_EQ(kind_of(c.profile), IccKind::kOther) << c.name;
}

// The core only tells which profiles have tables; whether they are sound is found by image/lut.
TEST(Icc, ProfilesWithTablesAreRecognisedByTheirTags) {
  const auto with_table = [](ByteVector profile) {
    return with_icc_tag(std::move(profile), "A2B0", ByteVector{'m', 'f', 't', '2'});
  };
  const auto in_lab = [](ByteVector profile) {
    std::copy_n("Lab ", 4, profile.begin() + 20);
    return profile;
  };
  const ByteVector rgb = p3_profile();
  const ByteVector grey = make_icc({"GRAY", kP3Colorants, srgb_curve()});
  const ByteVector inks = make_icc({"CMYK", kP3Colorants, srgb_curve()});
  EXPECT_EQ(kind_of(with_table(rgb)), IccKind::kRgbTables) << "a table has precedence over a matrix";
  EXPECT_EQ(kind_of(in_lab(with_table(rgb))), IccKind::kRgbTables);
  EXPECT_EQ(kind_of(with_table(grey)), IccKind::kGreyTables);
  EXPECT_EQ(kind_of(in_lab(grey)), IccKind::kGreyTables) << "a curve to Lab";
  EXPECT_EQ(kind_of(with_table(inks)), IccKind::kCmykTables);
  EXPECT_EQ(kind_of(inks), IccKind::kOther) << "inks need a table";
  EXPECT_EQ(kind_of(in_lab(rgb)), IccKind::kOther) << "a matrix does not lead to Lab";
  ByteVector luv = with_table(rgb);
  std::copy_n("Luv ", 4, luv.begin() + 20);
  EXPECT_EQ(kind_of(luv), IccKind::kOther);
  Buffer whole;
  const auto read = read_icc(Bytes(rgb), whole);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(whole.empty()) << "only tables need the whole profile";
  const ByteVector tables = with_table(rgb);
  ASSERT_TRUE(read_icc(Bytes(tables), whole).ok());
  EXPECT_TRUE(std::equal(tables.begin(), tables.end(), whole.span().begin(), whole.span().end()));
}

std::string name_of(const ByteVector& tag) {
  return std::string(icc_name(with_icc_tag(p3_profile(), "desc", tag)).text());
}

TEST(IccName, ReadsBothKindsOfDescription) {
  EXPECT_EQ(icc_name(p3_profile()).text(), "");
  EXPECT_EQ(name_of(description("Display P3")), "Display P3");
  EXPECT_EQ(name_of(localized({{"enUS", u"Display P3"}})), "Display P3");
  EXPECT_EQ(name_of(localized({{"zhCN", u"显示器"}})), "显示器");
  EXPECT_EQ(name_of(localized({{"zhCN", u"显示器"}, {"enUS", u"Display"}, {"enGB", u"Colour"}})), "Display");
  EXPECT_EQ(name_of(localized({{"svSE", u"Skärm"}, {"deDE", u"Anzeige"}})), "Skärm");
  EXPECT_EQ(name_of(localized({{"enUS", u"\U0001F600 P3"}})), "\U0001F600 P3");
}

TEST(IccName, IsShortTextWithoutControlCharacters) {
  EXPECT_EQ(name_of(description("a\tb\n\x7f\x85"
                                "c")),
            "abc");
  EXPECT_EQ(name_of(description("\xc4rger")), "Ärger");
  EXPECT_EQ(name_of(localized({{"enUS", u"a\u200f\u202eb\u2066\ufeff"}})), "ab");
  EXPECT_EQ(name_of(description(std::string(65, 'x'))), std::string(64, 'x'));
  std::string longest;
  std::u16string units;
  for (int i = 0; i < 80; ++i) units += u"\U0001F600";
  for (int i = 0; i < 64; ++i) longest += "\U0001F600";
  EXPECT_EQ(name_of(localized({{"enUS", units}})), longest);
}

TEST(IccName, DamagedDescriptionsAreEmpty) {
  const ByteVector plain = description("Display P3");
  const ByteVector local = localized({{"enUS", u"Display P3"}});
  const auto with = [](ByteVector tag, std::size_t at, std::uint8_t value) {
    tag[at] = value;
    return tag;
  };
  EXPECT_EQ(name_of(with(plain, 8, 0xff)), "");
  EXPECT_EQ(name_of(with(local, 20, 0xff)), "");
  EXPECT_EQ(name_of(with(local, 24, 0xff)), "");
  EXPECT_EQ(name_of(with(local, 8, 0xff)), "Display P3");  // of 2^32 records the first is English
  EXPECT_EQ(name_of({'m', 'l', 'u', 'c'}), "");
  EXPECT_EQ(name_of({'d', 'e', 's', 'c', 0}), "");
  // A high surrogate at the end, and one followed by a letter.
  EXPECT_EQ(name_of(localized({{"enUS", std::u16string(u"P3") + char16_t{0xd800}}})).substr(0, 2), "P3");
}

}  // namespace
}  // namespace netocr::testing
