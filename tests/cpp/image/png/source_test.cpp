// PNG decoding: every colour type, depth, filter and interlace against the pixels that the files were made
// from, and against pngtopnm; damage, bombs and limits.
#include "image/png/source.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/read_once.hpp"

namespace netocr::png {
namespace {

using namespace netocr::testing;

struct Kind {
  std::uint8_t color_type, depth;
};
constexpr Kind kKinds[] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1},
                           {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};

void expect_pixels(const PngSpec& spec, const Decoded& decoded, std::uint32_t rows) {
  // Conversion is within 1; 16 bits and alpha are rounded to 8 before.
  const double tolerance = spec.depth == 16 || spec.color_type >= 4 || !spec.transparency.empty() ? 1.6 : 1.0;
  double worst = 0;
  for (std::uint32_t y = 0; y < rows; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const Ycc expected = ycc_of(png_pixel(spec, x, y));
      const Ycc got = pixel(decoded, x, y);
      worst = std::max({worst, std::abs(got.y - expected.y), std::abs(got.cb - expected.cb),
                        std::abs(got.cr - expected.cr)});
    }
  }
  EXPECT_LE(worst, tolerance) << "colour type " << int{spec.color_type} << " depth " << int{spec.depth} << ' '
                              << spec.width << 'x' << spec.height << (spec.interlaced ? " interlaced" : "");
}

TEST(PngSource, EveryKindIsDecoded) {
  for (const Kind& kind : kKinds) {
    for (const bool interlaced : {false, true}) {
      for (const bool transparent : {false, true}) {
        if (transparent && kind.color_type >= 4) continue;
        for (const auto& [width, height] : {std::pair{37U, 41U}, {32U, 32U}}) {
          PngSpec spec = png_spec(kind.color_type, kind.depth, width, height);
          spec.interlaced = interlaced;
          if (transparent) spec.transparency = some_transparency(spec);
          const Decoded decoded = decode(make_png(spec));
          ASSERT_TRUE(decoded.ok()) << decoded.detail;
          EXPECT_EQ(decoded.planes.size(), kind.color_type == 0 || kind.color_type == 4 ? 1U : 3U);
          EXPECT_EQ(decoded.warnings, 0U);
          expect_pixels(spec, decoded, height);
        }
      }
    }
  }
}

TEST(PngSource, SmallSizesAreDecoded) {
  for (std::uint32_t width = 1; width <= 9; ++width) {
    for (std::uint32_t height = 1; height <= 9; ++height) {
      for (const bool interlaced : {false, true}) {
        for (const Kind& kind : {Kind{0, 1}, Kind{3, 4}, Kind{2, 8}}) {
          PngSpec spec = png_spec(kind.color_type, kind.depth, width, height);
          spec.interlaced = interlaced;
          const Decoded decoded = decode(make_png(spec));
          ASSERT_TRUE(decoded.ok()) << decoded.detail;
          expect_pixels(spec, decoded, height);
        }
      }
    }
  }
}

// Rows longer than what is inflated at a time, and a pass that takes more memory unpacked than packed.
TEST(PngSource, LongRowsAreDecoded) {
  PngSpec spec = png_spec(2, 8, 60'000, 3);
  for (const bool interlaced : {false, true}) {
    spec.interlaced = interlaced;
    const Decoded decoded = decode(make_png(spec));
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U);
    expect_pixels(spec, decoded, 3);
  }
  spec = png_spec(0, 1, 30'001, 3);
  spec.transparency = {0, 1};
  spec.interlaced = true;
  const Decoded decoded = decode(make_png(spec));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  expect_pixels(spec, decoded, 3);
}

TEST(PngSource, OtherProgramsSeeTheSame) {
  const std::string netpbm = "pngtopnm -mix -background=white @ | pamdepth 255";
  const std::string magick = "convert png:@ -background white -flatten -depth 8 ppm:-";
  for (const Kind& kind : kKinds) {
    for (const bool interlaced : {false, true}) {
      for (const bool transparent : {false, true}) {
        PngSpec spec = png_spec(kind.color_type, kind.depth, 45, 29);
        spec.interlaced = interlaced;
        if (kind.color_type < 4 && transparent) spec.transparency = some_transparency(spec);
        const ByteVector file = make_png(spec);
        const Decoded decoded = decode(file);
        ASSERT_TRUE(decoded.ok());
        // Y, Cb and Cr of 8 bits hold RGB to within 2. pngtopnm does not see the transparent colour of RGB
        // files.
        const Pnm reference = ask(kind.color_type == 2 && transparent ? magick : netpbm, file);
        EXPECT_LE(worst_difference(decoded, reference), 2.5)
            << int{kind.color_type} << ' ' << int{kind.depth};
      }
    }
  }
}

TEST(PngSource, AGreyPaletteGivesOnePlane) {
  PngSpec spec = png_spec(3, 4, 20, 20);
  spec.palette.clear();
  for (std::uint8_t i = 0; i < 16; ++i) append(spec.palette, {i, i, i});
  const Decoded decoded = decode(make_png(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.planes.size(), 1U);
  expect_pixels(spec, decoded, 20);
}

TEST(PngSource, IndicesBeyondThePaletteAreBlack) {
  PngSpec spec = png_spec(3, 8, 20, 20);
  spec.palette = {255, 0, 0, 0, 255, 0};
  spec.sample = [](std::uint32_t x, std::uint32_t, std::uint32_t) { return x; };
  const Decoded decoded = decode(make_png(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.planes[0].at(0, 0), 76);
  EXPECT_EQ(decoded.planes[0].at(5, 3), 0);
  EXPECT_EQ(decoded.planes[1].at(5, 3), 128);
}

TEST(PngSource, AMissingPaletteIsDamage) {
  PngSpec spec = png_spec(3, 8, 20, 20);
  spec.palette.clear();
  EXPECT_EQ(decode(make_png(spec)).error, ErrorCode::kCorruptImage);
}

// As libpng: a damaged palette is not used, a damaged tRNS is passed over.
TEST(PngSource, DamagedColorChunksAreNotUsed) {
  PngSpec spec = png_spec(3, 8, 20, 20);
  spec.transparency = {0};
  const ByteVector file = make_png(spec);
  const auto chunk_at = [&](std::string_view type) {
    return static_cast<std::size_t>(std::search(file.begin(), file.end(), type.begin(), type.end()) -
                                    file.begin());
  };
  ByteVector damaged = file;
  damaged[chunk_at("PLTE") + 4] ^= 1;
  EXPECT_EQ(decode(damaged).error, ErrorCode::kCorruptImage);
  damaged = file;
  damaged[chunk_at("tRNS") + 4] ^= 1;
  const Decoded decoded = decode(damaged);
  ASSERT_TRUE(decoded.ok());
  spec.transparency.clear();
  expect_pixels(spec, decoded, 20);
}

TEST(PngSource, TransparencyThatDoesNotFitIsPassedOver) {
  for (const Kind& kind : {Kind{0, 8}, Kind{2, 8}, Kind{3, 2}, Kind{6, 8}}) {
    PngSpec spec = png_spec(kind.color_type, kind.depth, 20, 20);
    spec.transparency = ByteVector(5, 0);
    const Decoded decoded = decode(make_png(spec));
    ASSERT_TRUE(decoded.ok());
    spec.transparency.clear();
    expect_pixels(spec, decoded, 20);
  }
}

TEST(PngSource, OtherChunksCostNothing) {
  PngSpec spec = png_spec(2, 8, 20, 20);
  // Twenty megabytes of zeroes in a text and in a profile, three of something unknown, nine of plain text.
  ByteVector bomb = {'n', 'a', 'm', 'e', 0, 0};
  append(bomb, png_maker::deflate(ByteVector(20'000'000, 0)));
  append(spec.before_data, png_chunk("zTXt", bomb));
  append(spec.before_data, png_chunk("iCCP", bomb));
  append(spec.before_data, png_chunk("vpAg", ByteVector(3'000'000, 7)));
  append(spec.after_data, png_chunk("tEXt", ByteVector(9'000'000, 'a')));
  const Decoded decoded = decode(make_png(spec));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, 0U);
  expect_pixels(spec, decoded, 20);
}

TEST(PngSource, EveryPrefixIsRefusedOrWarnedOf) {
  for (const bool interlaced : {false, true}) {
    for (const Kind& kind : {Kind{2, 8}, Kind{3, 4}, Kind{0, 16}}) {
      PngSpec spec = png_spec(kind.color_type, kind.depth, 24, 24);
      spec.interlaced = interlaced;
      const ByteVector file = make_png(spec);
      ASSERT_EQ(decode(file).warnings, 0U);
      const PrefixOutcomes outcomes = decode_every_prefix(file);
      EXPECT_GT(outcomes.refused, 0U);
      EXPECT_GT(outcomes.warned, 10U);
      EXPECT_EQ(outcomes.clean, 0U);
    }
  }
}

TEST(PngSource, ACutFileKeepsItsRowsAndIsWhiteBelow) {
  for (const Kind& kind : {Kind{2, 8}, Kind{0, 8}, Kind{6, 8}}) {
    PngSpec spec = png_spec(kind.color_type, kind.depth, 64, 100);
    const ByteVector file = make_png(spec);
    const Decoded decoded = decode(Bytes(file).first(file.size() / 2));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.warnings, kWarnTruncated);
    expect_pixels(spec, decoded, 20);
    EXPECT_EQ(decoded.planes[0].at(10, 99), 255);
    if (decoded.planes.size() == 3) EXPECT_EQ(decoded.planes[2].at(10, 99), 128);
  }
}

// A file whose data ends behind `size` bytes of its rows: a stored block that announces more than there is.
ByteVector png_cut_behind(const PngSpec& spec, std::size_t size) {
  const ByteVector rows = png_rows(spec);
  EXPECT_LT(rows.size(), 65'536U);
  const auto low = static_cast<std::uint8_t>(rows.size() & 255);
  const auto high = static_cast<std::uint8_t>(rows.size() >> 8);
  ByteVector data = {
      0x78, 0x01, 1, low, high, static_cast<std::uint8_t>(~low), static_cast<std::uint8_t>(~high)};
  append(data, ByteVector(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(size)));
  return make_png_with_data(spec, data);
}

TEST(PngSource, DecodedRowsAreThoseOfTheFile) {
  for (const Kind& kind : {Kind{2, 8}, Kind{3, 4}, Kind{4, 16}, Kind{0, 1}}) {
    const PngSpec spec = png_spec(kind.color_type, kind.depth, 33, 41);
    const std::size_t row = png_rows(spec).size() / spec.height;
    EXPECT_EQ(decode(make_png(spec)).decoded_rows, 41U);
    for (const std::size_t size : {row, 16 * row, 17 * row - 1, 17 * row, 30 * row + 2, 41 * row - 1}) {
      const Decoded decoded = decode(png_cut_behind(spec, size));
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(decoded.decoded_rows, size / row);
      EXPECT_EQ(decoded.warnings, kWarnTruncated);
      expect_pixels(spec, decoded, decoded.decoded_rows);
    }
    // All rows, but no checksum.
    const Decoded decoded = decode(png_cut_behind(spec, 41 * row));
    EXPECT_EQ(decoded.decoded_rows, 41U);
    EXPECT_EQ(decoded.warnings, kWarnTruncated);
  }
}

// Up to the fifth pass every other pixel of a row at least is a neighbour's; the seventh adds the rows
// between.
TEST(PngSource, RowsOfAnInterlacedFileCountWhenTheSixthPassCoversThem) {
  PngSpec spec = png_spec(2, 8, 33, 41);
  spec.interlaced = true;
  // Bytes of a row of each pass with its filter byte, and rows.
  constexpr std::size_t kRow[] = {1 + 15, 1 + 12, 1 + 27, 1 + 24, 1 + 51, 1 + 48, 1 + 99};
  constexpr std::size_t kRows[] = {6, 6, 5, 11, 10, 21, 20};
  std::size_t before = 0;
  for (std::size_t pass = 0; pass < 5; ++pass) before += kRow[pass] * kRows[pass];
  const std::size_t behind = before + kRow[5] * kRows[5];
  ASSERT_EQ(png_rows(spec).size(), behind + kRow[6] * kRows[6]);
  struct Case {
    std::size_t size;
    std::uint32_t rows;
  };
  const Case cases[] = {{kRow[0] * kRows[0], 0},
                        {before - 1, 0},
                        {before, 0},
                        {before + kRow[5], 2},
                        {before + 9 * kRow[5], 18},
                        {before + 10 * kRow[5] - 1, 18},
                        {behind - kRow[5], 40},
                        {behind, 41},
                        {behind + 3 * kRow[6], 41},
                        {behind + 20 * kRow[6], 41}};
  for (const Case& c : cases) {
    const Decoded decoded = decode(png_cut_behind(spec, c.size));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.decoded_rows, c.rows) << c.size;
    EXPECT_EQ(decoded.warnings, kWarnTruncated);
  }
  EXPECT_EQ(decode(make_png(spec)).decoded_rows, 41U);
}

// One column has no second, fourth and sixth pass.
TEST(PngSource, RowsOfAnInterlacedColumnCountFromTheFifthPassOn) {
  PngSpec spec = png_spec(0, 8, 1, 17);
  spec.interlaced = true;
  // Two bytes a row: 3 rows of pass 1, 2 of pass 3, 4 of pass 5, 8 of pass 7.
  ASSERT_EQ(png_rows(spec).size(), 34U);
  EXPECT_EQ(decode(png_cut_behind(spec, 17)).decoded_rows, 0U);
  EXPECT_EQ(decode(png_cut_behind(spec, 18)).decoded_rows, 17U);
  EXPECT_EQ(decode(png_cut_behind(spec, 30)).decoded_rows, 17U);
  EXPECT_EQ(decode(make_png(spec)).decoded_rows, 17U);
}

// Luma as ever, and chroma by means of 2 x 2 pixels.
void expect_halved_chroma(const PngSpec& spec, const Decoded& decoded, std::uint32_t rows) {
  ASSERT_EQ(decoded.planes.size(), 3U);
  const PlaneGeometry& chroma = decoded.planes[1].geometry;
  ASSERT_EQ(chroma.width, spec.width / 2);
  ASSERT_EQ(chroma.height, spec.height / 2);
  EXPECT_EQ(chroma.extent_width, spec.width / 2);
  EXPECT_EQ(chroma.extent_height, spec.height / 2);
  double worst = 0;
  for (std::uint32_t y = 0; y < rows; y += 2) {
    for (std::uint32_t x = 0; x < spec.width; x += 2) {
      Ycc mean{0, 0, 0};
      for (const auto& [px, py] : {std::pair{x, y}, {x + 1, y}, {x, y + 1}, {x + 1, y + 1}}) {
        const Ycc exact = ycc_of(png_pixel(spec, px, py));
        worst = std::max(worst, std::abs(exact.y - decoded.planes[0].at(px, py)));
        mean.cb += exact.cb / 4;
        mean.cr += exact.cr / 4;
      }
      worst = std::max({worst, std::abs(mean.cb - decoded.planes[1].at(x / 2, y / 2)),
                        std::abs(mean.cr - decoded.planes[2].at(x / 2, y / 2))});
    }
  }
  EXPECT_LE(worst, spec.depth == 16 || spec.color_type == 6 || !spec.transparency.empty() ? 1.6 : 1.0);
}

TEST(PngSource, ChromaIsHalvedWhereItIsWantedSmaller) {
  for (const Kind& kind : {Kind{2, 8}, Kind{2, 16}, Kind{6, 8}, Kind{6, 16}}) {
    for (const bool interlaced : {false, true}) {
      for (const bool transparent : {false, true}) {
        if (transparent && kind.color_type >= 4) continue;
        PngSpec spec = png_spec(kind.color_type, kind.depth, 74, 42);
        spec.interlaced = interlaced;
        if (transparent) spec.transparency = some_transparency(spec);
        const ByteVector file = make_png(spec);
        const Decoded halved = decode(file, {37, 21});
        ASSERT_TRUE(halved.ok()) << halved.detail;
        EXPECT_EQ(halved.warnings, 0U);
        expect_halved_chroma(spec, halved, spec.height);
        // A little more than half of it is wanted.
        EXPECT_EQ(decode(file, {38, 21}).planes[1].geometry.width, 74U);
        EXPECT_EQ(decode(file, {37, 22}).planes[1].geometry.width, 74U);
      }
    }
  }
}

TEST(PngSource, ChromaOfOddSidesOfPalettesAndOfGreyIsNotHalved) {
  for (const auto& [width, height] : {std::pair{41U, 40U}, {40U, 41U}})
    EXPECT_EQ(decode(make_png(png_spec(2, 8, width, height)), {1, 1}).planes[1].geometry.width, width);
  EXPECT_EQ(decode(make_png(png_spec(3, 8, 40, 40)), {1, 1}).planes[1].geometry.width, 40U);
  EXPECT_EQ(decode(make_png(png_spec(4, 8, 40, 40)), {1, 1}).planes.size(), 1U);
}

// At every length, so that the last row is the upper one of two in some.
TEST(PngSource, ACutFileWithHalvedChromaIsWhiteBelow) {
  for (const std::uint8_t color_type : {std::uint8_t{2}, std::uint8_t{6}}) {
    const PngSpec spec = png_spec(color_type, 8, 64, 60);
    const ByteVector file = make_png(spec);
    for (std::size_t length = file.size() / 4; length < file.size() / 2; length += 7) {
      const Decoded decoded = decode(Bytes(file).first(length), {1, 1});
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(decoded.warnings, kWarnTruncated);
      expect_halved_chroma(spec, decoded, 10);
      EXPECT_EQ(decoded.planes[0].at(10, 59), 255);
      EXPECT_EQ(decoded.planes[1].at(10, 29), 128);
      EXPECT_EQ(decoded.planes[2].at(10, 29), 128);
    }
  }
}

TEST(PngSource, ACutInterlacedFileHasNoHoles) {
  PngSpec spec = png_spec(0, 8, 64, 64);
  spec.interlaced = true;
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t) { return 60 + 2 * x + y / 2; };
  const ByteVector file = make_png(spec);
  const Decoded decoded = decode(Bytes(file).first(file.size() / 2));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  // Each pixel is there or has the value of one that is at most 7 away.
  for (std::uint32_t y = 0; y < 64; ++y) {
    for (std::uint32_t x = 0; x < 64; ++x) EXPECT_NEAR(decoded.planes[0].at(x, y), 60 + 2 * x + y / 2, 18);
  }
}

TEST(PngSource, ABadChecksumIsWarnedOf) {
  PngSpec spec = png_spec(2, 8, 30, 30);
  spec.data_chunk = 1 << 20;
  ByteVector file = make_png(spec);
  file[file.size() - 13] ^= 1;  // the CRC of the IDAT before the 12 bytes of IEND
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  expect_pixels(spec, decoded, 30);
}

TEST(PngSource, BadHeadersAreRefused) {
  const PngSpec good = png_spec(2, 8, 30, 30);
  struct Case {
    const char* name;
    std::size_t offset;  // into the data of IHDR
    std::uint8_t value;
  };
  const Case cases[] = {{"depth", 8, 3},       {"depth for RGB", 8, 4}, {"colour type", 9, 1},
                        {"colour type", 9, 7}, {"method", 10, 1},       {"filter", 11, 1},
                        {"interlace", 12, 2},  {"width", 3, 0},         {"bad CRC", 99, 0}};
  for (const Case& c : cases) {
    ByteVector file = make_png(good);
    if (c.offset == 99) {
      file[29] ^= 1;
    } else {
      ByteVector data(file.begin() + 16, file.begin() + 29);
      data[c.offset] = c.value;
      const ByteVector chunk = png_chunk("IHDR", data);
      std::copy(chunk.begin(), chunk.end(), file.begin() + 8);
    }
    EXPECT_EQ(decode(file).error, ErrorCode::kCorruptImage) << c.name;
  }
}

TEST(PngSource, AppleVariantIsNamed) {
  ByteVector file = png_signature();
  append(file, png_chunk("CgBI", {0x50, 0, 0x20, 6}));
  append(file, png_header_chunk(png_spec(6, 8, 10, 10)));
  const Decoded decoded = decode(file);
  EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature);
  EXPECT_NE(decoded.detail.find("CgBI"), std::string::npos);
}

TEST(PngSource, DamageNeverCrashes) {
  std::uint32_t seed = 1;
  for (const Kind& kind : kKinds) {
    for (const bool interlaced : {false, true}) {
      PngSpec spec = png_spec(kind.color_type, kind.depth, 24, 24);
      spec.interlaced = interlaced;
      if (kind.color_type < 4) spec.transparency = some_transparency(spec);
      decode_with_damage(make_png(spec), 100, seed++);
    }
  }
}

// Changes to the deflated data that no checksum of a chunk reveals.
TEST(PngSource, DamageInsideTheDataNeverCrashes) {
  std::uint32_t state = 3;
  for (int round = 0; round < 600; ++round) {
    PngSpec spec = png_spec(2, 8, 24, 24);
    spec.interlaced = round % 2 == 1;
    ByteVector data = png_data(spec);
    state = state * 1664525U + 1013904223U;
    data[(state >> 8) % data.size()] ^= static_cast<std::uint8_t>(1U << (state & 7));
    const Decoded decoded = decode(make_png_with_data(spec, data));
    EXPECT_TRUE(decoded.ok() ? decoded.warnings == kWarnTruncated
                             : decoded.error == ErrorCode::kCorruptImage);
  }
}

TEST(PngSource, HugeClaimsAreRefusedAtOnce) {
  PngSpec spec = png_spec(2, 8, 65535, 65535);
  const ByteVector zeroes = png_maker::deflate(ByteVector(1 << 20, 0));
  for (const bool interlaced : {false, true}) {
    spec.interlaced = interlaced;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(decode(make_png_with_data(spec, zeroes)).error, ErrorCode::kImageTooLarge);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  }
  // Within the limits, but there is not enough data for the first pass: no memory is taken for the rest.
  spec = png_spec(2, 8, 10000, 10000);
  spec.interlaced = true;
  EXPECT_EQ(decode(make_png_with_data(spec, ByteVector(100, 0))).error, ErrorCode::kCorruptImage);
}

// One colour, deflated as far as it goes.
TEST(PngSource, PicturesOfOneColourAreDecodedUpTo64Mebibytes) {
  struct Case {
    std::uint8_t color_type, depth;
    std::uint32_t width, height;
    bool interlaced, decoded;
  };
  const Case cases[] = {{0, 8, 8192, 8192, false, true},  {0, 8, 8192, 8193, false, false},
                        {2, 8, 8192, 2731, false, false}, {6, 8, 4096, 4096, true, true},
                        {6, 8, 4096, 4097, true, false},  {0, 1, 10000, 10000, false, true},
                        {0, 1, 10000, 10000, true, false}};
  for (const Case& c : cases) {
    PngSpec spec = png_spec(c.color_type, c.depth, c.width, c.height);
    spec.interlaced = c.interlaced;
    // It is the amount of data that open() looks at.
    const std::size_t pixels = std::size_t{c.width} * c.height * png_maker::channels(c.color_type);
    const ByteVector file = make_png_with_data(spec, ByteVector(pixels / 1000, 0));
    const auto source = open_row_source(file, kFullSize, {});
    EXPECT_EQ(source.ok(), c.decoded) << c.width << 'x' << c.height;
    if (c.decoded) continue;
    EXPECT_EQ(source.error().code, ErrorCode::kCorruptImage);
    EXPECT_NE(std::string(source.error().detail).find("64 MiB"), std::string::npos) << source.error().detail;
  }
}

TEST(PngSource, FloodsOfChunksAreRefused) {
  PngSpec spec = png_spec(2, 8, 20, 20);
  ByteVector flood;
  for (int i = 0; i < 100'000; ++i) append(flood, png_chunk("tEXt", {}));
  spec.before_data = flood;
  EXPECT_TRUE(decode(make_png(spec)).ok());
  append(spec.before_data, flood);
  const Decoded decoded = decode(make_png(spec));
  EXPECT_EQ(decoded.error, ErrorCode::kCorruptImage);
  EXPECT_NE(decoded.detail.find("chunks"), std::string::npos) << decoded.detail;
}

// No more than one of them is inflated.
TEST(PngSource, ManyProfilesCostNoMoreThanOne) {
  PngSpec spec = png_spec(2, 8, 20, 20);
  ByteVector profile = {'n', 0, 0};
  append(profile, png_maker::deflate(ByteVector(64 * 1024, 0)));
  const ByteVector chunk = png_chunk("iCCP", profile);
  for (int i = 0; i < 100'000; ++i) append(spec.before_data, chunk);
  const ByteVector file = make_png(spec);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(inspect_image(file, {}).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - start,
            std::chrono::seconds(3));  // under sanitizers
}

TEST(PngSource, InterlacedMemoryIsLimited) {
  PngSpec spec = png_spec(2, 8, 100, 100);
  Limits limits;
  limits.max_decoder_bytes = 100 * 100 * 3 - 1;
  EXPECT_TRUE(decode(make_png(spec), kFullSize, limits).ok());
  spec.interlaced = true;
  EXPECT_EQ(decode(make_png(spec), kFullSize, limits).error, ErrorCode::kImageTooLarge);
  limits.max_decoder_bytes += 1;
  EXPECT_TRUE(decode(make_png(spec), kFullSize, limits).ok());
}

// Sizes at which products of 32 bits would wrap to small ones: 17 rows of the first have 2^32 + 16 bytes with
// their padding. (Eight times these sizes are beyond what the file's data can hold.)
TEST(PngSource, SizesThatWouldWrapAreRefused) {
  struct Case {
    std::uint8_t color_type, depth;
    std::uint32_t width, height;
    bool interlaced;
  };
  const Case cases[] = {
      {0, 8, 252'645'120, 1, false}, {0, 8, 252'645'120, 1, true},  {4, 8, 126'322'560, 1, false},
      {2, 8, 84'215'040, 1, false},  {6, 8, 63'161'280, 1, false},  {6, 16, 31'580'640, 1, false},
      {6, 16, 0x7fff'ffff, 1, true}, {0, 1, 0x7fff'ffff, 1, false}, {3, 1, 268'435'457, 2, false},
      {0, 8, 65'536, 65'536, true},
  };
  Limits limits;
  limits.max_dimension = 0xffff'ffff;
  limits.max_pixels = limits.max_decoder_bytes = ~std::uint64_t{0};
  limits.max_input_bytes = 1U << 30;
  for (const Case& c : cases) {
    PngSpec spec = png_spec(c.color_type, c.depth, c.width, c.height);
    spec.interlaced = c.interlaced;
    spec.data_chunk = 1U << 30;
    // It is the amount of data that open() looks at: a byte for so many of pixels.
    const std::uint64_t bits =
        std::uint64_t{c.width} * c.height * png_maker::channels(c.color_type) * c.depth;
    const std::uint64_t wanted =
        std::min<std::uint64_t>(bits / 8 / (c.interlaced ? 64 : 256) + 1, 70'000'000);
    const ByteVector file = make_png_with_data(spec, ByteVector(static_cast<std::size_t>(wanted), 0));
    const auto source = open_row_source(file, kFullSize, limits);
    ASSERT_FALSE(source.ok()) << c.width << 'x' << c.height;
    EXPECT_EQ(source.error().code, ErrorCode::kImageTooLarge) << c.width << 'x' << c.height;
  }
}

TEST(PngSource, NothingIsPrinted) {
  const ByteVector file = make_png(png_spec(2, 8, 24, 24));
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  decode_with_damage(file, 100, 5);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

TEST(PngSource, TheHeaderIsReadOnce) {
  for (const bool interlaced : {false, true}) {
    PngSpec spec = png_spec(2, 8, 37, 21);
    spec.interlaced = interlaced;
    const ByteVector file = make_png(spec);
    expect_header_is_read_once(file, 0, text_offset(file, "IDAT") - 4);
  }
}

}  // namespace
}  // namespace netocr::png
