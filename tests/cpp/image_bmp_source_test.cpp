// BMP decoding: every header, depth and coding against the pixels that the files were made from, and against
// ImageMagick; damage, bombs and limits.
#include "image/bmp_source.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <chrono>

#include "image_bmp_maker.hpp"

namespace netocr::testing {
namespace {

constexpr std::uint32_t kBitFields = 3;
constexpr std::uint32_t kAlphaBitFields = 6;
constexpr std::uint16_t kDepths[] = {1, 2, 4, 8, 16, 24, 32};
constexpr std::uint16_t kRleDepths[] = {4, 8};

double channel(std::uint32_t pixel, std::uint32_t mask) {
  if (mask == 0) return 0;
  const std::uint32_t most = mask >> std::countr_zero(mask);
  return ((pixel & mask) >> std::countr_zero(mask)) * 255.0 / most;
}

// What a viewer shows for a packed pixel or an index.
Rgb shown(const BmpSpec& spec, std::uint32_t pixel) {
  if (spec.bits <= 8) {
    const auto& entry = spec.palette[pixel];
    return {1.0 * entry[0], 1.0 * entry[1], 1.0 * entry[2]};
  }
  std::vector<std::uint32_t> masks = spec.masks;
  if (masks.empty() && spec.bits == 16) masks = {0x7c00, 0x03e0, 0x001f};
  if (masks.empty()) masks = {0xff0000, 0x00ff00, 0x0000ff};
  const double alpha = masks.size() > 3 && masks[3] != 0 ? channel(pixel, masks[3]) : 255;
  return {over_white(channel(pixel, masks[0]), alpha), over_white(channel(pixel, masks[1]), alpha),
          over_white(channel(pixel, masks[2]), alpha)};
}

double worst_pixel(const BmpSpec& spec, const Decoded& decoded, std::uint32_t first_row = 0) {
  double worst = 0;
  for (std::uint32_t y = first_row; y < spec.height; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const Ycc expected = ycc_of(shown(spec, spec.pixel(x, y)));
      const Ycc got = pixel(decoded, x, y);
      worst = std::max({worst, std::abs(got.y - expected.y), std::abs(got.cb - expected.cb),
                        std::abs(got.cr - expected.cr)});
    }
  }
  return worst;
}

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

// Encodes rows from the bottom up with every kind of code: runs, literals, moves, ends of rows.
ByteVector rle_stream(const BmpSpec& spec) {
  ByteVector out;
  const bool four = spec.bits == 4;
  for (std::uint32_t i = 0; i < spec.height; ++i) {
    const std::uint32_t y = spec.height - 1 - i;
    std::uint32_t x = 0;
    while (x < spec.width) {
      const std::uint32_t left = spec.width - x;
      if ((x + y) % 3 == 0 && left >= 3) {
        const std::uint32_t count = std::min(left, 3 + y % 9);
        out.insert(out.end(), {0, static_cast<std::uint8_t>(count)});
        std::uint32_t bytes = 0;
        for (std::uint32_t k = 0; k < count; k += four ? 2 : 1, ++bytes) {
          const std::uint32_t first = spec.pixel(x + k, y);
          const std::uint32_t second = k + 1 < count ? spec.pixel(x + k + 1, y) : 0;
          out.push_back(static_cast<std::uint8_t>(four ? first << 4 | second : first));
        }
        if (bytes % 2 == 1) out.push_back(0);
        x += count;
      } else {
        std::uint32_t count = 1;
        while (count < std::min(left, 255U) && spec.pixel(x + count, y) == spec.pixel(x, y)) ++count;
        const std::uint32_t value = spec.pixel(x, y);
        out.insert(out.end(), {static_cast<std::uint8_t>(count),
                               static_cast<std::uint8_t>(four ? value << 4 | value : value)});
        x += count;
      }
    }
    out.insert(out.end(), {0, 0});
  }
  out.insert(out.end(), {0, 1});
  return out;
}

BmpSpec rle_spec(std::uint16_t bits, std::uint32_t width, std::uint32_t height) {
  BmpSpec spec = bmp_spec(bits, width, height);
  const std::uint32_t most = (1U << bits) - 1;
  spec.pixel = [most](std::uint32_t x, std::uint32_t y) {
    return ((x / 4) * 5 + y * 3 + (x % 11 == 0 ? 1 : 0)) & most;
  };
  spec.compression = bits == 8 ? 1 : 2;
  spec.stream = rle_stream(spec);
  return spec;
}

TEST(BmpSource, RunLengthsAreDecoded) {
  for (const std::uint16_t bits : kRleDepths) {
    for (const auto& [width, height] : {std::pair{61U, 40U}, {1U, 5U}, {300U, 3U}}) {
      const BmpSpec spec = rle_spec(bits, width, height);
      const ByteVector file = make_bmp(spec);
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, 0U);
      EXPECT_LE(worst_pixel(spec, decoded), 1.0) << bits << ' ' << width;
      EXPECT_LE(worst_difference(decoded, ask("convert bmp:@ -depth 8 ppm:-", file)), 3.0);
    }
  }
}

TEST(BmpSource, RunLengthMovesLeaveTheFirstColour) {
  BmpSpec spec = bmp_spec(8, 10, 4);
  spec.palette = {{0, 0, 255}, {255, 255, 255}, {255, 0, 0}};
  spec.compression = 1;
  // Bottom row: one white pixel at 2. Two rows up, from there 3 on: two red ones. Then the end.
  spec.stream = {0, 2, 2, 0, 1, 1, 0, 2, 3, 2, 2, 2, 0, 1};
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.warnings, 0U);
  const int blue = 29, white = 255, red = 76;
  for (std::uint32_t y = 0; y < 4; ++y) {
    for (std::uint32_t x = 0; x < 10; ++x) {
      const int expected = y == 3 && x == 2 ? white : y == 1 && (x == 6 || x == 7) ? red : blue;
      EXPECT_EQ(decoded.planes[0].at(x, y), expected) << x << ' ' << y;
    }
  }
}

// Rows that are too long, moves beyond the picture, rows beyond the last one: clipped.
TEST(BmpSource, RunLengthsBeyondThePictureAreClipped) {
  BmpSpec spec = bmp_spec(8, 5, 2);
  spec.palette = {{0, 0, 0}, {255, 255, 255}};
  spec.compression = 1;
  const ByteVector streams[] = {
      {255, 1, 0, 0, 255, 1, 0, 1},
      {5, 1, 255, 0, 0, 2, 255, 0, 9, 0, 0, 0, 5, 1, 0, 0, 5, 0, 0, 0, 5, 0},
      {0, 9, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 2, 0, 200, 7, 0, 0, 1},
  };
  for (const ByteVector& stream : streams) {
    spec.stream = stream;
    const Decoded decoded = decode(make_bmp(spec));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.planes[0].samples, ByteVector(10, 255));
  }
}

TEST(BmpSource, EveryPrefixIsRefusedOrWarnedOf) {
  std::vector<BmpSpec> specs = {bmp_spec(24, 12, 12), bmp_spec(1, 12, 12), rle_spec(8, 20, 12),
                                rle_spec(4, 20, 12)};
  for (const BmpSpec& spec : specs) {
    const ByteVector file = make_bmp(spec);
    ASSERT_EQ(decode(file).warnings, 0U);
    const PrefixOutcomes outcomes = decode_every_prefix(file);
    EXPECT_GT(outcomes.refused, 0U);
    EXPECT_GT(outcomes.warned, 10U);
    // The padding of the last row, or the end codes of RLE.
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

TEST(BmpSource, VariantsThatAreNotDecodedAreNamed) {
  struct Case {
    const char* name;
    std::uint16_t bits;
    std::uint32_t header_size, compression;
  };
  const Case cases[] = {{"embedded", 0, 40, 4}, {"embedded", 0, 124, 5}, {"Huffman", 1, 64, 3},
                        {"RLE24", 24, 64, 4},   {"64-bit", 64, 40, 0},   {"CMYK", 32, 40, 11},
                        {"Huffman", 1, 40, 3}};
  for (const Case& c : cases) {
    BmpSpec spec = bmp_spec(c.bits == 1 ? 1 : 24, 8, 8);
    spec.bits = c.bits;
    spec.header_size = c.header_size;
    spec.compression = c.compression;
    spec.stream = ByteVector(64, 1);
    const Decoded decoded = decode(make_bmp(spec));
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature) << c.name;
    EXPECT_NE(decoded.detail.find(c.name), std::string::npos) << decoded.detail;
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
  for (const std::uint16_t bits : kRleDepths)
    decode_with_damage(make_bmp(rle_spec(bits, 40, 30)), 1500, seed++);
}

TEST(BmpSource, HugeClaimsAreRefusedAtOnce) {
  struct Case {
    const char* name;
    std::uint32_t width, height;
    ByteVector stream;
    ErrorCode code;
  };
  const Case cases[] = {{"over the limit", 65535, 65535, {0, 1}, ErrorCode::kImageTooLarge},
                        {"over the limit", 0x7fffffff, 0x7fffffff, {1, 1, 0, 1}, ErrorCode::kImageTooLarge},
                        {"no pixels", 10000, 10000, {0, 1}, ErrorCode::kCorruptImage},
                        {"no pixels", 10000, 10000, {0, 2, 255, 255}, ErrorCode::kCorruptImage}};
  for (const Case& c : cases) {
    BmpSpec spec = bmp_spec(8, c.width, c.height);
    spec.compression = 1;
    spec.stream = c.stream;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(decode(make_bmp(spec)).error, c.code) << c.name;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << c.name;
  }
}

}  // namespace
}  // namespace netocr::testing
