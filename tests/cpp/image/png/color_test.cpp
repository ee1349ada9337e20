// Which colour chunk of a PNG counts, and what the colours become: against Little CMS (by ImageMagick's
// convert) here, against Chromium in tests/browser/png-colors.test.mjs.
#include "image/png/color.hpp"

#include <gtest/gtest.h>

#include "cpp/image/joined.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"
#include "image/meta/image_info.hpp"
#include "image/prepare.hpp"
#include "image/scale/color_profile.hpp"

namespace netocr::png {
namespace {

using namespace netocr::testing;

ByteVector words(const std::vector<std::uint32_t>& values) {
  ByteVector data;
  for (const std::uint32_t value : values) png_maker::put32(data, value);
  return data;
}
ByteVector gamma(std::uint32_t value) { return png_chunk("gAMA", words({value})); }
ByteVector primaries(const std::vector<std::uint32_t>& xy) { return png_chunk("cHRM", words(xy)); }
ByteVector cicp(std::uint8_t primaries, std::uint8_t transfer, std::uint8_t matrix = 0,
                std::uint8_t full = 1) {
  return png_chunk("cICP", {primaries, transfer, matrix, full});
}
ByteVector embedded(const ByteVector& profile) {
  ByteVector data = {'n', 0, 0};
  append(data, png_maker::deflate(profile));
  return png_chunk("iCCP", data);
}
ByteVector with_wrong_crc(ByteVector chunk) {
  chunk.back() ^= 0x55;
  return chunk;
}

const std::vector<std::uint32_t> kSrgb = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};
const std::vector<std::uint32_t> kP3 = {31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000};
const std::vector<std::uint32_t> kAdobe = {31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000};
const std::vector<std::uint32_t> kProPhoto = {34570, 35850, 73470, 26530, 15960, 84040, 3660, 10};

struct Chunks {
  ByteVector first;
  ByteVector behind_palette = {};
  ByteVector behind_data = {};
};

// What inspect_image says of an RGB (or grey) PNG with these chunks.
ImageInfo info_of(const Chunks& chunks, std::uint8_t color_type = 2) {
  const PngSpec spec = png_spec(color_type, 8, 8, 8);
  ByteVector file = png_signature();
  append(file, png_header_chunk(spec));
  append(file, chunks.first);
  if (!chunks.behind_palette.empty()) {
    append(file, png_chunk("PLTE", {1, 2, 3}));
    append(file, chunks.behind_palette);
  }
  append(file, png_chunk("IDAT", png_data(spec)));
  append(file, chunks.behind_data);
  append(file, png_chunk("IEND", {}));
  const auto info = inspect_image(file, Limits{});
  EXPECT_TRUE(info.ok());
  EXPECT_EQ((info->warnings & kWarnProfileIgnored) != 0, info->profile == ProfileUse::kIgnored);
  return *info;
}

struct Case {
  const char* name;
  Chunks chunks;
  ProfileUse use;
};

void expect_uses(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(info_of(c.chunks).profile, c.use) << c.name;
}

TEST(PngColor, GammaAndPrimariesAreAProfile) {
  const auto changed = [](std::size_t index, std::uint32_t value) {
    std::vector<std::uint32_t> xy = kP3;
    xy[index] = value;
    return primaries(xy);
  };
  const ByteVector usual = gamma(45455);
  expect_uses({
      {"sRGB", {joined({usual, primaries(kSrgb)})}, ProfileUse::kSrgb},
      {"Display P3", {joined({usual, primaries(kP3)})}, ProfileUse::kConverted},
      {"the other order", {joined({primaries(kAdobe), usual})}, ProfileUse::kConverted},
      {"linear sRGB", {joined({gamma(100'000), primaries(kSrgb)})}, ProfileUse::kConverted},
      {"gamma alone, 2.2", {usual}, ProfileUse::kNone},
      {"gamma alone, 5 % below", {gamma(43'182)}, ProfileUse::kNone},
      {"gamma alone, more below", {gamma(43'181)}, ProfileUse::kConverted},
      {"gamma alone, 5 % above", {gamma(47'727)}, ProfileUse::kNone},
      {"gamma alone, more above", {gamma(47'728)}, ProfileUse::kConverted},
      {"gamma alone, 1.8", {gamma(55'556)}, ProfileUse::kConverted},
      {"gamma of power 10", {gamma(10'000)}, ProfileUse::kConverted},
      {"gamma beyond it", {gamma(9999)}, ProfileUse::kIgnored},
      {"gamma of power 1/10", {gamma(1'000'000)}, ProfileUse::kConverted},
      {"gamma below it", {gamma(1'000'001)}, ProfileUse::kIgnored},
      {"gamma 0", {gamma(0)}, ProfileUse::kIgnored},
      {"gamma 2^32 - 1", {joined({gamma(0xffff'ffff), primaries(kP3)})}, ProfileUse::kIgnored},
      {"sRGB's primaries alone", {primaries(kSrgb)}, ProfileUse::kSrgb},
      {"other primaries alone", {primaries(kP3)}, ProfileUse::kIgnored},
      {"gamma 0 with primaries", {joined({gamma(0), primaries(kP3)})}, ProfileUse::kIgnored},
      {"primaries of 0", {joined({usual, primaries(std::vector<std::uint32_t>(8))})}, ProfileUse::kIgnored},
      {"white on no height", {joined({usual, changed(1, 0)})}, ProfileUse::kIgnored},
      {"white outside", {joined({usual, changed(0, 90'000)})}, ProfileUse::kIgnored},
      {"red twice",
       {joined({usual, primaries({31270, 32900, 1, 1, 1, 1, 15000, 6000})})},
       ProfileUse::kIgnored},
      {"red beyond", {joined({usual, changed(2, 0xffff'ffff)})}, ProfileUse::kIgnored},
  });
}

TEST(PngColor, TheFirstThatCanBeUsedCounts) {
  const ByteVector p3 = embedded(p3_profile());
  const ByteVector srgb_icc = embedded(srgb_profile());
  const ByteVector srgb = png_chunk("sRGB", {0});
  const ByteVector described = joined({gamma(45455), primaries(kP3)});
  const ByteVector tables = embedded(make_icc({"CMYK", kP3Colorants, srgb_curve()}));
  const ByteVector grey = embedded(make_icc({"GRAY", {}, gamma_curve(1.8)}));
  const ByteVector text = png_chunk("iCCP", {'n', 0, 0, 'x', 'y'});
  expect_uses({
      {"cICP before iCCP", {joined({p3, cicp(1, 13)})}, ProfileUse::kSrgb},
      {"unknown cICP, iCCP", {joined({cicp(200, 13), p3, srgb})}, ProfileUse::kConverted},
      {"unknown transfer, iCCP", {joined({cicp(1, 200), p3})}, ProfileUse::kConverted},
      {"PQ, iCCP", {joined({cicp(9, 16), srgb_icc})}, ProfileUse::kSrgb},
      {"HLG, iCCP", {joined({cicp(9, 18), p3})}, ProfileUse::kConverted},
      {"narrow range, iCCP", {joined({cicp(1, 13, 0, 0), p3})}, ProfileUse::kConverted},
      {"a matrix, iCCP", {joined({cicp(1, 13, 1, 1), p3})}, ProfileUse::kConverted},
      {"unknown cICP, sRGB", {joined({cicp(200, 13), srgb, described})}, ProfileUse::kNone},
      {"unknown cICP, gAMA", {joined({cicp(200, 13), described})}, ProfileUse::kConverted},
      {"unknown cICP, damaged iCCP, gAMA",
       {joined({cicp(200, 13), text, described})},
       ProfileUse::kConverted},
      {"only an unknown cICP", {cicp(200, 13)}, ProfileUse::kIgnored},
      {"only PQ", {cicp(9, 16)}, ProfileUse::kIgnored},
      {"PQ and a gamma that says nothing", {joined({cicp(9, 16), gamma(45455)})}, ProfileUse::kIgnored},
      {"iCCP before sRGB", {joined({srgb, p3})}, ProfileUse::kConverted},
      {"iCCP before gAMA", {joined({srgb_icc, described})}, ProfileUse::kSrgb},
      {"damaged iCCP, sRGB", {joined({text, srgb})}, ProfileUse::kNone},
      {"damaged iCCP, gAMA", {joined({text, described})}, ProfileUse::kConverted},
      {"damaged iCCP, gAMA that says nothing", {joined({text, gamma(45455)})}, ProfileUse::kIgnored},
      {"damaged iCCP, gAMA 0", {joined({text, gamma(0)})}, ProfileUse::kIgnored},
      {"iCCP of another kind, sRGB", {joined({tables, srgb})}, ProfileUse::kNone},
      {"iCCP of another kind, gAMA", {joined({tables, described})}, ProfileUse::kConverted},
      {"iCCP of another kind", {tables}, ProfileUse::kIgnored},
      {"grey iCCP of a colour picture, gAMA", {joined({grey, described})}, ProfileUse::kConverted},
      {"sRGB before gAMA", {joined({described, srgb})}, ProfileUse::kNone},
      {"the first iCCP", {joined({p3, srgb_icc})}, ProfileUse::kConverted},
      {"the first gAMA", {joined({gamma(45455), gamma(100'000)})}, ProfileUse::kNone},
  });
  EXPECT_EQ(info_of({joined({grey, described})}, 0).profile, ProfileUse::kConverted);
}

// A chunk of wrong CRC, length or place is an error in an ancillary chunk (PNG specification, 13.1): what it
// says is not used.
TEST(PngColor, DamagedAndMisplacedChunksDoNotCount) {
  const ByteVector p3 = embedded(p3_profile());
  const ByteVector srgb = png_chunk("sRGB", {0});
  const ByteVector described = joined({gamma(45455), primaries(kP3)});
  expect_uses({
      {"iCCP, wrong CRC", {with_wrong_crc(p3)}, ProfileUse::kIgnored},
      {"iCCP, wrong CRC, sRGB", {joined({with_wrong_crc(p3), srgb})}, ProfileUse::kNone},
      {"iCCP, wrong CRC, gAMA", {joined({with_wrong_crc(p3), described})}, ProfileUse::kConverted},
      {"iCCP, wrong CRC, then a right one", {joined({with_wrong_crc(p3), p3})}, ProfileUse::kConverted},
      {"iCCP behind PLTE", {{}, p3}, ProfileUse::kIgnored},
      {"iCCP behind IDAT", {{}, {}, p3}, ProfileUse::kIgnored},
      {"iCCP behind IDAT, sRGB", {srgb, {}, p3}, ProfileUse::kNone},
      {"iCCP without data", {png_chunk("iCCP", {})}, ProfileUse::kIgnored},
      {"cICP, wrong CRC", {with_wrong_crc(cicp(12, 13))}, ProfileUse::kIgnored},
      {"cICP, wrong CRC, iCCP", {joined({with_wrong_crc(cicp(1, 13)), p3})}, ProfileUse::kConverted},
      {"cICP behind PLTE", {{}, cicp(12, 13)}, ProfileUse::kIgnored},
      {"cICP behind PLTE, iCCP", {p3, cicp(1, 13)}, ProfileUse::kConverted},
      {"cICP behind IDAT, iCCP", {p3, {}, cicp(1, 13)}, ProfileUse::kConverted},
      {"cICP of 3 bytes, iCCP", {joined({png_chunk("cICP", {1, 13, 0}), p3})}, ProfileUse::kConverted},
      {"cICP of 5 bytes, iCCP", {joined({png_chunk("cICP", {1, 13, 0, 1, 0}), p3})}, ProfileUse::kConverted},
      {"sRGB, wrong CRC", {with_wrong_crc(srgb)}, ProfileUse::kNone},
      {"sRGB, wrong CRC, gAMA", {joined({with_wrong_crc(srgb), described})}, ProfileUse::kConverted},
      {"sRGB of 2 bytes, gAMA", {joined({png_chunk("sRGB", {0, 0}), described})}, ProfileUse::kConverted},
      {"gAMA, wrong CRC", {joined({with_wrong_crc(gamma(100'000)), primaries(kSrgb)})}, ProfileUse::kSrgb},
      {"gAMA of 3 bytes", {png_chunk("gAMA", {0, 1, 0x86})}, ProfileUse::kIgnored},
      {"gAMA behind IDAT", {{}, {}, gamma(100'000)}, ProfileUse::kIgnored},
      {"cHRM of 31 bytes", {png_chunk("cHRM", ByteVector(31, 1))}, ProfileUse::kIgnored},
      {"cHRM, wrong CRC", {joined({gamma(100'000), with_wrong_crc(primaries(kP3))})}, ProfileUse::kConverted},
  });
}

TEST(PngColor, TheProfileThatIsNotUsedIsNamed) {
  ByteVector tables = make_icc({"CMYK", kP3Colorants, srgb_curve()});
  tables = with_icc_tag(tables, "desc", description("Press"));
  const ImageInfo info = info_of({embedded(tables)});
  EXPECT_EQ(info.profile, ProfileUse::kIgnored);
  EXPECT_EQ(info.profile_name.text(), "Press");
}

// --- the colours ---

constexpr std::uint32_t kPatch = 32;
constexpr std::array<std::array<std::uint8_t, 3>, 6> kColors = {
    {{200, 40, 40}, {40, 180, 60}, {60, 60, 200}, {220, 200, 60}, {128, 128, 128}, {24, 16, 12}}};

PngSpec patches() {
  PngSpec spec;
  spec.width = kColors.size() * kPatch;
  spec.height = kPatch;
  spec.sample = [](std::uint32_t x, std::uint32_t, std::uint32_t channel) {
    return std::uint32_t{kColors[x / kPatch][channel]};
  };
  return spec;
}

// The middles of the patches after prepare_image.
std::vector<std::array<int, 3>> prepared_colors(const PngSpec& spec) {
  PrepareOptions options;
  options.min_quality = 90;
  const auto prepared = prepare_image(make_png(spec), options);
  EXPECT_TRUE(prepared.ok());
  EXPECT_EQ(prepared->source.profile, ProfileUse::kConverted);
  EXPECT_EQ(prepared->warnings, 0U);
  const Pnm shown = ask("djpeg -pnm -rgb @", prepared->bytes.span());
  std::vector<std::array<int, 3>> colors;
  for (std::uint32_t x = kPatch / 2; x < spec.width; x += kPatch)
    colors.push_back({shown.at(x, kPatch / 2, 0), shown.at(x, kPatch / 2, 1), shown.at(x, kPatch / 2, 2)});
  return colors;
}

TEST(PngColor, ColoursAreThoseOfTheSameProfile) {
  struct Space {
    const char* name;
    std::uint32_t gamma;
    const std::vector<std::uint32_t>& xy;
    ByteVector icc;
  };
  const std::vector<Space> spaces = {
      {"Display P3, 2.2", 45455, kP3, make_icc({"RGB ", kP3Colorants, gamma_curve(2.2)})},
      {"Adobe RGB", 45455, kAdobe, make_icc({"RGB ", kAdobeColorants, gamma_curve(2.2)})},
      {"ProPhoto RGB", 55556, kProPhoto, make_icc({"RGB ", kProPhotoColorants, gamma_curve(1.8)})},
      {"linear sRGB", 100'000, kSrgb, make_icc({"RGB ", kSrgbColorants, gamma_curve(1)})},
  };
  const TemporaryFile to(srgb_profile());
  for (const Space& space : spaces) {
    PngSpec spec = patches();
    const ByteVector plain = make_png(spec);
    spec.before_data = joined({gamma(space.gamma), primaries(space.xy)});
    const auto colors = prepared_colors(spec);
    const TemporaryFile from(space.icc);
    const Pnm expected = ask(std::string("convert png:@ -intent relative -profile icc:") + from.path() +
                                 " -profile icc:" + to.path() + " -depth 8 ppm:-",
                             plain);
    for (std::uint32_t i = 0; i < colors.size(); ++i) {
      for (std::uint32_t c = 0; c < 3; ++c) {
        const int wanted = expected.at(i * kPatch + kPatch / 2, kPatch / 2, c);
        EXPECT_NEAR(colors[i][c], wanted, 5) << space.name << ' ' << i << ' ' << c;
      }
    }
  }
}

// Chromium 156 shows these.
TEST(PngColor, ColoursAreThoseOfABrowser) {
  using Colors = std::vector<std::array<int, 3>>;
  const auto expect_near = [](const Colors& colors, const Colors& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(colors[i][c], expected[i][c], 8) << i << ' ' << c;
    }
  };
  PngSpec spec = patches();
  spec.before_data = joined({gamma(45455), primaries(kP3)});
  expect_near(prepared_colors(spec), {{220, 0, 18}, {0, 185, 23}, {57, 57, 209}, {225, 200, 0}});
  spec.before_data = joined({primaries(kAdobe), gamma(45455)});
  expect_near(prepared_colors(spec), {{233, 35, 35}, {0, 181, 42}, {57, 57, 205}, {228, 201, 37}});
  spec.before_data = gamma(100'000);
  expect_near(prepared_colors(spec), {{229, 110, 110}, {110, 219, 133}, {133, 133, 229}, {239, 229, 133}});
}

TEST(PngColor, GreyIsConvertedByTheGamma) {
  PngSpec spec = patches();
  spec.color_type = 0;
  spec.before_data = gamma(100'000);
  PrepareOptions options;
  options.min_quality = 90;
  const auto prepared = prepare_image(make_png(spec), options);
  ASSERT_TRUE(prepared.ok());
  EXPECT_EQ(prepared->source.profile, ProfileUse::kConverted);
  const Pnm shown = ask("djpeg -pnm @", prepared->bytes.span());
  EXPECT_NEAR(shown.at(kPatch / 2, kPatch / 2, 0), 229, 2);
  EXPECT_NEAR(shown.at(kPatch + kPatch / 2, kPatch / 2, 0), 110, 2);
}

}  // namespace
}  // namespace netocr::png
