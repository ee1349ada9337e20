// What is said of JPEG files.
#include "image/jpeg/open.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cpp/image/joined.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/profile_seen.hpp"

namespace netocr::testing {
namespace {

using std::string_literals::operator""s;

std::string text_of(const ByteVector& bytes) { return {bytes.begin(), bytes.end()}; }

ByteVector exif_segment(std::uint32_t orientation) {
  ExifSpec spec;
  spec.value = orientation;
  return segment(0xe1, "Exif\0\0"s + text_of(make_exif(spec)));
}

TEST(InspectJpeg, TellsTheColourModel) {
  struct Case {
    J_COLOR_SPACE space;
    std::size_t components;
    bool jfif, adobe;
    ColorModel model;
  };
  const Case cases[] = {
      {JCS_GRAYSCALE, 1, true, false, ColorModel::kGrey}, {JCS_YCbCr, 3, true, false, ColorModel::kYcbcr},
      {JCS_YCbCr, 3, false, false, ColorModel::kYcbcr},   {JCS_YCbCr, 3, false, true, ColorModel::kYcbcr},
      {JCS_RGB, 3, false, true, ColorModel::kRgb},        {JCS_RGB, 3, false, false, ColorModel::kRgb},
      {JCS_CMYK, 4, false, true, ColorModel::kCmyk},      {JCS_CMYK, 4, false, false, ColorModel::kCmyk},
      {JCS_YCCK, 4, false, true, ColorModel::kYcck}};
  for (const Case& c : cases) {
    JpegSpec spec = color_spec(33, 21);
    spec.space = c.space;
    spec.factors.assign(c.components, {1, 1});
    spec.jfif = c.jfif;
    spec.adobe = c.adobe;
    const ImageInfo info = must_inspect(make_jpeg(spec));
    EXPECT_EQ(info.color_model, c.model) << color_model_name(info.color_model);
    EXPECT_EQ(info.format, ImageFormat::kJpeg);
    EXPECT_EQ(info.width, 33U);
    EXPECT_EQ(info.height, 21U);
    EXPECT_EQ(info.bits_per_sample, 8);
    EXPECT_FALSE(info.has_alpha);
    EXPECT_FALSE(info.has_metadata) << color_model_name(c.model);
    EXPECT_FALSE(info.progressive);
    EXPECT_TRUE(info.decodable);
    EXPECT_EQ(info.orientation, 1);
    EXPECT_EQ(info.warnings, 0U);
  }
}

TEST(InspectJpeg, TellsProgressive) {
  JpegSpec spec = color_spec(33, 21);
  spec.progressive = true;
  for (const bool arithmetic : {false, true}) {
    spec.arithmetic = arithmetic;
    EXPECT_TRUE(must_inspect(make_jpeg(spec)).progressive);
  }
}

TEST(InspectJpeg, TellsMetadata) {
  const ByteVector plain = make_jpeg(color_spec(16, 16));
  const auto jfif_body = [&] {  // of the file's own APP0
    return std::string(plain.begin() + 6, plain.begin() + 20);
  };
  struct Case {
    const char* name;
    ByteVector file;
    bool metadata;
  };
  std::string thumbnail = jfif_body();
  thumbnail[12] = thumbnail[13] = 1;
  ByteVector trailed = plain;
  trailed.push_back(0);
  ByteVector late_comment = plain;
  const ByteVector comment = segment(0xfe, "after the scan");
  late_comment.insert(late_comment.end() - 2, comment.begin(), comment.end());
  const Case cases[] = {
      {"plain", plain, false},
      {"Adobe", with_segment(plain, segment(0xee, "Adobe\0\x64\0\0\0\0\1"s)), false},
      {"second plain JFIF", with_segment(plain, segment(0xe0, jfif_body())), false},
      {"APP14 of others", with_segment(plain, segment(0xee, "other")), true},
      {"JFIF thumbnail", with_segment(plain, segment(0xe0, thumbnail + "rgb")), true},
      {"JFXX", with_segment(plain, segment(0xe0, "JFXX\0\x10"s)), true},
      {"EXIF", with_segment(plain, exif_segment(1)), true},
      {"XMP", with_segment(plain, segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>"s)), true},
      {"IPTC", with_segment(plain, segment(0xed, "Photoshop 3.0\0"s)), true},
      {"ICC", with_segment(plain, segment(0xe2, "ICC_PROFILE\0\1\1"s + text_of(srgb_profile()))), true},
      {"comment", with_segment(plain, segment(0xfe, "made by")), true},
      {"comment after the scan", late_comment, true},
      {"trailer", trailed, true},
  };
  for (const Case& c : cases) {
    const ImageInfo info = must_inspect(c.file);
    EXPECT_EQ(info.has_metadata, c.metadata) << c.name;
    EXPECT_EQ(info.warnings, 0U) << c.name;
  }
}

TEST(InspectJpeg, TellsOrientation) {
  const ByteVector plain = make_jpeg(color_spec(16, 24));
  for (std::uint32_t orientation = 1; orientation <= 8; ++orientation) {
    const ImageInfo info = must_inspect(with_segment(plain, exif_segment(orientation)));
    EXPECT_EQ(info.orientation, orientation);
    EXPECT_EQ(info.width, 16U);  // as stored
  }
  // The first EXIF segment counts, XMP in front of it does not.
  ByteVector two = with_segment(with_segment(plain, exif_segment(3)), exif_segment(8));
  two = with_segment(two, segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>"s));
  EXPECT_EQ(must_inspect(two).orientation, 8);
  EXPECT_EQ(must_inspect(with_segment(plain, segment(0xe1, "Exif\0\0MM\0*\0\0"s))).orientation, 1);
}

ByteVector icc_segment(const std::string& numbers, std::string_view part) {
  return segment(0xe2, "ICC_PROFILE\0"s + numbers + std::string(part));
}

TEST(InspectJpeg, TellsTheProfile) {
  const ByteVector plain = make_jpeg(color_spec(16, 16));
  EXPECT_EQ(profile_of(plain), kNoProfile);
  const auto one_segment = [&](const ByteVector& profile) {
    return profile_of(with_segment(plain, icc_segment("\1\1", text_of(profile))));
  };
  EXPECT_EQ(one_segment(srgb_profile()), (ProfileSeen{ProfileUse::kSrgb, "", false}));
  EXPECT_EQ(one_segment(named_p3()), kSeenP3);
  EXPECT_EQ(one_segment(make_icc({"CMYK", kP3Colorants, srgb_curve()})), kSeenIgnored);
  EXPECT_EQ(one_segment(make_icc({"GRAY", {}, gamma_curve(1.8)})), kSeenIgnored);  // of a colour picture
  EXPECT_EQ(one_segment({1, 2, 3}), kSeenIgnored);
}

TEST(InspectJpeg, PutsTheProfileTogetherFromItsSegments) {
  const ByteVector plain = make_jpeg(color_spec(16, 16));
  const std::string whole = text_of(named_p3());
  const std::string parts[] = {whole.substr(0, 200), whole.substr(200, 1), whole.substr(201)};
  const auto part = [&](std::size_t index, char number, char count) {
    return icc_segment({number, count}, parts[index]);
  };
  struct Case {
    const char* name;
    std::vector<ByteVector> segments;
    ProfileSeen seen;
  };
  const Case cases[] = {
      {"in order", {part(0, 1, 3), part(1, 2, 3), part(2, 3, 3)}, kSeenP3},
      {"in another order", {part(2, 3, 3), part(0, 1, 3), part(1, 2, 3)}, kSeenP3},
      {"one missing", {part(0, 1, 3), part(2, 3, 3)}, kSeenIgnored},
      {"one twice", {part(0, 1, 3), part(1, 2, 3), part(1, 2, 3), part(2, 3, 3)}, kSeenIgnored},
      {"two counts", {part(0, 1, 3), part(1, 2, 2), part(2, 3, 3)}, kSeenIgnored},
      {"counted from 0", {part(0, 0, 3), part(1, 1, 3), part(2, 2, 3)}, kSeenIgnored},
      {"one too many", {part(0, 1, 2), part(1, 2, 2), part(2, 3, 2)}, kSeenIgnored},
      {"no numbers", {segment(0xe2, "ICC_PROFILE\0"s)}, kSeenIgnored},
  };
  for (const Case& c : cases) {
    ByteVector all;
    for (const ByteVector& one : c.segments) append(all, one);
    EXPECT_EQ(profile_of(with_segment(plain, all)), c.seen) << c.name;
  }
}

TEST(InspectJpeg, WarnsOfAMissingEnd) {
  const ByteVector plain = make_jpeg(color_spec(16, 16));
  EXPECT_EQ(must_inspect(Bytes(plain).first(plain.size() - 2)).warnings, kWarnTruncated);
}

TEST(InspectJpeg, VariantsThatAreNotDecodedAreRecognised) {
  ByteVector file = make_jpeg(color_spec(16, 16));
  file[find_segment(file, 0xc0) + 4] = 12;
  const ImageInfo info = must_inspect(file);
  EXPECT_FALSE(info.decodable);
  EXPECT_EQ(info.bits_per_sample, 12);
  EXPECT_EQ(info.width, 16U);
}

}  // namespace
}  // namespace netocr::testing
