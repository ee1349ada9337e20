// Which picture of a TIFF is shown: thumbnails, masks, pages, pictures below others, camera raw.
#include <gtest/gtest.h>

#include <functional>

#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/tiff/tools.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {
namespace {

using namespace netocr::testing;

constexpr std::uint16_t kSubfile = 254;
constexpr std::uint16_t kOldSubfile = 255;
constexpr std::uint16_t kSubDirectories = 330;
constexpr std::uint16_t kDngVersion = 50706;

TiffTag number(double value) { return {TiffType::kLong, {value}}; }

// A page whose size tells it from the others.
struct Page {
  std::uint32_t width, height;
  std::map<std::uint16_t, TiffTag> tags{};
  std::vector<Page> below{};
};

TiffSpec spec_of(const Page& page, bool big) {
  TiffSpec spec = photo_spec(page.width, page.height);
  spec.tags = page.tags;
  spec.big_endian = spec.big_tiff = big;
  const auto photometric = page.tags.find(262);
  if (photometric != page.tags.end() && photometric->second.values[0] == 32803) spec.samples = 1;
  return spec;
}

ByteVector make_file(const std::vector<Page>& pages, bool big = false) {
  TiffWriter writer(spec_of(pages[0], big));
  for (const Page& page : pages) {
    TiffSpec spec = spec_of(page, big);
    std::vector<double> below;
    for (const Page& sub : page.below) below.push_back(writer.sub_page(spec_of(sub, big)));
    if (!below.empty()) spec.tags[kSubDirectories] = {TiffType::kLong, below};
    writer.page(spec);
  }
  return writer.file();
}

// What inspect tells of is what is decoded.
void expect_shown(const ByteVector& file, std::uint32_t width, std::uint32_t height,
                  const std::string& name) {
  const auto info = inspect_image(file, Limits{});
  ASSERT_TRUE(info.ok()) << name;
  EXPECT_TRUE(info->decodable) << name;
  EXPECT_EQ(info->width, width) << name;
  EXPECT_EQ(info->height, height) << name;
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.detail;
  ASSERT_EQ(decoded.planes[0].geometry.width, width) << name;
  ASSERT_EQ(decoded.planes[0].geometry.height, height) << name;
  EXPECT_EQ(decoded.decoded_rows, height) << name;
  const TiffSpec spec = photo_spec(width, height);
  EXPECT_LE(worst_pixel(spec, decoded, as_rgb(spec)), kRgbBound) << name;
}

void expect_raw(const ByteVector& file, std::uint32_t width, std::uint32_t height, const std::string& name) {
  const auto info = inspect_image(file, Limits{});
  ASSERT_TRUE(info.ok()) << name;
  EXPECT_FALSE(info->decodable) << name;
  EXPECT_EQ(info->width, width) << name;
  EXPECT_EQ(info->height, height) << name;
  const Decoded decoded = decode(file);
  EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature) << name;
  EXPECT_NE(decoded.detail.find("camera raw data"), std::string::npos) << decoded.detail;
  EXPECT_NE(decoded.detail.find("export it as JPEG"), std::string::npos) << decoded.detail;
}

const std::map<std::uint16_t, TiffTag> kReducedTag = {{kSubfile, number(1)}};
const std::map<std::uint16_t, TiffTag> kSensorTags = {{262, number(32803)}};

TEST(TiffPages, TheFullPictureOfTheChainAndBelow) {
  struct Case {
    const char* name;
    std::vector<Page> pages;
    std::uint32_t width, height;
  };
  const Case cases[] = {
      {"pages of a scan: the first", {{20, 30}, {20, 30}, {64, 48}}, 20, 30},
      {"pages of one shape: the first", {{32, 24}, {64, 48}}, 32, 24},
      {"a thumbnail behind", {{64, 48}, {8, 6}}, 64, 48},
      {"a thumbnail in front that nothing marks", {{8, 6}, {20, 30}, {64, 48}}, 64, 48},
      {"a small page of a document in front",
       {{8, 6, {{kSubfile, number(2)}}}, {64, 48, {{kSubfile, number(2)}}}},
       8,
       6},
      {"a thumbnail in front", {{8, 6, kReducedTag}, {64, 48}, {20, 30}}, 64, 48},
      {"a thumbnail in front, the largest of the others",
       {{8, 6, kReducedTag}, {20, 30}, {64, 48}, {21, 30}},
       64,
       48},
      {"the old tag", {{8, 6, {{kOldSubfile, number(2)}}}, {20, 30}, {64, 48}}, 64, 48},
      {"a mask in front", {{99, 99, {{kSubfile, number(4)}}}, {64, 48}}, 64, 48},
      {"a thumbnail's mask", {{8, 6, {{kSubfile, number(5)}}}, {64, 48}}, 64, 48},
      {"a depth map", {{99, 99, {{kSubfile, number(8)}}}, {64, 48}}, 64, 48},
      {"pages of a document with a thumbnail",
       {{8, 6, kReducedTag}, {20, 30, {{kSubfile, number(2)}}}, {64, 48, {{kSubfile, number(2)}}}},
       20,
       30},
      {"the same by the old tag",
       {{8, 6, kReducedTag}, {20, 30, {{kOldSubfile, number(3)}}}, {64, 48, {{kOldSubfile, number(3)}}}},
       20,
       30},
      {"the same by page numbers",
       {{8, 6, kReducedTag},
        {20, 30, {{297, {TiffType::kShort, {0, 2}}}}},
        {64, 48, {{297, {TiffType::kShort, {1, 2}}}}}},
       20,
       30},
      {"below a thumbnail", {{8, 6, kReducedTag, {{64, 48}}}}, 64, 48},
      {"the largest below a thumbnail", {{8, 6, kReducedTag, {{20, 30}, {64, 48}, {21, 30}}}}, 64, 48},
      {"a larger page behind what is below a thumbnail", {{8, 6, kReducedTag, {{20, 30}}}, {64, 48}}, 64, 48},
      {"below a picture, larger", {{20, 30, {}, {{64, 48}}}, {99, 99}}, 64, 48},
      {"below a picture, smaller", {{64, 48, {}, {{20, 30}}}}, 64, 48},
      {"a pyramid", {{64, 48, {}, {{32, 24, kReducedTag}, {16, 12, kReducedTag}}}}, 64, 48},
      {"a larger one that is marked", {{20, 30, {}, {{64, 48, kReducedTag}}}}, 20, 30},
      {"nothing but thumbnails: the largest",
       {{8, 6, kReducedTag}, {64, 48, kReducedTag}, {20, 30, kReducedTag}},
       64,
       48},
      {"a thumbnail alone", {{8, 6, kReducedTag}}, 8, 6},
      {"a mask alone", {{8, 6, {{kSubfile, number(4)}}}}, 8, 6},
      {"a thumbnail and a larger mask", {{8, 6, kReducedTag}, {64, 48, {{kSubfile, number(4)}}}}, 8, 6},
      {"a directory without a picture", {{8, 6, kReducedTag}, {0, 6}, {64, 48}}, 64, 48},
  };
  for (const Case& c : cases) {
    for (const bool big : {false, true}) expect_shown(make_file(c.pages, big), c.width, c.height, c.name);
  }
}

TEST(TiffPages, OrientationAndProfileAreThoseOfThePicture) {
  const ByteVector profile = make_icc({"RGB ", kP3Colorants, srgb_curve()});
  const TiffTag icc = {TiffType::kUndefined, {profile.begin(), profile.end()}};
  const TiffTag turned = {TiffType::kShort, {6}};
  const TiffTag upright = {TiffType::kShort, {1}};
  const auto inspected = [](const std::vector<Page>& pages) {
    return *inspect_image(make_file(pages), Limits{});
  };

  const ImageInfo next = inspected({{8, 6, {{kSubfile, number(1)}, {274, turned}, {34675, icc}}}, {64, 48}});
  EXPECT_EQ(next.orientation, 1);
  EXPECT_EQ(next.profile, ProfileUse::kNone);
  const ImageInfo own = inspected({{8, 6, kReducedTag}, {64, 48, {{274, turned}, {34675, icc}}}});
  EXPECT_EQ(own.orientation, 6);
  EXPECT_EQ(own.profile, ProfileUse::kConverted);
  // TIFF/EP and DNG have the camera's orientation in the first directory, for those below it.
  const ImageInfo below =
      inspected({{8, 6, {{kSubfile, number(1)}, {274, turned}, {34675, icc}}, {{64, 48}}}});
  EXPECT_EQ(below.width, 64U);
  EXPECT_EQ(below.orientation, 6);
  EXPECT_EQ(below.profile, ProfileUse::kNone);
  const ImageInfo apart =
      inspected({{8, 6, {{kSubfile, number(1)}, {274, turned}}, {{64, 48, {{274, upright}}}}}});
  EXPECT_EQ(apart.orientation, 1);
}

TEST(TiffPages, CameraRawIsRefusedByName) {
  const std::map<std::uint16_t, TiffTag> dng = {{kSubfile, number(1)}, {kDngVersion, number(0x401)}};
  struct Case {
    const char* name;
    std::vector<Page> pages;
    std::uint32_t width, height;  // of the sensor, or of what there is
  };
  const Case cases[] = {
      {"DNG with a thumbnail", {{8, 6, dng, {{64, 48, kSensorTags}}}}, 64, 48},
      {"no DNG", {{8, 6, kReducedTag, {{64, 48, kSensorTags}}}}, 64, 48},
      {"a thumbnail that is not marked", {{8, 6, {}, {{64, 48, kSensorTags}}}}, 64, 48},
      {"in the chain", {{8, 6}, {64, 48, kSensorTags}}, 64, 48},
      {"alone", {{64, 48, kSensorTags}}, 64, 48},
      {"linear", {{8, 6, {}, {{64, 48, {{262, number(34892)}}}}}}, 64, 48},
      {"Nikon's compression", {{8, 6, kReducedTag, {{64, 48, {{259, number(34713)}}}}}}, 64, 48},
      {"Pentax's compression", {{64, 48, {{259, number(65535)}}}, {8, 6}}, 64, 48},
      {"a preview of less than nine tenths",
       {{8, 6, dng, {{64, 48, kSensorTags}, {57, 48, kReducedTag}, {64, 43, kReducedTag}}}},
       64,
       48},
      {"a mask of the sensor's size",
       {{8, 6, dng, {{64, 48, kSensorTags}, {64, 48, {{kSubfile, number(4)}}}}}},
       64,
       48},
      {"a picture that cannot be decoded",
       {{8, 6, dng, {{64, 48, kSensorTags}, {64, 48, {{259, number(50002)}}}}}},
       64,
       48},
      {"DNG without its sensor data", {{8, 6, dng}}, 8, 6},
  };
  for (const Case& c : cases) {
    for (const bool big : {false, true}) expect_raw(make_file(c.pages, big), c.width, c.height, c.name);
  }
  // Canon's mark is in front of the first directory.
  TiffWriter writer{photo_spec(64, 48)};
  writer.blob({'C', 'R', 2, 0, 0, 0, 0, 0});
  writer.page(photo_spec(64, 48));
  expect_raw(writer.file(), 64, 48, "CR2");
}

TEST(TiffPages, ACamerasOwnPictureOfTheSensorsSizeIsTaken) {
  const std::map<std::uint16_t, TiffTag> dng = {{kSubfile, number(1)}, {kDngVersion, number(0x401)}};
  expect_shown(
      make_file({{8, 6, dng, {{64, 48, kSensorTags}, {64, 48, kReducedTag}, {16, 12, kReducedTag}}}}), 64, 48,
      "marked as reduced");
  expect_shown(make_file({{8, 6, dng, {{68, 50, kSensorTags}, {64, 46, kReducedTag}}}}), 64, 46, "cut");
  expect_shown(make_file({{64, 48, {{kDngVersion, number(0x401)}}, {{64, 48, kSensorTags}}}}), 64, 48,
               "first");
  expect_shown(make_file({{64, 48, {{kDngVersion, number(0x401)}}}}), 64, 48, "a TIFF that says it is a DNG");
}

TEST(TiffPages, AThumbnailIsNotShownForAPictureThatIsMissing) {
  TiffSpec thumbnail = photo_spec(8, 6);
  thumbnail.tags[kSubfile] = number(1);
  thumbnail.tags[kSubDirectories] = number(1e9);
  const ByteVector file = make_tiff(thumbnail);
  EXPECT_EQ(decode(file).error, ErrorCode::kCorruptImage);
  EXPECT_FALSE(inspect_image(file, Limits{}).ok());
  // So it is where the file ends before the next directory does.
  const ByteVector whole = make_file({{8, 6, kReducedTag}, {64, 48}});
  const ByteVector cut(whole.begin(), whole.end() - 40);
  EXPECT_EQ(decode(cut).error, ErrorCode::kCorruptImage);
}

TEST(TiffPages, LoopsAndEndlessListsEnd) {
  // A directory of which the next is itself, by the chain and by SubIFDs.
  TiffSpec spec = photo_spec(8, 6);
  spec.tags[kSubfile] = number(1);
  ByteVector chain = make_tiff(spec);
  std::copy(chain.begin() + 4, chain.begin() + 8, chain.end() - 4);
  expect_shown(chain, 8, 6, "chain");
  // maker.hpp puts the directory behind the pixels and values: with one more tag its place is the same.
  spec.tags[kSubDirectories] = number(0);
  const auto start = read_tiff_start(make_tiff(spec));
  ASSERT_TRUE(start.ok());
  spec.tags[kSubDirectories] = number(static_cast<double>(start->directory));
  expect_shown(make_tiff(spec), 8, 6, "below itself");
  spec.tags[kSubDirectories] = {TiffType::kLong, std::vector<double>(100'000, 8)};
  EXPECT_EQ(decode(make_tiff(spec)).error, ErrorCode::kCorruptImage);

  // Of many thumbnails and one picture behind them, as far as the walk goes.
  for (const std::size_t count : {63U, 64U}) {
    std::vector<Page> pages(count, Page{8, 6, kReducedTag});
    pages.push_back({64, 48});
    expect_shown(make_file(pages), count < 64 ? 64 : 8, count < 64 ? 48 : 6, std::to_string(count));
  }
}

}  // namespace
}  // namespace netocr::tiff
