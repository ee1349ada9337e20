// inspect_image: what it says of every kind of file.
#include "image/meta/image_info.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"

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

// What inspect_image says of the profile of a file: its use, its name, the warning.
struct ProfileSeen {
  ProfileUse use = ProfileUse::kNone;
  std::string name;
  bool warned = false;
  bool operator==(const ProfileSeen&) const = default;
};
ProfileSeen profile_of(Bytes file) {
  const ImageInfo info = must_inspect(file);
  return {info.profile, std::string(info.profile_name.text()), (info.warnings & kWarnProfileIgnored) != 0};
}
std::ostream& operator<<(std::ostream& out, const ProfileSeen& seen) {
  return out << profile_use_name(seen.use) << " '" << seen.name << "'" << (seen.warned ? " warned" : "");
}
const ProfileSeen kNoProfile{};
const ProfileSeen kSeenIgnored{ProfileUse::kIgnored, "", true};

ByteVector named(ByteVector profile, std::string_view name) {
  return with_icc_tag(std::move(profile), "desc", description(name));
}
const ByteVector& named_p3() {
  static const ByteVector profile = named(p3_profile(), "Display P3");
  return profile;
}
const ProfileSeen kSeenP3{ProfileUse::kConverted, "Display P3", false};

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
ByteVector profiled_bmp(std::uint32_t color_space, const ByteVector& profile, std::size_t claimed_size) {
  BmpSpec spec = bmp_spec(24, 4, 4);
  spec.header_size = 124;
  ByteVector file = make_bmp(spec);
  const auto set32 = [&file](std::size_t at, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) file[14 + at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  set32(56, color_space);
  set32(112, file.size() - 14);
  set32(116, claimed_size);
  append(file, profile);
  return file;
}

TEST(InspectBmp, TellsTheProfile) {
  constexpr std::uint32_t kEmbedded = 0x4d424544, kLinked = 0x4c494e4b, kWindows = 0x57696e20;
  const ByteVector& p3 = named_p3();
  const ByteVector srgb = srgb_profile();
  EXPECT_EQ(profile_of(profiled_bmp(kEmbedded, p3, p3.size())), kSeenP3);
  EXPECT_EQ(profile_of(profiled_bmp(kEmbedded, srgb, srgb.size())),
            (ProfileSeen{ProfileUse::kSrgb, "", false}));
  EXPECT_EQ(profile_of(profiled_bmp(kEmbedded, p3, p3.size() + 1)), kSeenIgnored);
  EXPECT_EQ(profile_of(profiled_bmp(kLinked, p3, p3.size())), kSeenIgnored);
  EXPECT_EQ(profile_of(profiled_bmp(kWindows, {}, 0)), kNoProfile);
  EXPECT_TRUE(must_inspect(profiled_bmp(kEmbedded, srgb, srgb.size())).has_metadata);
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

TEST(ProfileUseName, IsTheWordOfEveryLayer) {
  const std::vector<std::string_view> names = {"none", "srgb", "converted", "ignored"};
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(profile_use_name(static_cast<ProfileUse>(i)), names[i]);
}

TEST(ColorModelName, IsTheWordOfEveryLayer) {
  const std::vector<std::string_view> names = {"unknown", "grey", "rgb",     "ycbcr",
                                               "cmyk",    "ycck", "palette", "lab"};
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(color_model_name(static_cast<ColorModel>(i)), names[i]);
}

}  // namespace
}  // namespace netocr::testing
