// Colours of JPEG 2000 files: profiles of both ICC methods against Little CMS, and which of several colour
// boxes counts.
#include <gtest/gtest.h>

#include <initializer_list>

#include "cpp/image/jp2/maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "image/jp2/source.hpp"
#include "image/prepare.hpp"

namespace netocr::jp2 {
namespace {

using namespace netocr::testing;

constexpr std::uint32_t kEdge = 64;
constexpr std::uint8_t kRestricted = 2;
constexpr std::uint8_t kAny = 3;
constexpr std::uint8_t kVendor = 4;
constexpr std::uint32_t kSrgbSpace = 16;
constexpr std::uint32_t kGreySpace = 17;
constexpr std::uint32_t kLabSpace = 14;

constexpr std::uint8_t kQuarters[4][3] = {{200, 40, 40}, {40, 180, 60}, {40, 60, 200}, {220, 200, 60}};

std::int32_t quarter_sample(std::uint32_t x, std::uint32_t y, std::uint32_t component) {
  return kQuarters[(y < kEdge / 2 ? 0 : 2) + (x < kEdge / 2 ? 0 : 1)][component % 3];
}

ByteVector quarters(std::uint32_t components) {
  return opj_compress(raw_picture(kEdge, kEdge, components, quarter_sample));
}

// The four samples as Little CMS converts them to sRGB.
Pnm lcms_quarters(const ByteVector& icc, bool grey) {
  const std::string header = grey ? "P5 4 1 255\n" : "P6 4 1 255\n";
  ByteVector pnm(header.begin(), header.end());
  for (const auto& color : kQuarters) pnm.insert(pnm.end(), color, color + (grey ? 1 : 3));
  const TemporaryFile from(icc);
  const TemporaryFile to(srgb_profile());
  return ask(std::string("convert pnm:@ -intent relative -profile icc:") + from.path() +
                 " -profile icc:" + to.path() + " -depth 8 ppm:-",
             pnm);
}

Result<Prepared> prepared(const ByteVector& file) { return prepare_image(file, PrepareOptions{}); }

// Dark saturated colours are steep: a level of Y, Cb or Cr is up to 1.8 of blue before and more after it.
constexpr double kWithin = 5;

void expect_quarters(const Prepared& made, const Pnm& expected, const char* what) {
  const Decoded decoded = decode(made.bytes.span());
  ASSERT_TRUE(decoded.ok()) << what;
  for (std::uint32_t i = 0; i < 4; ++i) {
    const Rgb rgb = rgb_of(pixel(decoded, i % 2 * 32 + 16, i / 2 * 32 + 16));
    EXPECT_NEAR(rgb.r, expected.at(i, 0, 0), kWithin) << what << ' ' << i;
    EXPECT_NEAR(rgb.g, expected.at(i, 0, 1), kWithin) << what << ' ' << i;
    EXPECT_NEAR(rgb.b, expected.at(i, 0, 2), kWithin) << what << ' ' << i;
  }
}

TEST(Jp2Color, ProfilesOfBothMethodsAreConvertedAsLittleCmsDoes) {
  struct Case {
    const char* name;
    ByteVector icc;
    bool grey;
  };
  for (const Case& test :
       {Case{"Display P3", p3_profile(), false},
        Case{"Adobe RGB", make_icc({"RGB ", kAdobeColorants, gamma_curve(2.19921875)}), false},
        Case{"ProPhoto RGB", make_icc({"RGB ", kProPhotoColorants, gamma_curve(1.80078125)}), false},
        Case{"grey of gamma 1.5", make_icc({"GRAY", kSrgbColorants, gamma_curve(1.5)}), true}}) {
    const ByteVector codestream = quarters(test.grey ? 1 : 3);
    const Pnm expected = lcms_quarters(test.icc, test.grey);
    // The conversion is to be seen in this picture.
    EXPECT_GT(std::abs(expected.at(0, 0, 0) - quarter_sample(0, 0, 0)), 2 * kWithin) << test.name;
    for (const std::uint8_t method : {kRestricted, kAny}) {
      const auto made = prepared(make_jp2(codestream, {profile_color(test.icc, method)}));
      ASSERT_TRUE(made.ok()) << test.name << ": " << made.error().detail;
      EXPECT_EQ(made->source.profile, ProfileUse::kConverted) << test.name;
      EXPECT_EQ(made->warnings, 0U) << test.name;
      expect_quarters(*made, expected, test.name);
    }
  }
}

TEST(Jp2Color, ProfilesThatCannotBeUsedAreWarnedOf) {
  ByteVector without_curves = p3_profile();
  for (std::size_t i = 132; i < 132 + 12 * 7; i += 12) without_curves[i] = 'x';
  ByteVector cut = p3_profile();
  cut.resize(200);
  struct Case {
    const char* what;
    ByteVector profile;
    std::uint32_t components;
  };
  for (const Case& test : {Case{"tables in place of matrix and curves", without_curves, 3},
                           Case{"a profile that is cut off", cut, 3}, Case{"no profile at all", {1, 2, 3}, 3},
                           Case{"CMYK", make_icc({"CMYK", kP3Colorants, srgb_curve()}), 4},
                           Case{"Y, Cb, Cr", make_icc({"YCbr", kP3Colorants, srgb_curve()}), 3}}) {
    const ByteVector codestream = quarters(test.components);
    for (const std::uint8_t method : {kRestricted, kAny}) {
      const ByteVector file = make_jp2(codestream, {profile_color(test.profile, method)});
      EXPECT_EQ(inspect_image(file, Limits{})->profile, ProfileUse::kIgnored) << test.what;
      const auto made = prepared(file);
      ASSERT_TRUE(made.ok()) << test.what << ": " << made.error().detail;
      EXPECT_EQ(made->source.profile, ProfileUse::kIgnored) << test.what;
      EXPECT_EQ(made->warnings, kWarnProfileIgnored) << test.what;
      EXPECT_EQ(decode(file).warnings, kWarnProfileIgnored) << test.what;
    }
  }
}

// A colour specification box with all its fields.
ByteVector color_box(std::uint8_t method, int precedence, const ByteVector& contents) {
  return box("colr", joined({{method, static_cast<std::uint8_t>(precedence), 1}, contents}));
}
ByteVector space_box(std::uint32_t space, int precedence) {
  ByteVector contents;
  put_big(contents, space, 4);
  return color_box(1, precedence, contents);
}

ByteVector of_brand(std::string_view brand, ByteVector file) {
  std::copy(brand.begin(), brand.end(), file.begin() + 20);
  return file;
}

struct Choice {
  const char* what;
  std::string_view brand;
  std::vector<ByteVector> boxes;
  ProfileUse use;
  std::string_view name = {};  // of the profile that counts
};

ByteVector named(const ByteVector& profile, std::string_view name) {
  return with_icc_tag(profile, "desc", description(name));
}

struct Profiles {
  ByteVector p3 = named(p3_profile(), "P3");
  ByteVector adobe = named(make_icc({"RGB ", kAdobeColorants, gamma_curve(2.19921875)}), "Adobe");
  ByteVector tables = named(make_icc({"RGB ", {}, srgb_curve()}), "tables");
};

void expect_choices(std::initializer_list<Choice> choices) {
  const ByteVector codestream = quarters(3);
  for (const Choice& choice : choices) {
    const ByteVector file = of_brand(choice.brand, make_jp2(codestream, choice.boxes));
    const auto info = inspect_image(file, Limits{});
    ASSERT_TRUE(info.ok()) << choice.what;
    EXPECT_EQ(info->profile, choice.use) << choice.what;
    EXPECT_EQ(info->profile_name.text(), choice.name) << choice.what;
    EXPECT_TRUE(info->decodable) << choice.what;
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << choice.what << ": " << decoded.detail;
    EXPECT_EQ(decoded.planes.size(), 3U) << choice.what;
    const std::uint32_t expected = choice.use == ProfileUse::kIgnored ? kWarnProfileIgnored : 0U;
    EXPECT_EQ(decoded.warnings, expected) << choice.what;
    EXPECT_EQ(info->warnings, expected) << choice.what;
  }
}

TEST(Jp2Color, OfSeveralBoxesOfJp2TheFirstUsableOneCounts) {
  const Profiles profiles;
  expect_choices({
      {"JP2: the first box counts",
       "jp2 ",
       {space_box(kSrgbSpace, 0), color_box(kRestricted, 0, profiles.p3)},
       ProfileUse::kNone},
      {"JP2: also when it is a profile",
       "jp2 ",
       {color_box(kRestricted, 0, profiles.p3), space_box(kSrgbSpace, 0)},
       ProfileUse::kConverted,
       "P3"},
      {"JP2: whatever its precedence",
       "jp2 ",
       {color_box(kRestricted, 0, profiles.p3), color_box(kAny, 9, profiles.adobe),
        space_box(kSrgbSpace, 100)},
       ProfileUse::kConverted,
       "P3"},
      {"JP2: boxes of JPX methods are passed over",
       "jp2 ",
       {color_box(kVendor, 0, profiles.p3), color_box(5, 0, {0, 1, 0, 13, 0, 0, 0}),
        color_box(kRestricted, 0, profiles.p3)},
       ProfileUse::kConverted,
       "P3"},
      {"JP2: so are profiles that cannot be used",
       "jp2 ",
       {color_box(kAny, 0, profiles.tables), space_box(kSrgbSpace, 0)},
       ProfileUse::kNone},
      {"JP2: and spaces that are not shown",
       "jp2 ",
       {space_box(kLabSpace, 0), space_box(99, 0), color_box(kAny, 0, profiles.p3)},
       ProfileUse::kConverted,
       "P3"},
  });
}

TEST(Jp2Color, OfSeveralBoxesOfJpxTheHighestPrecedenceCounts) {
  const Profiles profiles;
  expect_choices({
      {"JPX: the highest precedence counts",
       "jpx ",
       {space_box(kSrgbSpace, 0), color_box(kAny, 2, profiles.p3), color_box(kRestricted, 1, profiles.adobe)},
       ProfileUse::kConverted,
       "P3"},
      {"JPX: the first one of the same",
       "jpx ",
       {space_box(kSrgbSpace, 0), color_box(kAny, 1, profiles.adobe), color_box(kRestricted, 1, profiles.p3)},
       ProfileUse::kConverted,
       "Adobe"},
      {"JPX: precedence is signed",
       "jpx ",
       {color_box(kAny, -1, profiles.p3), space_box(kSrgbSpace, 0)},
       ProfileUse::kNone},
      {"JPX: the highest one that can be used",
       "jpx ",
       {space_box(kSrgbSpace, -3), color_box(kAny, -1, profiles.p3), color_box(kVendor, 7, profiles.p3),
        space_box(kLabSpace, 6), color_box(kAny, 5, profiles.tables)},
       ProfileUse::kConverted,
       "P3"},
  });
}

TEST(Jp2Color, WithoutAUsableBoxItIsSrgb) {
  const Profiles profiles;
  expect_choices({
      {"nothing can be used",
       "jpx ",
       {space_box(kLabSpace, 2), color_box(kAny, 1, profiles.tables), color_box(kVendor, 3, profiles.p3)},
       ProfileUse::kIgnored},
      {"only a profile that cannot be used",
       "jp2 ",
       {color_box(kAny, 0, profiles.tables)},
       ProfileUse::kIgnored,
       "tables"},
      {"only a vendor's colours", "jpx ", {color_box(kVendor, 0, profiles.p3)}, ProfileUse::kIgnored},
      {"no box", "jp2 ", {}, ProfileUse::kNone},
  });
}

// More boxes than are looked at, and a profile behind an enumerated space: the file has metadata all the
// same.
TEST(Jp2Color, ManyBoxesAreNoTrouble) {
  std::vector<ByteVector> boxes(300, color_box(kVendor, 0, {1, 2, 3}));
  boxes.front() = space_box(kGreySpace, 0);
  boxes[1] = profile_color(p3_profile(), kAny);
  const ByteVector file = make_jp2(quarters(1), boxes);
  const auto info = inspect_image(file, Limits{});
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->color_model, ColorModel::kGrey);
  EXPECT_EQ(info->profile, ProfileUse::kNone);
  EXPECT_TRUE(info->has_metadata);
  EXPECT_TRUE(read_file(file, true)->channels.profile.empty());
}

// ISO/IEC 15444-2 M.11.7: the JP2 header has the defaults of all compositing layers.
TEST(Jp2Color, TheFirstLayerOfAJpxFileHasColoursOfItsOwn) {
  const ByteVector codestream = quarters(3);
  const auto file_with = [&](const std::vector<ByteVector>& layers) {
    ByteVector file = of_brand("jpx ", make_jp2(codestream, {space_box(kSrgbSpace, 0)}));
    for (const ByteVector& layer : layers) put_bytes(file, box("jplh", layer));
    return file;
  };
  const ByteVector group = box("cgrp", joined({space_box(kSrgbSpace, 0), color_box(kAny, 1, p3_profile())}));
  const ByteVector other = box("cgrp", space_box(kLabSpace, 0));
  struct Case {
    const char* what;
    ByteVector file;
    ProfileUse use;
  };
  for (const Case& test :
       {Case{"a group", file_with({group}), ProfileUse::kConverted},
        Case{"behind another box", file_with({joined({box("free", {}), group})}), ProfileUse::kConverted},
        Case{"of the first layer", file_with({group, other}), ProfileUse::kConverted},
        Case{"no group", file_with({box("free", {})}), ProfileUse::kNone},
        Case{"a group without colours", file_with({box("cgrp", {})}), ProfileUse::kNone},
        Case{"a group that is cut off", file_with({box("cgrp", {0, 0, 0, 12, 'c', 'o', 'l', 'r', 1})}),
             ProfileUse::kNone},
        Case{"a layer that is rubbish", file_with({{1, 2, 3}}), ProfileUse::kNone}}) {
    const auto info = inspect_image(test.file, Limits{});
    ASSERT_TRUE(info.ok()) << test.what << ": " << info.error().detail;
    EXPECT_EQ(info->profile, test.use) << test.what;
    EXPECT_TRUE(decode(test.file).ok()) << test.what;
  }
}

}  // namespace
}  // namespace netocr::jp2
