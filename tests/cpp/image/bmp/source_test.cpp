// BMP decoding of uncompressed files: every header and depth against the pixels that the files were made
// from, and against ImageMagick; damage.
#include "image/bmp/source.hpp"

#include <gtest/gtest.h>

#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/read_once.hpp"
#include "cpp/image/truncation.hpp"

namespace netocr::bmp {
namespace {

using namespace netocr::testing;

constexpr std::uint32_t kBitFields = 3;
constexpr std::uint32_t kAlphaBitFields = 6;
constexpr std::uint16_t kDepths[] = {1, 2, 4, 8, 16, 24, 32};

std::vector<BmpSpec> every_kind(std::uint32_t width, std::uint32_t height) {
  std::vector<BmpSpec> specs;
  for (const std::uint16_t bits : kDepths) {
    for (const std::uint32_t header : {12U, 16U, 40U, 52U, 56U, 64U, 108U, 124U}) {
      if (header == 12 && (bits == 16 || bits == 32)) continue;  // OS/2 1.x had none
      BmpSpec spec = bmp_spec(bits, width, height);
      spec.header_size = header;
      specs.push_back(spec);
      if (header != 40 && header < 108) continue;
      spec.top_down = true;
      specs.push_back(spec);
    }
  }
  struct Masks {
    std::uint16_t bits;
    std::vector<std::uint32_t> masks;
  };
  const Masks kinds[] = {{16, {0xf800, 0x07e0, 0x001f}},
                         {16, {0x0f00, 0x00f0, 0x000f, 0xf000}},
                         {16, {0x7c00, 0x03e0, 0x001f, 0x8000}},
                         {32, {0x00ff0000, 0x0000ff00, 0x000000ff}},
                         {32, {0x000000ff, 0x0000ff00, 0x00ff0000, 0xff000000}},
                         {32, {0xffc00000, 0x003ff000, 0x00000ffc, 0x00000003}},
                         {32, {0xe0000000, 0x1fe00000, 0x001fc000}}};
  for (const Masks& kind : kinds) {
    BmpSpec spec = bmp_spec(kind.bits, width, height);
    spec.masks = kind.masks;
    const bool alpha = kind.masks.size() == 4;
    for (const std::uint32_t header : {40U, 52U, 56U, 108U, 124U}) {
      if (header == 52 && alpha) continue;  // V2 has no alpha mask
      spec.header_size = header;
      spec.compression = header == 40 && alpha ? kAlphaBitFields : kBitFields;
      specs.push_back(spec);
    }
  }
  return specs;
}

TEST(BmpSource, EveryKindIsDecoded) {
  for (const auto& [width, height] : {std::pair{37U, 21U}, {1U, 1U}, {8U, 3U}, {63U, 17U}}) {
    for (const BmpSpec& spec : every_kind(width, height)) {
      const ByteVector file = make_bmp(spec);
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail << " bits " << spec.bits << " header " << spec.header_size;
      EXPECT_EQ(decoded.warnings, 0U);
      // Masked channels are rounded to 8 bits before the conversion.
      EXPECT_LE(worst_pixel(spec, decoded), spec.bits == 16 || !spec.masks.empty() ? 1.6 : 1.0)
          << "bits " << spec.bits << " header " << spec.header_size << " masks " << spec.masks.size();
    }
  }
}

TEST(BmpSource, ImageMagickSeesTheSame) {
  for (const BmpSpec& spec : every_kind(37, 21)) {
    // What ImageMagick 6 does not read, or not exactly: 2 bits, some headers, alpha, masks of 3 bits.
    if (spec.bits == 2 || (spec.header_size != 12 && spec.header_size != 40 && spec.header_size != 124))
      continue;
    if (spec.masks.size() == 4 || (!spec.masks.empty() && spec.masks[0] == 0xe0000000)) continue;
    const ByteVector file = make_bmp(spec);
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok());
    EXPECT_LE(worst_difference(decoded, ask("convert bmp:@ -alpha off -depth 8 ppm:-", file)), 3.0)
        << "bits " << spec.bits << " header " << spec.header_size << " masks " << spec.masks.size();
  }
}

TEST(BmpSource, AGreyPaletteGivesOnePlane) {
  BmpSpec spec = bmp_spec(8, 20, 20);
  for (std::size_t i = 0; i < 256; ++i) spec.palette[i].fill(static_cast<std::uint8_t>(255 - i));
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.planes.size(), 1U);
  EXPECT_LT(worst_pixel(spec, decoded), 1e-6);
}

TEST(BmpSource, IndicesBeyondThePaletteAreBlack) {
  BmpSpec spec = bmp_spec(8, 16, 4);
  spec.palette = {{255, 0, 0}, {0, 255, 0}};
  spec.pixel = [](std::uint32_t x, std::uint32_t) { return x; };
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.planes[0].at(0, 0), 76);
  EXPECT_EQ(decoded.planes[0].at(9, 2), 0);
}

TEST(BmpSource, AlphaThatIsZeroEverywhereIsIgnored) {
  BmpSpec spec = bmp_spec(32, 12, 12);
  spec.header_size = 56;
  spec.compression = kBitFields;
  spec.masks = {0xff0000, 0xff00, 0xff, 0xff000000};
  const auto opaque = spec.pixel;
  spec.pixel = [opaque](std::uint32_t x, std::uint32_t y) { return opaque(x, y) & 0xffffff; };
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok());
  spec.masks.pop_back();
  EXPECT_LE(worst_pixel(spec, decoded), 1.0);
}

TEST(BmpSource, EveryPrefixIsRefusedOrWarnedOf) {
  for (const BmpSpec& spec : {bmp_spec(24, 12, 12), bmp_spec(1, 12, 12)}) {
    const ByteVector file = make_bmp(spec);
    ASSERT_EQ(decode(file).warnings, 0U);
    const PrefixOutcomes outcomes = decode_every_prefix(file);
    EXPECT_GT(outcomes.refused, 0U);
    EXPECT_GT(outcomes.warned, 10U);
    // The padding of the last row.
    EXPECT_LE(outcomes.clean, 4U) << spec.bits;
  }
}

TEST(BmpSource, ACutFileIsWhiteAbove) {
  const BmpSpec spec = bmp_spec(24, 16, 40);
  const ByteVector file = make_bmp(spec);
  const Decoded decoded = decode(Bytes(file).first(54 + 48 * 10 + 7));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  EXPECT_LE(worst_pixel(spec, decoded, 30), 1.0);
  EXPECT_EQ(decoded.planes[0].at(3, 29), 255);
  EXPECT_EQ(decoded.planes[1].at(3, 0), 128);
}

TEST(BmpSource, RowsOfACutFileAreCounted) {
  for (const bool top_down : {false, true}) {
    for (const std::uint16_t bits :
         {std::uint16_t{1}, std::uint16_t{8}, std::uint16_t{24}, std::uint16_t{32}}) {
      BmpSpec spec = bmp_spec(bits, 17, 20);
      spec.top_down = top_down;
      const ByteVector file = make_bmp(spec);
      const std::size_t header = file.size() - bmp_maker::rows(spec).size();
      const TruncationOutcome outcome =
          expect_rows_grow(file, {.header_bytes = header, .bottom_up = !top_down});
      EXPECT_GT(outcome.partial, 60U) << bits;
    }
  }
}

TEST(BmpSource, CmykIsNamed) {
  for (const std::uint32_t compression : {11U, 12U, 13U}) {
    BmpSpec spec = bmp_spec(32, 8, 8);
    spec.compression = compression;
    const Decoded decoded = decode(make_bmp(spec));
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature);
    EXPECT_NE(decoded.detail.find("CMYK"), std::string::npos) << decoded.detail;
  }
}

TEST(BmpSource, BadHeadersAreRefused) {
  struct Case {
    const char* name;
    std::size_t offset;
    ByteVector bytes;
  };
  const Case cases[] = {{"bit count", 28, {5}},
                        {"bit count zero", 28, {0}},
                        {"compression", 30, {9}},
                        {"RLE in 24 bits", 30, {1}},
                        {"masks in 24 bits", 30, {3}},
                        {"negative width", 21, {0xff}},
                        {"zero width", 18, {0, 0, 0, 0}},
                        {"zero height", 22, {0, 0, 0, 0}},
                        {"pixels beyond the end", 10, {0, 0, 9, 0}}};
  for (const Case& c : cases) {
    ByteVector file = make_bmp(bmp_spec(24, 10, 10));
    std::copy(c.bytes.begin(), c.bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(c.offset));
    EXPECT_EQ(decode(file).error, ErrorCode::kCorruptImage) << c.name;
  }
  BmpSpec zero_masks = bmp_spec(16, 10, 10);
  zero_masks.compression = kBitFields;
  zero_masks.masks = {0, 0, 0};
  EXPECT_EQ(decode(make_bmp(zero_masks)).error, ErrorCode::kCorruptImage);
}

// Zero, as some writers leave it: the pixels follow the palette.
TEST(BmpSource, AnOffsetIntoTheHeadersIsRepaired) {
  const BmpSpec spec = bmp_spec(8, 10, 10);
  ByteVector file = make_bmp(spec);
  file[10] = file[11] = 0;
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok());
  EXPECT_LE(worst_pixel(spec, decoded), 1.0);
}

TEST(BmpSource, DamageNeverCrashes) {
  std::uint32_t seed = 1;
  for (const BmpSpec& spec : every_kind(13, 9)) decode_with_damage(make_bmp(spec), 60, seed++);
}

// Four black rows, of which the file has the lower two and a half: it stores them bottom-up.
TEST(BmpSource, SixtyFourBitsMayBeCutOff) {
  BmpSpec spec = bmp_spec(24, 6, 4);
  spec.bits = 64;
  for (std::uint32_t i = 0; i < 6 * 4; ++i) bmp_maker::put(spec.stream, std::uint64_t{8192} << 48, 8);
  ByteVector file = make_bmp(spec);
  file.resize(file.size() - 6 * 8 * 3 / 2);
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  EXPECT_EQ(decoded.decoded_rows, 2U);
  for (std::uint32_t y = 0; y < 4; ++y)
    for (std::uint32_t x = 0; x < 6; ++x) EXPECT_EQ(decoded.planes[0].at(x, y), y < 2 ? 255 : 0) << y;
  file.resize(file.size() - 6 * 8 * 2);
  EXPECT_EQ(decode(file).error, ErrorCode::kCorruptImage) << "not even one row";
}

// Blue, green, red and alpha in linear light with 13 fraction bits (what GDI+ writes).
TEST(BmpSource, SixtyFourBitsAreLinearLight) {
  constexpr std::uint32_t kWidth = 61, kHeight = 33;
  const auto value = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    if (channel == 3) return static_cast<int>(8192 * (y % 5) / 4);
    return static_cast<int>(x * 150 + y * 40 * channel) - 400;  // below zero and above one, too
  };
  BmpSpec spec = bmp_spec(24, kWidth, kHeight);
  spec.bits = 64;
  for (std::uint32_t row = 0; row < kHeight; ++row) {
    for (std::uint32_t x = 0; x < kWidth; ++x) {
      for (std::uint32_t channel = 0; channel < 4; ++channel) {
        bmp_maker::put(spec.stream, static_cast<std::uint16_t>(value(x, kHeight - 1 - row, channel)), 2);
      }
    }
  }
  const auto coded = [](int linear) {
    const double light = std::clamp(linear / 8192.0, 0.0, 1.0);
    return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055);
  };
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, 0U);
  double worst = 0;
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    for (std::uint32_t x = 0; x < kWidth; ++x) {
      const double alpha = value(x, y, 3) * 255.0 / 8192;
      const Ycc expected =
          ycc_of({over_white(coded(value(x, y, 2)), alpha), over_white(coded(value(x, y, 1)), alpha),
                  over_white(coded(value(x, y, 0)), alpha)});
      const Ycc got = pixel(decoded, x, y);
      worst = std::max({worst, std::abs(got.y - expected.y), std::abs(got.cb - expected.cb),
                        std::abs(got.cr - expected.cr)});
    }
  }
  EXPECT_LE(worst, 1.8);
}

TEST(BmpSource, TheHeaderIsReadOnce) {
  expect_header_is_read_once(make_bmp(bmp_spec(24, 37, 21)), 0, 54);
  expect_header_is_read_once(make_bmp(bmp_spec(32, 37, 21)), 0, 54);
}

}  // namespace
}  // namespace netocr::bmp
