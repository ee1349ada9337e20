// Old-style JPEG in TIFF: JPEGs of cjpeg in every way that writers put them into a file, against djpeg on the
// JPEG itself, and against tiff2rgba where libtiff reads such files.
#include <gtest/gtest.h>

#include <functional>

#include "cpp/image/opening.hpp"
#include "cpp/image/tiff/jpeg_maker.hpp"
#include "cpp/image/tiff/tools.hpp"
#include "image/tiff/source.hpp"

namespace netocr::tiff {
namespace {

using namespace netocr::testing;

constexpr std::uint32_t kWidth = 75;
constexpr std::uint32_t kHeight = 93;

// Baseline, with the standard's tables. Not a multiple of any block in either direction.
JpegParts photo_jpeg(const std::string& options, std::uint32_t width = kWidth,
                     std::uint32_t height = kHeight) {
  const std::string ppm = "P6 " + std::to_string(width) + " " + std::to_string(height) + " 255\n";
  ByteVector picture(ppm.begin(), ppm.end());
  const TiffSpec photo = photo_spec(width, height);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      for (std::uint32_t s = 0; s < 3; ++s)
        picture.push_back(static_cast<std::uint8_t>(photo.value(x, y, s)));
    }
  }
  return take_apart(convert_file("cjpeg -quality 90 " + options + " -outfile % @", picture));
}

Pnm ask_djpeg(const JpegParts& jpeg) { return ask("djpeg -nosmooth -pnm @", jpeg.whole); }

constexpr const char* kSamplings[] = {"-grayscale",  "-sample 1x1", "-sample 2x1", "-sample 2x2",
                                      "-sample 1x2", "-sample 4x1", "-sample 4x2"};
constexpr OldJpegWay kWays[] = {
    OldJpegWay::kTables,        OldJpegWay::kStream,          OldJpegWay::kStreamAtStart,
    OldJpegWay::kStreamAlone,   OldJpegWay::kStreamElsewhere, OldJpegWay::kHead,
    OldJpegWay::kHeadAndStrips, OldJpegWay::kFrameOnly,       OldJpegWay::kFirstStrip};

// djpeg rounds to RGB, and both decoders are within a level of the exact transform.
constexpr double kBound = 3;

void expect_picture_of(const JpegParts& jpeg, const Pnm& expected, const ByteVector& file,
                       const std::string& name) {
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.detail;
  EXPECT_EQ(decoded.warnings, 0U) << name;
  EXPECT_EQ(decoded.decoded_rows, jpeg.height) << name;
  EXPECT_EQ(decoded.planes.size(), jpeg.components) << name;
  EXPECT_LE(worst_difference(decoded, expected), kBound) << name;
  const auto info = inspect_image(file, Limits{});
  ASSERT_TRUE(info.ok()) << name;
  EXPECT_TRUE(info->decodable) << name;
  EXPECT_EQ(info->width, jpeg.width) << name;
  EXPECT_EQ(info->height, jpeg.height) << name;
  EXPECT_EQ(info->color_model, jpeg.components == 1 ? ColorModel::kGrey : ColorModel::kYcbcr) << name;
}

TEST(TiffOldJpeg, EverySamplingAndWayInOneAndSeveralStrips) {
  for (const char* sampling : kSamplings) {
    for (const bool several : {false, true}) {
      const JpegParts jpeg = photo_jpeg(std::string(sampling) + (several ? " -restart 1" : ""));
      ASSERT_EQ(jpeg.intervals.size() > 1, several) << sampling;
      const Pnm expected = ask_djpeg(jpeg);
      for (const OldJpegWay way : kWays) {
        const std::string name = std::string(sampling) + (several ? " several" : " one") + " way " +
                                 std::to_string(static_cast<int>(way));
        expect_picture_of(jpeg, expected, make_old_jpeg(jpeg, {way, {}, true}), name + " big-endian");
        const ByteVector file = make_old_jpeg(jpeg, {way, {}, false});
        expect_picture_of(jpeg, expected, file, name);
        // libtiff wants a scan header somewhere, and a list of strips where there are several.
        if (way == OldJpegWay::kFrameOnly || (several && way == OldJpegWay::kStreamAlone)) continue;
        EXPECT_LE(worst_difference(decode(file), ask_tiff2rgba(file)), kBound) << name;
      }
    }
  }
}

TEST(TiffOldJpeg, TheStreamsLengthIsNotBelieved) {
  const std::vector<double> lengths[] = {{}, {0}, {10}, {700}, {4294967295.0}};
  for (const char* options : {"-grayscale", "-sample 2x2", "-sample 2x2 -restart 1"}) {
    const JpegParts jpeg = photo_jpeg(options);
    ASSERT_GT(jpeg.whole.size(), 900U);
    const Pnm expected = ask_djpeg(jpeg);
    for (const OldJpegWay way : kWays) {
      if (way == OldJpegWay::kTables || way == OldJpegWay::kFirstStrip) continue;
      for (const std::vector<double>& length : lengths) {
        const bool is_head =
            way == OldJpegWay::kHead || way == OldJpegWay::kHeadAndStrips || way == OldJpegWay::kFrameOnly;
        // Half of its tables is all that a head of 10 bytes has.
        if (is_head && !length.empty() && length[0] == 10) continue;
        OldJpegSpec spec{way, {}, false};
        spec.tags[514] = {TiffType::kLong, length};
        expect_picture_of(jpeg, expected, make_old_jpeg(jpeg, spec),
                          std::string(options) + " way " + std::to_string(static_cast<int>(way)) +
                              " length " + (length.empty() ? "missing" : std::to_string(length[0])));
      }
    }
  }
}

TEST(TiffOldJpeg, AStreamThatIsNoneIsLookedForInTheStrip) {
  const JpegParts jpeg = photo_jpeg("-sample 2x1");
  const Pnm expected = ask_djpeg(jpeg);
  for (const double offset : {0.0, 4.0, 4e9}) {
    OldJpegSpec spec{OldJpegWay::kStreamAtStart, {}, false};
    spec.tags[513] = {TiffType::kLong, {offset}};
    // In the strip itself the length may be wrong as well.
    for (const double length : {1.0 * static_cast<double>(jpeg.whole.size()), 900.0}) {
      spec.tags[279] = {TiffType::kLong, {length}};
      OldJpegSpec strip = spec;
      TiffWriter writer{TiffSpec{}};
      const double at = writer.blob(jpeg.whole);
      writer.directory({{256, {TiffType::kLong, {1.0 * jpeg.width}}},
                        {257, {TiffType::kLong, {1.0 * jpeg.height}}},
                        {258, {TiffType::kShort, {8, 8, 8}}},
                        {259, {TiffType::kShort, {6}}},
                        {262, {TiffType::kShort, {6}}},
                        {273, {TiffType::kLong, {at}}},
                        {277, {TiffType::kShort, {3}}},
                        {279, {TiffType::kLong, {length}}},
                        {513, {TiffType::kLong, {offset}}}});
      expect_picture_of(jpeg, expected, writer.file(), std::to_string(offset));
    }
  }
}

// What libtiff fills in: YCbCr of 8 bits, also where RGB is said.
TEST(TiffOldJpeg, TagsThatAreMissingOrWrong) {
  const JpegParts jpeg = photo_jpeg("-sample 2x2");
  const Pnm expected = ask_djpeg(jpeg);
  const std::map<std::uint16_t, TiffTag> wrongs[] = {
      {{258, {TiffType::kShort, {}}}},  {{262, {TiffType::kShort, {}}}},  {{277, {TiffType::kShort, {}}}},
      {{262, {TiffType::kShort, {2}}}}, {{278, {TiffType::kShort, {8}}}}, {{284, {TiffType::kShort, {2}}}},
      {{512, {TiffType::kShort, {}}}}};
  for (const auto& wrong : wrongs) {
    for (const OldJpegWay way : {OldJpegWay::kTables, OldJpegWay::kStreamAtStart, OldJpegWay::kHead}) {
      const ByteVector file = make_old_jpeg(jpeg, {way, wrong, false});
      const std::string name =
          std::to_string(wrong.begin()->first) + " way " + std::to_string(static_cast<int>(way));
      expect_picture_of(jpeg, expected, file, name);
    }
  }
  // The subsampling of a stream counts, not the tag's.
  for (const OldJpegWay way : {OldJpegWay::kStreamAtStart, OldJpegWay::kHead, OldJpegWay::kFirstStrip}) {
    for (const std::vector<double>& factors :
         {std::vector<double>{}, std::vector<double>{1, 1}, std::vector<double>{9, 0}}) {
      const ByteVector file = make_old_jpeg(jpeg, {way, {{530, {TiffType::kShort, factors}}}, false});
      expect_picture_of(jpeg, expected, file, "subsampling, way " + std::to_string(static_cast<int>(way)));
    }
  }
}

// Strips of three rows of blocks, in each of which restart markers come after every row, numbered on and on.
TEST(TiffOldJpeg, RestartMarkersWithinStrips) {
  for (const char* options : {"-grayscale -restart 1", "-sample 2x2 -restart 1"}) {
    const JpegParts jpeg = photo_jpeg(options, 60, 160);
    const Pnm expected = ask_djpeg(jpeg);
    for (const bool at_start : {false, true}) {
      JpegParts grouped = jpeg;
      grouped.intervals.clear();
      for (std::size_t i = 0; i < jpeg.intervals.size(); ++i) {
        const ByteVector marker = {0xff, static_cast<std::uint8_t>(0xd0 + (i + 7) % 8)};
        if (i % 3 == 0) grouped.intervals.emplace_back();
        // Or the marker between two strips belongs to the second.
        if (i % 3 != 0 || (at_start && i > 0))
          grouped.intervals.back() = joined({grouped.intervals.back(), marker});
        grouped.intervals.back() = joined({grouped.intervals.back(), jpeg.intervals[i]});
      }
      grouped.restart_interval = jpeg.restart_interval * 3;
      for (const OldJpegWay way : {OldJpegWay::kTables, OldJpegWay::kHead}) {
        OldJpegSpec spec{way, {}, false};
        spec.tags[515] = {TiffType::kShort, {1.0 * jpeg.restart_interval}};
        expect_picture_of(jpeg, expected, make_old_jpeg(grouped, spec), options);
        // An interval is of no use to strips without markers.
        spec.tags[515] = {TiffType::kShort, {1}};
        expect_picture_of(jpeg, expected, make_old_jpeg(jpeg, spec), options);
      }
    }
  }
}

// A JPEG of its own in each strip or tile: as new-style JPEG has it, under the old number.
ByteVector make_pieces(const std::vector<ByteVector>& pieces, std::uint32_t width, std::uint32_t height,
                       std::uint32_t piece_width, std::uint32_t piece_height, bool is_tiled) {
  TiffWriter writer{TiffSpec{}};
  std::vector<double> offsets, lengths;
  for (const ByteVector& piece : pieces) {
    offsets.push_back(piece.empty() ? 0 : writer.blob(piece));
    lengths.push_back(static_cast<double>(piece.size()));
  }
  std::map<std::uint16_t, TiffTag> tags = {
      {256, {TiffType::kLong, {1.0 * width}}}, {257, {TiffType::kLong, {1.0 * height}}},
      {258, {TiffType::kShort, {8, 8, 8}}},    {259, {TiffType::kShort, {6}}},
      {262, {TiffType::kShort, {6}}},          {277, {TiffType::kShort, {3}}}};
  tags[is_tiled ? 324 : 273] = {TiffType::kLong, offsets};
  tags[is_tiled ? 325 : 279] = {TiffType::kLong, lengths};
  if (is_tiled) tags[322] = {TiffType::kLong, {1.0 * piece_width}};
  tags[is_tiled ? 323 : 278] = {TiffType::kLong, {1.0 * piece_height}};
  writer.directory(tags);
  return writer.file();
}

struct Grid {
  std::vector<ByteVector> pieces;
  std::vector<Pnm> expected;
  std::uint32_t width, height, piece_width, piece_height;

  std::uint8_t at(std::uint32_t x, std::uint32_t y, std::uint32_t channel) const {
    const std::uint32_t across = (width + piece_width - 1) / piece_width;
    const Pnm& pnm = expected[y / piece_height * across + x / piece_width];
    return pnm.at(x % piece_width, y % piece_height, channel);
  }
  // Where `is_there` is false white is expected.
  double worst(const Decoded& decoded,
               const std::function<bool(std::uint32_t, std::uint32_t)>& is_there) const {
    double difference = 0;
    for (std::uint32_t y = 0; y < height; ++y) {
      for (std::uint32_t x = 0; x < width; ++x) {
        const Rgb rgb = rgb_of(pixel(decoded, x, y));
        const double got[] = {rgb.r, rgb.g, rgb.b};
        for (std::uint32_t c = 0; c < 3; ++c) {
          difference = std::max(difference, std::abs(got[c] - (is_there(x, y) ? at(x, y, c) : 255)));
        }
      }
    }
    return difference;
  }
};

Grid make_grid(const std::string& options, std::uint32_t width, std::uint32_t height,
               std::uint32_t piece_width, std::uint32_t piece_height, bool is_tiled) {
  Grid grid{{}, {}, width, height, piece_width, piece_height};
  for (std::uint32_t y = 0; y < height; y += piece_height) {
    for (std::uint32_t x = 0; x < width; x += piece_width) {
      const std::uint32_t rows = is_tiled ? piece_height : std::min(piece_height, height - y);
      const JpegParts jpeg =
          photo_jpeg(options + " -quality " + std::to_string(90 - x % 7 - y % 9), piece_width, rows);
      grid.pieces.push_back(jpeg.whole);
      grid.expected.push_back(ask_djpeg(jpeg));
    }
  }
  return grid;
}

TEST(TiffOldJpeg, AStreamInEachStripOrTile) {
  for (const char* sampling : {"-sample 1x1", "-sample 2x2", "-sample 2x1 -progressive"}) {
    for (const bool is_tiled : {false, true}) {
      const std::uint32_t piece_width = is_tiled ? 32 : kWidth;
      const Grid grid = make_grid(sampling, kWidth, 70, piece_width, 32, is_tiled);
      const Decoded decoded = decode(make_pieces(grid.pieces, kWidth, 70, piece_width, 32, is_tiled));
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, 0U);
      EXPECT_EQ(decoded.decoded_rows, 70U);
      EXPECT_LE(grid.worst(decoded, [](auto, auto) { return true; }), kBound) << sampling;
    }
  }
}

TEST(TiffOldJpeg, StripsAndTilesThatAreMissingAreWhite) {
  for (const bool is_tiled : {false, true}) {
    const std::uint32_t piece_width = is_tiled ? 32 : kWidth;
    const std::uint32_t across = is_tiled ? 3 : 1;
    const Grid grid = make_grid("-sample 2x2", kWidth, 96, piece_width, 32, is_tiled);
    for (std::uint32_t lost = 0; lost < grid.pieces.size(); ++lost) {
      for (const bool is_garbage : {false, true}) {
        std::vector<ByteVector> pieces = grid.pieces;
        pieces[lost] = is_garbage ? ByteVector(50, 0xff) : ByteVector();
        const Decoded decoded = decode(make_pieces(pieces, kWidth, 96, piece_width, 32, is_tiled));
        ASSERT_TRUE(decoded.ok()) << decoded.detail;
        EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
        EXPECT_EQ(decoded.decoded_rows, lost / across * 32);
        EXPECT_LE(
            grid.worst(decoded, [&](std::uint32_t x,
                                    std::uint32_t y) { return y / 32 * across + x / piece_width != lost; }),
            kBound)
            << lost;
      }
    }
    const std::vector<ByteVector> none(grid.pieces.size());
    EXPECT_EQ(decode(make_pieces(none, kWidth, 96, piece_width, 32, is_tiled)).error,
              ErrorCode::kCorruptImage);
  }
}

// A frame of more rows or columns than the picture is cut; one of fewer rows ends in white.
TEST(TiffOldJpeg, AFrameOfAnotherSize) {
  const JpegParts jpeg = photo_jpeg("-sample 2x2", 80, 96);
  const Pnm whole = ask_djpeg(jpeg);
  const auto with_size = [&](double width, double height) {
    OldJpegSpec spec{OldJpegWay::kStreamAtStart, {}, false};
    spec.tags[256] = {TiffType::kLong, {width}};
    spec.tags[257] = {TiffType::kLong, {height}};
    return decode(make_old_jpeg(jpeg, spec));
  };
  const Decoded cut = with_size(75, 61);
  ASSERT_TRUE(cut.ok()) << cut.detail;
  EXPECT_EQ(cut.warnings, 0U);
  EXPECT_EQ(cut.decoded_rows, 61U);
  ASSERT_EQ(cut.planes[0].geometry.width, 75U);
  ASSERT_EQ(cut.planes[1].geometry.width, 38U);
  for (std::uint32_t y = 0; y < 61; ++y) {
    for (std::uint32_t x = 0; x < 75; ++x) {
      ASSERT_LE(std::abs(rgb_of(pixel(cut, x, y)).g - whole.at(x, y, 1)), kBound) << x << "," << y;
    }
  }
  const Decoded shorter = with_size(80, 120);
  ASSERT_TRUE(shorter.ok()) << shorter.detail;
  EXPECT_EQ(shorter.warnings, std::uint32_t{kWarnTruncated});
  EXPECT_EQ(shorter.decoded_rows, 96U);
  EXPECT_EQ(shorter.planes[0].at(40, 96), 255);
  EXPECT_EQ(shorter.planes[1].at(20, 119 / 2), 128);
  EXPECT_EQ(with_size(96, 96).error, ErrorCode::kCorruptImage);
}

TEST(TiffOldJpeg, ColoursThatTagsGiveAsTiff2rgbaSeesThem) {
  const std::vector<double> bt709 = {0.2126, 0.7152, 0.0722};
  const std::vector<double> studio = {15, 235, 128, 240, 128, 240};
  for (const char* options : {"-sample 1x1", "-sample 2x2 -restart 1", "-sample 4x1", "-sample 2x1"}) {
    const JpegParts jpeg = photo_jpeg(options);
    for (const OldJpegWay way : {OldJpegWay::kTables, OldJpegWay::kStream}) {
      for (const int kind : {1, 2, 3}) {
        OldJpegSpec spec{way, {}, false};
        if ((kind & 1) != 0) spec.tags[529] = {TiffType::kRational, bt709};
        if ((kind & 2) != 0) spec.tags[532] = {TiffType::kRational, studio};
        const ByteVector file = make_old_jpeg(jpeg, spec);
        const Decoded decoded = decode(file);
        ASSERT_TRUE(decoded.ok()) << decoded.detail;
        EXPECT_EQ(decoded.planes[1].geometry.width, jpeg.width);
        // Both stretch what they have rounded, and libtiff once more on the way.
        EXPECT_LE(worst_difference(decoded, ask_tiff2rgba(file)), 4.5) << options << " kind " << kind;
      }
    }
  }
  for (const char* options : {"-grayscale", "-grayscale -restart 1"}) {
    const ByteVector file =
        make_old_jpeg(photo_jpeg(options), {OldJpegWay::kTables, {{262, {TiffType::kShort, {0}}}}, false});
    EXPECT_LE(worst_difference(decode(file), ask_tiff2rgba(file)), 1.0) << options;
  }
}

TEST(TiffOldJpeg, WhatThereIsOfAPictureIsDecoded) {
  for (const char* options : {"-grayscale -restart 1", "-sample 2x2 -restart 1"}) {
    const JpegParts jpeg = photo_jpeg(options, 64, 96);
    const Pnm expected = ask_djpeg(jpeg);
    const std::uint32_t rows = 8 * jpeg.down;
    for (std::size_t lost = 0; lost < jpeg.intervals.size(); ++lost) {
      // From this strip on the file has nothing.
      JpegParts cut = jpeg;
      for (std::size_t i = lost; i < cut.intervals.size(); ++i) cut.intervals[i].clear();
      const Decoded decoded = decode(make_old_jpeg(cut, {OldJpegWay::kTables, {}, false}));
      if (lost == 0) {
        EXPECT_EQ(decoded.error, ErrorCode::kCorruptImage);
        continue;
      }
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
      EXPECT_EQ(decoded.decoded_rows, lost * rows);
      for (std::uint32_t y = 0; y < 96; ++y) {
        const double got = rgb_of(pixel(decoded, 30, y)).g;
        ASSERT_NEAR(got, y < lost * rows ? expected.at(30, y, 1) : 255, kBound) << y << " lost " << lost;
      }
    }
  }
}

TEST(TiffOldJpeg, AStreamThatIsCutOffIsDecodedAsTheJpegItself) {
  for (const char* options : {"-grayscale", "-sample 2x2", "-sample 2x2 -restart 1", "-progressive"}) {
    const JpegParts jpeg = photo_jpeg(options);
    for (const std::size_t left : {jpeg.data + 400, jpeg.whole.size() / 2, jpeg.whole.size() - 40}) {
      JpegParts cut = jpeg;
      cut.whole.resize(left);
      // The directory is in front, so that the file ends where the stream does.
      TiffWriter writer{TiffSpec{}};
      const auto tags = [&](double at) {
        return std::map<std::uint16_t, TiffTag>{{256, {TiffType::kLong, {1.0 * jpeg.width}}},
                                                {257, {TiffType::kLong, {1.0 * jpeg.height}}},
                                                {258, {TiffType::kShort, {8}}},
                                                {259, {TiffType::kShort, {6}}},
                                                {262, {TiffType::kShort, {jpeg.components == 1 ? 1.0 : 6.0}}},
                                                {277, {TiffType::kShort, {1.0 * jpeg.components}}},
                                                {513, {TiffType::kLong, {at}}}};
      };
      TiffWriter measured{TiffSpec{}};
      measured.directory(tags(0));
      writer.directory(tags(static_cast<double>(measured.file().size())));
      writer.blob(cut.whole);
      const Decoded expected = decode(cut.whole);
      const Decoded decoded = decode(writer.file());
      ASSERT_TRUE(expected.ok()) << options << " " << left;
      ASSERT_TRUE(decoded.ok()) << options << " " << left << ": " << decoded.detail;
      EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
      EXPECT_EQ(decoded.decoded_rows, expected.decoded_rows) << options << " " << left;
      ASSERT_EQ(decoded.planes.size(), expected.planes.size());
      for (std::size_t i = 0; i < decoded.planes.size(); ++i) {
        EXPECT_EQ(decoded.planes[i].samples, expected.planes[i].samples) << options << " " << left;
      }
    }
  }
}

TEST(TiffOldJpeg, WhatIsNotDecodedIsNamed) {
  struct Case {
    std::map<std::uint16_t, TiffTag> tags;
    const char* word;
  };
  const Case cases[] = {{{{512, {TiffType::kShort, {14}}}}, "lossless"},
                        {{{258, {TiffType::kShort, {12, 12, 12}}}}, "8 bits"},
                        {{{262, {TiffType::kShort, {5}}}, {277, {TiffType::kShort, {4}}}}, "colours"},
                        {{{277, {TiffType::kShort, {2}}}}, "colours"}};
  const JpegParts jpeg = photo_jpeg("-sample 2x2");
  for (const Case& c : cases) {
    const Decoded decoded = decode(make_old_jpeg(jpeg, {OldJpegWay::kTables, c.tags, false}));
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature) << c.word;
    EXPECT_NE(decoded.detail.find(c.word), std::string::npos) << decoded.detail;
  }
  OldJpegSpec planar{OldJpegWay::kTables, {{284, {TiffType::kShort, {2}}}}, false};
  JpegParts planes = photo_jpeg("-sample 1x1 -restart 1");
  planes.restart_interval *= planes.intervals.size();
  const Decoded decoded = decode(make_old_jpeg(planes, planar));
  EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature) << decoded.detail;
  EXPECT_NE(decoded.detail.find("separate planes"), std::string::npos) << decoded.detail;
}

TEST(TiffOldJpeg, PartsThatAreNotThereAreAnError) {
  const JpegParts jpeg = photo_jpeg("-sample 2x2");
  for (const std::uint16_t tag : {std::uint16_t{519}, std::uint16_t{273}}) {
    for (const std::vector<double>& values : {std::vector<double>{}, std::vector<double>{4e9}}) {
      const Decoded decoded =
          decode(make_old_jpeg(jpeg, {OldJpegWay::kTables, {{tag, {TiffType::kLong, values}}}, false}));
      EXPECT_EQ(decoded.error, ErrorCode::kCorruptImage) << tag;
    }
  }
  const Decoded wide =
      decode(make_old_jpeg(jpeg, {OldJpegWay::kTables, {{530, {TiffType::kShort, {5, 1}}}}, false}));
  EXPECT_EQ(wide.error, ErrorCode::kCorruptImage);
}

// All strips are the same bytes, many times what the file has: the work stays in proportion to it.
TEST(TiffOldJpeg, StripsThatAreTheSameBytesAreReadAFewTimesOnly) {
  const JpegParts jpeg = photo_jpeg("-sample 2x2", 32, 16);
  TiffWriter writer{TiffSpec{}};
  const double at = writer.blob(jpeg.whole);
  ByteVector filler(200'000, 0);
  writer.blob(filler);
  writer.directory({{256, {TiffType::kLong, {32}}},
                    {257, {TiffType::kLong, {16 * 4000}}},
                    {258, {TiffType::kShort, {8, 8, 8}}},
                    {259, {TiffType::kShort, {6}}},
                    {262, {TiffType::kShort, {6}}},
                    {273, {TiffType::kLong, std::vector<double>(4000, at)}},
                    {277, {TiffType::kShort, {3}}},
                    {278, {TiffType::kLong, {16}}},
                    {279, {TiffType::kLong, std::vector<double>(4000, 200'000)}}});
  const Decoded decoded = decode(writer.file());
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, std::uint32_t{kWarnTruncated});
  EXPECT_LE(decoded.decoded_rows, 16U * 5);
  EXPECT_GE(decoded.decoded_rows, 16U * 3);
}

TEST(TiffOldJpeg, FilesCutOffAndDamagedAnywhere) {
  for (const char* options : {"-grayscale", "-sample 2x2 -restart 1"}) {
    const JpegParts jpeg = photo_jpeg(options, 20, 32);
    for (const OldJpegWay way : kWays) {
      const ByteVector file = make_old_jpeg(jpeg, {way, {}, false});
      EXPECT_GT(decode_every_prefix(file).refused, 0U);
      decode_with_damage(file, 150, 7);
    }
  }
}

}  // namespace
}  // namespace netocr::tiff
