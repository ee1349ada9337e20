// inspect_image: what it says of every kind of file.
#include "image/image_info.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "image_bmp_maker.hpp"
#include "image_exif_maker.hpp"
#include "image_icc_maker.hpp"
#include "image_jpeg_maker.hpp"
#include "image_png_maker.hpp"

namespace netocr::testing {
namespace {

using std::string_literals::operator""s;

ImageInfo must_inspect(Bytes bytes) {
  auto info = inspect_image(bytes, Limits{});
  EXPECT_TRUE(info.ok()) << (info.ok() ? "" : info.error().detail);
  return info.ok() ? *info : ImageInfo{};
}

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

TEST(InspectJpeg, WarnsOfForeignProfilesAndMissingEnds) {
  const ByteVector plain = make_jpeg(color_spec(16, 16));
  const auto profiled = [&](const ByteVector& profile, const std::string& numbers) {
    return must_inspect(with_segment(plain, segment(0xe2, "ICC_PROFILE\0"s + numbers + text_of(profile))))
        .warnings;
  };
  EXPECT_EQ(profiled(srgb_profile(), "\1\1"), 0U);
  EXPECT_EQ(profiled(p3_profile(), "\1\1"), kWarnProfileIgnored);
  EXPECT_EQ(profiled(srgb_profile(), "\1\2"), kWarnProfileIgnored);  // the rest is in another segment
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

TEST(InspectPng, TellsAProfileFromSrgb) {
  for (const bool srgb : {false, true}) {
    ByteVector data = {'n', 'a', 'm', 'e', 0, 0};
    append(data, png_maker::deflate(srgb ? srgb_profile() : p3_profile()));
    PngSpec spec = png_spec(2, 8, 8, 8);
    spec.before_data = png_chunk("iCCP", data);
    EXPECT_EQ(must_inspect(make_png(spec)).warnings, srgb ? 0U : kWarnProfileIgnored);
  }
}

TEST(InspectPng, WarnsOfAMissingEnd) {
  const ByteVector file = make_png(png_spec(2, 8, 8, 8));
  EXPECT_EQ(must_inspect(Bytes(file).first(file.size() - 12)).warnings, kWarnTruncated);
  EXPECT_EQ(must_inspect(Bytes(file).first(file.size() - 20)).warnings, kWarnTruncated);
}

TEST(InspectBmp, TellsAllOfTheHeader) {
  struct Case {
    std::uint16_t bits;
    std::uint8_t per_sample;
    ColorModel model;
  };
  const Case cases[] = {{1, 1, ColorModel::kPalette}, {4, 4, ColorModel::kPalette},
                        {8, 8, ColorModel::kPalette}, {16, 5, ColorModel::kRgb},
                        {24, 8, ColorModel::kRgb},    {32, 8, ColorModel::kRgb}};
  for (const Case& c : cases) {
    BmpSpec spec = bmp_spec(c.bits, 31, 17);
    spec.top_down = true;
    const ImageInfo info = must_inspect(make_bmp(spec));
    EXPECT_EQ(info.format, ImageFormat::kBmp);
    EXPECT_EQ(info.width, 31U);
    EXPECT_EQ(info.height, 17U);
    EXPECT_EQ(info.bits_per_sample, c.per_sample);
    EXPECT_EQ(info.color_model, c.model);
    EXPECT_FALSE(info.has_alpha);
    EXPECT_FALSE(info.has_metadata);
    EXPECT_TRUE(info.decodable);
    EXPECT_EQ(info.orientation, 1);
  }
  BmpSpec alpha = bmp_spec(32, 4, 4);
  alpha.header_size = 56;
  alpha.compression = 3;
  alpha.masks = {0xff0000, 0xff00, 0xff, 0xff000000};
  EXPECT_TRUE(must_inspect(make_bmp(alpha)).has_alpha);
}

// A V5 header with a profile after the pixels.
TEST(InspectBmp, TellsAProfileFromSrgb) {
  for (const bool srgb : {false, true}) {
    BmpSpec spec = bmp_spec(24, 4, 4);
    spec.header_size = 124;
    ByteVector file = make_bmp(spec);
    const ByteVector profile = srgb ? srgb_profile() : p3_profile();
    const auto set32 = [&file](std::size_t at, std::size_t value) {
      for (std::size_t i = 0; i < 4; ++i) file[14 + at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    };
    set32(56, 0x4d424544);  // 'MBED'
    set32(112, file.size() - 14);
    set32(116, profile.size());
    append(file, profile);
    const ImageInfo info = must_inspect(file);
    EXPECT_TRUE(info.has_metadata);
    EXPECT_EQ(info.warnings, srgb ? 0U : kWarnProfileIgnored);
  }
}

TEST(InspectImage, EveryErrorHasItsCode) {
  const auto code = [](Bytes bytes, const Limits& limits) {
    auto info = inspect_image(bytes, limits);
    return info.ok() ? ErrorCode::kInternal : info.error().code;
  };
  const ByteVector file = make_png(png_spec(2, 8, 20, 30));
  Limits limits;
  EXPECT_EQ(code({}, limits), ErrorCode::kEmptyInput);
  EXPECT_EQ(code(as_bytes("no image at all"), limits), ErrorCode::kUnrecognizedFormat);
  EXPECT_EQ(code(Bytes(file).first(30), limits), ErrorCode::kCorruptImage);
  limits.max_input_bytes = file.size() - 1;
  EXPECT_EQ(code(file, limits), ErrorCode::kInputTooLarge);
  limits = {};
  limits.max_dimension = 29;
  EXPECT_EQ(code(file, limits), ErrorCode::kImageTooLarge);
  limits = {};
  limits.max_pixels = 599;
  EXPECT_EQ(code(file, limits), ErrorCode::kImageTooLarge);
  limits.max_pixels = 600;
  EXPECT_EQ(code(file, limits), ErrorCode::kInternal);  // no error
  for (const ByteVector& other : {make_jpeg(color_spec(20, 30)), make_bmp(bmp_spec(24, 20, 30))}) {
    limits.max_pixels = 599;
    EXPECT_EQ(code(other, limits), ErrorCode::kImageTooLarge);
  }
}

TEST(ColorModelName, IsTheWordOfEveryLayer) {
  const std::vector<std::string_view> names = {"unknown", "grey", "rgb",     "ycbcr",
                                               "cmyk",    "ycck", "palette", "lab"};
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(color_model_name(static_cast<ColorModel>(i)), names[i]);
}

}  // namespace
}  // namespace netocr::testing
