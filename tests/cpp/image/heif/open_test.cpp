// What is said of HEIC and AVIF files, which are never decoded here.
#include "image/heif/open.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "base/bytes.hpp"
#include "cpp/image/command_output.hpp"
#include "cpp/image/heif/maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"

namespace netocr::testing {
namespace {

TEST(InspectHeif, TellsAllOfThePrimaryPicture) {
  for (const bool long_numbers : {false, true}) {
    for (const std::string_view brand : {"heic", "avif"}) {
      HeifSpec spec;
      spec.brand = brand;
      spec.long_numbers = long_numbers;
      spec.properties = {
          image_size(320, 240), image_size(4032, 3024), full_box("pixi", 0, 0, {3, 10, 10, 10}), rotated(3),
          color_profile_property(with_icc_tag(p3_profile(), "desc", description("Display P3")))};
      spec.associated = {2, 3, 4, 5};
      spec.items = {full_box("infe", 2, 0, joined({{0, 9, 0, 0}, letters("Exif")}))};
      const ImageInfo info = must_inspect(make_heif(spec));
      EXPECT_EQ(image_format_name(info.format), brand);
      EXPECT_EQ(info.width, 4032U);
      EXPECT_EQ(info.height, 3024U);
      EXPECT_EQ(info.bits_per_sample, 10);
      EXPECT_EQ(info.orientation, 6);
      EXPECT_EQ(info.color_model, ColorModel::kYcbcr);
      EXPECT_EQ(info.profile, ProfileUse::kConverted);
      EXPECT_EQ(info.profile_name.text(), "Display P3");
      EXPECT_TRUE(info.has_metadata);
      EXPECT_FALSE(info.has_alpha);
      EXPECT_FALSE(info.decodable);
      EXPECT_EQ(info.warnings, 0U);
    }
  }
}

// EXIF's numbers for chains of turns to the left and mirrors (ISO/IEC 23008-12, 6.5.10 and 6.5.12).
TEST(InspectHeif, TurnsAndMirrorsAreAnOrientation) {
  const ByteVector top_bottom = mirrored(0), left_right = mirrored(1);
  struct Case {
    std::vector<ByteVector> chain;
    std::uint8_t orientation;
  };
  const Case cases[] = {{{}, 1},
                        {{rotated(1)}, 8},
                        {{rotated(2)}, 3},
                        {{rotated(3)}, 6},
                        {{top_bottom}, 4},
                        {{left_right}, 2},
                        {{rotated(1), top_bottom}, 5},
                        {{rotated(1), left_right}, 7},
                        {{rotated(2), top_bottom}, 2},
                        {{rotated(3), top_bottom}, 7},
                        {{rotated(3), left_right}, 5},
                        {{left_right, rotated(1)}, 5},
                        {{left_right, left_right}, 1},
                        {{top_bottom, left_right}, 3}};
  for (const Case& c : cases) {
    HeifSpec spec;
    spec.properties = c.chain;
    spec.properties.push_back(image_size(40, 30));
    for (std::size_t i = 1; i <= spec.properties.size(); ++i)
      spec.associated.push_back(static_cast<std::uint8_t>(i));
    EXPECT_EQ(must_inspect(make_heif(spec)).orientation, c.orientation);
  }
}

TEST(InspectHeif, CleanAperture) {
  struct Case {
    std::vector<ByteVector> chain;
    std::uint32_t width, height;
  };
  const Case cases[] = {
      {{image_size(40, 30), clean_aperture(20, 10)}, 20, 10},
      {{clean_aperture(20, 10), image_size(40, 30)}, 20, 10},
      {{image_size(40, 30), clean_aperture(20, 10, 1000)}, 20, 10},
      {{image_size(40, 30), clean_aperture(20, 10), rotated(1)}, 20, 10},
      // It is that of the turned picture; what is told is before the turn.
      {{image_size(40, 30), rotated(1), clean_aperture(20, 10)}, 10, 20},
      {{image_size(40, 30), rotated(2), clean_aperture(20, 10)}, 20, 10},
      // What cannot be is none.
      {{image_size(40, 30), clean_aperture(400, 10)}, 40, 10},
      {{image_size(40, 30), clean_aperture(0, 10)}, 40, 30},
      {{image_size(40, 30), clean_aperture(20, 10, 0)}, 40, 30},
      {{image_size(40, 30), box("clap", ByteVector(7, 1))}, 40, 30},
      {{image_size(40, 30), box("clap", {0, 0, 0, 39, 0, 0, 0, 2, 0, 0, 0, 61, 0, 0, 0, 4})}, 20, 15},
  };
  for (const Case& c : cases) {
    const ImageInfo info = must_inspect(make_heif(spec_of(c.chain)));
    EXPECT_EQ(info.width, c.width);
    EXPECT_EQ(info.height, c.height);
  }
}

// For the decoder that a site names: its pixels have the file's colours.
TEST(InspectHeif, WritesTheProfileOfItsColours) {
  const auto written = [](const std::vector<ByteVector>& properties) {
    const ByteVector file = make_heif(spec_of(properties));
    return heif::write_profile(heif::read_header(file));
  };
  const auto converted = written({image_size(40, 30), code_points(12, 13)});
  ASSERT_TRUE(converted.ok());
  const IccProfile read = read_icc(converted->span());
  EXPECT_EQ(read.kind, IccKind::kRgb);
  const IccProfile p3 = read_icc(p3_profile());
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(read.to_linear_srgb[i][k], p3.to_linear_srgb[i][k], 0.002) << i << ' ' << k;
  }
  const ByteVector own = p3_profile();
  const auto copied = written({image_size(40, 30), color_profile_property(own)});
  ASSERT_TRUE(copied.ok());
  EXPECT_EQ(ByteVector(copied->span().begin(), copied->span().end()), own);
  EXPECT_TRUE(written({image_size(40, 30)})->empty());
  EXPECT_TRUE(written({image_size(40, 30), code_points(1, 13)})->empty());
  EXPECT_EQ(written({image_size(40, 30), code_points(9, 16)}).error().code, ErrorCode::kUnsupportedFeature);
}

TEST(InspectHeif, TellsColoursAlphaAndMetadata) {
  const auto of = [](const std::vector<ByteVector>& properties, const std::vector<ByteVector>& items = {}) {
    HeifSpec spec;
    spec.properties = properties;
    spec.properties.insert(spec.properties.begin(), image_size(40, 30));
    for (std::size_t i = 1; i <= spec.properties.size(); ++i)
      spec.associated.push_back(static_cast<std::uint8_t>(i));
    spec.items = items;
    return must_inspect(make_heif(spec));
  };
  EXPECT_EQ(of({}).profile, ProfileUse::kNone);
  EXPECT_FALSE(of({}).has_metadata);
  EXPECT_EQ(of({code_points(1, 13)}).profile, ProfileUse::kNone);
  EXPECT_EQ(of({code_points(2, 2)}).profile, ProfileUse::kNone);
  EXPECT_EQ(of({code_points(12, 13)}).profile, ProfileUse::kConverted);
  // PQ, HLG, and curves of BT.2020: a browser's own decoder may know what to do, others do not.
  for (const auto& [primaries, transfer] : {std::pair{9, 16}, {9, 18}, {1, 16}, {12, 18}, {9, 14}, {9, 1}}) {
    const ImageInfo info =
        of({code_points(static_cast<std::uint8_t>(primaries), static_cast<std::uint8_t>(transfer))});
    EXPECT_EQ(info.profile, ProfileUse::kIgnored) << primaries << ", " << transfer;
    EXPECT_EQ(info.warnings, kWarnProfileIgnored) << primaries << ", " << transfer;
  }
  EXPECT_EQ(of({color_profile_property(srgb_profile())}).profile, ProfileUse::kSrgb);
  EXPECT_EQ(of({full_box("pixi", 0, 0, {1, 8})}).color_model, ColorModel::kGrey);
  const auto auxiliary = [](std::string_view urn) { return full_box("auxC", 0, 0, letters(urn)); };
  EXPECT_TRUE(of({auxiliary("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha")}).has_alpha);
  EXPECT_TRUE(of({auxiliary("urn:mpeg:hevc:2015:auxid:1")}).has_alpha);
  EXPECT_FALSE(of({auxiliary("urn:mpeg:hevc:2015:auxid:2")}).has_alpha);
  EXPECT_FALSE(of({}, {full_box("infe", 2, 0, joined({{0, 7, 0, 0}, letters("hvc1")}))}).has_metadata);
  EXPECT_TRUE(of({}, {full_box("infe", 2, 0, joined({{0, 7, 0, 0}, letters("mime")}))}).has_metadata);
  EXPECT_TRUE(of({}, {full_box("infe", 3, 0, joined({{0, 0, 0, 7, 0, 0}, letters("Exif")}))}).has_metadata);
}

TEST(InspectHeif, ReadsTheFilesOfOthers) {
  const TemporaryFile made({});
  const std::string path = made.path();
  const ByteVector file = output_of(
      "ffmpeg -v error -y -f lavfi -i testsrc=size=322x182 -frames:v 1 -c:v libaom-av1 -cpu-used 8 "
      "-still-picture 1 -pix_fmt yuv420p10le -f avif " +
      path + " && cat " + path);
  const ImageInfo info = must_inspect(file);
  EXPECT_EQ(info.format, ImageFormat::kAvif);
  EXPECT_EQ(info.width, 322U);
  EXPECT_EQ(info.height, 182U);
  EXPECT_EQ(info.bits_per_sample, 10);
  EXPECT_EQ(info.orientation, 1);
}

TEST(InspectHeif, BoxesOfEverySizeAreRead) {
  HeifSpec spec;
  spec.properties = {image_size(40, 30)};
  spec.associated = {1};
  const ByteVector file = make_heif(spec);
  const std::size_t meta = 24;  // after ftyp, whose size is 20 and 4 letters of a brand
  const Bytes contents = Bytes(file).subspan(meta + 4);
  const ByteVector head(file.begin(), file.begin() + 20);
  const std::size_t meta_size = std::size_t{file[22]} << 8 | file[23];
  ASSERT_EQ(as_text(Bytes(file).subspan(24, 4)), "meta");
  const ByteVector inner(contents.begin(), contents.begin() + static_cast<std::ptrdiff_t>(meta_size - 8));
  EXPECT_EQ(must_inspect(joined({head, long_box("meta", inner)})).width, 40U);
  EXPECT_EQ(must_inspect(joined({head, {0, 0, 0, 0}, letters("meta"), inner})).width, 40U);
  EXPECT_EQ(must_inspect(joined({head, box("free", {}), box("meta", inner)})).width, 40U);
  // Sizes that cannot be.
  EXPECT_EQ(must_inspect(joined({head, {0, 0, 0, 7}, letters("meta"), inner})).width, 0U);
  EXPECT_EQ(must_inspect(joined({head, {0, 0, 0, 1}, letters("meta"), ByteVector(8, 0), inner})).width, 0U);
  EXPECT_EQ(must_inspect(joined({head, {0xff, 0xff, 0xff, 0xff}, letters("meta"), inner})).width, 40U);
}

TEST(InspectHeif, DamageIsNeverAnError) {
  HeifSpec spec;
  spec.properties = {image_size(40, 30), rotated(1), color_profile_property(p3_profile())};
  spec.associated = {1, 2, 3, 4, 127};
  spec.items = {full_box("infe", 2, 0, joined({{0, 9, 0, 0}, letters("Exif")}))};
  const ByteVector file = make_heif(spec);
  EXPECT_EQ(must_inspect(file).width, 40U);
  for (std::size_t length = 20; length < file.size(); ++length) {
    const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    (void)must_inspect(prefix);
  }
  for (std::size_t i = 20; i < file.size(); ++i) {
    for (const std::uint8_t value :
         {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{0x7f}, std::uint8_t{0xff}}) {
      ByteVector changed = file;
      changed[i] = value;
      (void)must_inspect(changed);
    }
  }
}

TEST(InspectHeif, AFileThatIsCutOffIsTruncated) {
  HeifSpec spec;
  spec.properties = {image_size(40, 30)};
  spec.associated = {1};
  ByteVector header = make_heif(spec);
  header.resize(header.size() - box("mdat", {1, 2, 3}).size());
  const ByteVector file = joined({header, box("mdat", ByteVector(100, 1))});
  EXPECT_EQ(must_inspect(file).warnings, 0U);
  EXPECT_EQ(must_inspect(joined({file, box("mpvd", ByteVector(9, 1)), letters("SEFT")})).warnings, 0U);
  EXPECT_EQ(must_inspect(joined({header, long_box("mdat", ByteVector(100, 1))})).warnings, 0U);
  for (std::size_t length = 29; length < file.size(); ++length) {
    if (length >= header.size() && length < header.size() + 8) continue;  // between the boxes
    const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(must_inspect(prefix).warnings, std::uint32_t{kWarnTruncated}) << length;
  }
}

// A property list of a million boxes, and every association of the primary picture at its far end.
TEST(InspectHeif, ManyBoxesAreCheap) {
  ByteVector many;
  for (int i = 0; i < 1'000'000; ++i) many.insert(many.end(), {0, 0, 0, 8, 'f', 'r', 'e', 'e'});
  HeifSpec spec;
  spec.long_numbers = true;
  spec.properties = {many};
  spec.associated = ByteVector(255, 0xff);
  const ByteVector file = make_heif(spec);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(must_inspect(file).width, 0U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

}  // namespace
}  // namespace netocr::testing
