// What is said of PNG files.
#include "image/png/open.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/profile_seen.hpp"

namespace netocr::testing {
namespace {

using std::string_literals::operator""s;

TEST(InspectPng, TellsAllOfTheHeader) {
  struct Case {
    std::uint8_t color_type, depth;
    ColorModel model;
    bool alpha;
  };
  const Case cases[] = {{0, 1, ColorModel::kGrey, false}, {0, 16, ColorModel::kGrey, false},
                        {2, 8, ColorModel::kRgb, false},  {3, 4, ColorModel::kPalette, false},
                        {4, 8, ColorModel::kGrey, true},  {6, 16, ColorModel::kRgb, true}};
  for (const Case& c : cases) {
    for (const bool interlaced : {false, true}) {
      PngSpec spec = png_spec(c.color_type, c.depth, 31, 17);
      spec.interlaced = interlaced;
      const ImageInfo info = must_inspect(make_png(spec));
      EXPECT_EQ(info.format, ImageFormat::kPng);
      EXPECT_EQ(info.width, 31U);
      EXPECT_EQ(info.height, 17U);
      EXPECT_EQ(info.bits_per_sample, c.depth);
      EXPECT_EQ(info.color_model, c.model);
      EXPECT_EQ(info.has_alpha, c.alpha);
      EXPECT_EQ(info.progressive, interlaced);
      EXPECT_FALSE(info.has_metadata);
      EXPECT_TRUE(info.decodable);
      EXPECT_EQ(info.warnings, 0U);
    }
  }
  PngSpec keyed = png_spec(2, 8, 4, 4);
  keyed.transparency = {0, 1, 0, 2, 0, 3};
  EXPECT_TRUE(must_inspect(make_png(keyed)).has_alpha);
}

TEST(InspectPng, TellsMetadataAndOrientation) {
  struct Case {
    const char* type;
    ByteVector data;
    bool metadata;
  };
  ExifSpec exif;
  const Case cases[] = {{"sRGB", {0}, false},
                        {"gAMA", {0, 0, 0xb1, 0x8f}, true},
                        {"tEXt", {'a', 0, 'b'}, true},
                        {"eXIf", make_exif(exif), true},
                        {"pHYs", ByteVector(9, 1), true},
                        {"zzZz", {}, true},
                        {"acTL", ByteVector(8, 0), true}};
  for (const Case& c : cases) {
    PngSpec spec = png_spec(2, 8, 8, 8);
    spec.before_data = png_chunk(c.type, c.data);
    EXPECT_EQ(must_inspect(make_png(spec)).has_metadata, c.metadata) << c.type;
    spec = png_spec(2, 8, 8, 8);
    spec.after_data = png_chunk(c.type, c.data);
    const ImageInfo info = must_inspect(make_png(spec));
    EXPECT_EQ(info.has_metadata, c.metadata) << c.type;
    EXPECT_EQ(info.orientation, c.type == "eXIf"s ? 6 : 1);
  }
  ByteVector trailed = make_png(png_spec(2, 8, 8, 8));
  trailed.push_back(0);
  EXPECT_TRUE(must_inspect(trailed).has_metadata);
}

// As browsers: the first eXIf chunk with the right CRC counts.
TEST(InspectPng, ADamagedOrientationDoesNotCount) {
  const ByteVector right = png_chunk("eXIf", make_exif(ExifSpec{}));
  ByteVector damaged = right;
  damaged.back() ^= 1;
  PngSpec spec = png_spec(2, 8, 8, 8);
  spec.before_data = damaged;
  EXPECT_EQ(must_inspect(make_png(spec)).orientation, 1);
  EXPECT_TRUE(must_inspect(make_png(spec)).has_metadata);
  append(spec.before_data, right);
  EXPECT_EQ(must_inspect(make_png(spec)).orientation, 6);
}

// As exiftool reads it.
TEST(InspectPng, ExifMayHaveTheNameOfJpegsSegment) {
  const ByteVector tiff = make_exif({});
  for (const ByteVector& name : {ByteVector{}, {'E', 'x', 'i', 'f', 0, 0}, {'E', 'x', 'i', 'f', 0, 0xff}}) {
    PngSpec spec = png_spec(2, 8, 8, 8);
    ByteVector data = name;
    data.insert(data.end(), tiff.begin(), tiff.end());
    spec.before_data = png_chunk("eXIf", data);
    EXPECT_EQ(must_inspect(make_png(spec)).orientation, 6) << name.size();
  }
}

ByteVector profile_chunk(const ByteVector& profile) {
  ByteVector data = {'n', 'a', 'm', 'e', 0, 0};
  append(data, png_maker::deflate(profile));
  return png_chunk("iCCP", data);
}

// A profile of many tags that nobody asks for.
ByteVector long_profile(std::size_t size) {
  ByteVector profile = named_p3();
  profile.resize(size);
  return profile;
}

TEST(InspectPng, TellsTheProfile) {
  const auto cicp = [](std::uint8_t primaries, std::uint8_t transfer) {
    return png_chunk("cICP", {primaries, transfer, 0, 1});
  };
  const ByteVector gamma_1 = png_chunk("gAMA", {0, 1, 0x86, 0xa0});
  const ByteVector srgb = png_chunk("sRGB", {0});
  const ByteVector p3 = profile_chunk(named_p3());
  ByteVector damaged = p3;
  damaged[30] ^= 0xff;
  const ProfileSeen seen_srgb{ProfileUse::kSrgb, "", false};
  const ProfileSeen seen_converted{ProfileUse::kConverted, "", false};
  struct Case {
    const char* name;
    std::vector<ByteVector> chunks;
    ProfileSeen seen;
  };
  const Case cases[] = {
      {"nothing", {}, kNoProfile},
      {"sRGB", {srgb}, kNoProfile},
      {"an sRGB profile", {profile_chunk(srgb_profile())}, seen_srgb},
      {"Display P3", {p3}, kSeenP3},
      {"4 MiB", {profile_chunk(long_profile(4U << 20))}, kSeenP3},
      {"more than 4 MiB", {profile_chunk(long_profile((4U << 20) + 1))}, kSeenIgnored},
      {"damaged", {damaged}, kSeenIgnored},
      {"no profile", {png_chunk("iCCP", {'n', 0})}, kSeenIgnored},
      {"no name", {png_chunk("iCCP", ByteVector(200, 'n'))}, kSeenIgnored},
      {"unknown compression", {png_chunk("iCCP", {'n', 0, 1, 2, 3})}, kSeenIgnored},
      {"gamma 1", {gamma_1}, seen_converted},
      {"gamma of sRGB", {png_chunk("gAMA", {0, 0, 0xb1, 0x8f})}, kNoProfile},
      {"gamma beside sRGB", {gamma_1, srgb}, kNoProfile},
      {"gamma beside a profile", {gamma_1, p3}, kSeenP3},
      {"cICP of sRGB", {cicp(1, 13)}, seen_srgb},
      {"cICP of Display P3", {cicp(12, 13)}, seen_converted},
      {"cICP of linear BT.2020", {cicp(9, 8)}, seen_converted},
      {"cICP goes first", {p3, cicp(1, 13)}, seen_srgb},
      {"cICP of PQ", {cicp(9, 16)}, kSeenIgnored},
      {"cICP of nothing known", {cicp(200, 13)}, kSeenIgnored},
  };
  for (const Case& c : cases) {
    PngSpec spec = png_spec(2, 8, 8, 8);
    for (const ByteVector& chunk : c.chunks) append(spec.before_data, chunk);
    EXPECT_EQ(profile_of(make_png(spec)), c.seen) << c.name;
  }
}

TEST(InspectPng, AGreyPictureTakesEitherKind) {
  for (const ByteVector& profile : {make_icc({"GRAY", {}, gamma_curve(1.8)}), p3_profile()}) {
    PngSpec spec = png_spec(0, 8, 8, 8);
    spec.before_data = profile_chunk(profile);
    EXPECT_EQ(must_inspect(make_png(spec)).profile, ProfileUse::kConverted);
  }
}

TEST(InspectPng, WarnsOfAMissingEnd) {
  const ByteVector file = make_png(png_spec(2, 8, 8, 8));
  EXPECT_EQ(must_inspect(Bytes(file).first(file.size() - 12)).warnings, kWarnTruncated);
  EXPECT_EQ(must_inspect(Bytes(file).first(file.size() - 20)).warnings, kWarnTruncated);
}

}  // namespace
}  // namespace netocr::testing
