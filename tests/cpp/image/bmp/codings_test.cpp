// BMP decoding of compressed files: run lengths of 4, 8 and 24 bits, Huffman 1D, embedded JPEG and PNG;
// damage and bombs.
#include <gtest/gtest.h>

#include <chrono>

#include "base/bytes.hpp"
#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/truncation.hpp"
#include "image/bmp/source.hpp"

namespace netocr::testing {
namespace {

constexpr std::uint16_t kRleDepths[] = {4, 8, 24};

// The bytes of the pixels from x on: packed pairs of RLE4, one byte, or blue, green and red.
ByteVector packed(const BmpSpec& spec, std::uint32_t x, std::uint32_t y, std::uint32_t count) {
  ByteVector out;
  for (std::uint32_t k = 0; k < count; ++k) {
    const std::uint32_t value = spec.pixel(x + k, y);
    if (spec.bits > 4) {
      bmp_maker::put(out, value, spec.bits / 8);
    } else if (k % 2 == 0) {
      out.push_back(static_cast<std::uint8_t>(value << 4));
    } else {
      out.back() = static_cast<std::uint8_t>(out.back() | value);
    }
  }
  return out;
}

// Encodes rows from the bottom up with runs, literals and ends of rows.
ByteVector rle_stream(const BmpSpec& spec) {
  ByteVector out;
  for (std::uint32_t i = 0; i < spec.height; ++i) {
    const std::uint32_t y = spec.height - 1 - i;
    std::uint32_t x = 0;
    while (x < spec.width) {
      const std::uint32_t left = spec.width - x;
      std::uint32_t count = 1;
      if ((x + y) % 3 == 0 && left >= 3) {
        count = std::min(left, 3 + y % 9);
        out.insert(out.end(), {0, static_cast<std::uint8_t>(count)});
        ByteVector literal = packed(spec, x, y, count);
        literal.resize((literal.size() + 1) / 2 * 2);
        append(out, literal);
      } else {
        while (count < std::min(left, 255U) && spec.pixel(x + count, y) == spec.pixel(x, y)) ++count;
        out.push_back(static_cast<std::uint8_t>(count));
        ByteVector value = packed(spec, x, y, 1);
        if (spec.bits == 4) value[0] = static_cast<std::uint8_t>(value[0] | value[0] >> 4);
        append(out, value);
      }
      x += count;
    }
    out.insert(out.end(), {0, 0});
  }
  out.insert(out.end(), {0, 1});
  return out;
}

BmpSpec rle_spec(std::uint16_t bits, std::uint32_t width, std::uint32_t height) {
  BmpSpec spec = bmp_spec(bits, width, height);
  const std::uint32_t factor = bits == 24 ? 77777 : 1;
  const std::uint32_t most = (1U << bits) - 1;
  spec.pixel = [most, factor](std::uint32_t x, std::uint32_t y) {
    return (((x / 4) * 5 + y * 3 + (x % 11 == 0 ? 1 : 0)) * factor) & most;
  };
  spec.compression = bits == 24 ? 4 : bits == 8 ? 1 : 2;
  if (bits == 24) spec.header_size = 64;
  spec.stream = rle_stream(spec);
  return spec;
}

TEST(BmpRle, RunLengthsAreDecoded) {
  for (const std::uint16_t bits : kRleDepths) {
    for (const auto& [width, height] : {std::pair{61U, 40U}, {1U, 5U}, {300U, 3U}}) {
      const BmpSpec spec = rle_spec(bits, width, height);
      const ByteVector file = make_bmp(spec);
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, 0U);
      EXPECT_LE(worst_pixel(spec, decoded), 1.0) << bits << ' ' << width;
      if (bits == 24) continue;  // ImageMagick does not know it
      EXPECT_LE(worst_difference(decoded, ask("convert bmp:@ -depth 8 ppm:-", file)), 3.0);
    }
  }
}

// As in browsers, which leave them transparent.
TEST(BmpRle, SkippedPixelsAreWhite) {
  BmpSpec spec = bmp_spec(8, 10, 4);
  spec.palette = {{0, 0, 255}, {0, 0, 0}, {255, 0, 0}};
  spec.compression = 1;
  // Bottom row: one black pixel at 2. Two rows up, from there 3 on: two red ones. Then the end.
  spec.stream = {0, 2, 2, 0, 1, 1, 0, 2, 3, 2, 2, 2, 0, 1};
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.warnings, 0U);
  const int black = 0, white = 255, red = 76;
  for (std::uint32_t y = 0; y < 4; ++y) {
    for (std::uint32_t x = 0; x < 10; ++x) {
      const int expected = y == 3 && x == 2 ? black : y == 1 && (x == 6 || x == 7) ? red : white;
      EXPECT_EQ(decoded.planes[0].at(x, y), expected) << x << ' ' << y;
    }
  }
}

// Rows that are too long and moves beyond the picture are clipped; pixels below the last row are damage.
TEST(BmpRle, RunLengthsBeyondThePictureAreClipped) {
  BmpSpec spec = bmp_spec(8, 5, 2);
  spec.palette = {{255, 255, 255}, {0, 0, 0}};
  spec.compression = 1;
  struct Case {
    ByteVector stream;
    std::uint32_t warnings;
  };
  const Case cases[] = {
      {{255, 1, 0, 0, 255, 1, 0, 1}, 0},
      {{5, 1, 255, 0, 0, 2, 255, 0, 9, 0, 0, 0, 5, 1, 0, 0, 5, 0, 0, 0, 5, 0}, kWarnTruncated},
      {{0, 9, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 2, 0, 200, 0, 1}, 0},
      {{0, 9, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 2, 0, 200, 7, 0, 0, 1}, kWarnTruncated},
  };
  for (const Case& c : cases) {
    spec.stream = c.stream;
    const Decoded decoded = decode(make_bmp(spec));
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.planes[0].samples, ByteVector(10, 0));
    EXPECT_EQ(decoded.warnings, c.warnings);
  }
}

// What pbmtog3 makes of a picture: one end-of-line code, the rows with one after each, and five more.
ByteVector fax_of(const BmpSpec& spec) {
  std::string pbm = "P1\n" + std::to_string(spec.width) + ' ' + std::to_string(spec.height) + '\n';
  for (std::uint32_t row = 0; row < spec.height; ++row) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      pbm += spec.pixel(x, spec.height - 1 - row) != 0 ? "1" : "0";
      if (x % 60 == 59) pbm += '\n';
    }
    pbm += '\n';
  }
  const TemporaryFile file(as_bytes(pbm));
  FILE* pipe = popen((std::string("pbmtog3 -nofixedwidth ") + file.path() + " 2>/dev/null").c_str(), "r");
  ByteVector fax;
  for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe))
    fax.push_back(static_cast<std::uint8_t>(byte));
  pclose(pipe);
  EXPECT_FALSE(fax.empty());
  return fax;
}

// One black and one white run in each row, so that all lengths up to the width appear.
BmpSpec huffman_spec(std::uint32_t width, std::uint32_t height, std::uint32_t step) {
  BmpSpec spec = bmp_spec(1, width, height);
  spec.header_size = 64;
  spec.compression = 3;
  spec.palette = {{250, 240, 10}, {20, 30, 40}};
  spec.pixel = [step](std::uint32_t x, std::uint32_t y) {
    return (x >= y * step && x < 3 * y * step) ? 1U : 0U;
  };
  spec.stream = fax_of(spec);
  return spec;
}

TEST(BmpRle, ThisModuleLeavesRle24ToNoOther) {
  const ByteVector file = make_bmp(rle_spec(24, 8, 4));
  EXPECT_FALSE(is_left_to_codecs(file));
  const auto info = inspect_image(file, Limits{});
  ASSERT_TRUE(info.ok());
  EXPECT_TRUE(info->decodable);
}

TEST(BmpHuffman, EveryRunLengthIsDecoded) {
  for (const auto& [width, height, step] :
       {std::tuple{70U, 72U, 1U}, {2700U, 90U, 64U}, {6000U, 50U, 127U}, {1U, 2U, 1U}}) {
    const BmpSpec spec = huffman_spec(width, height, step);
    const Decoded decoded = decode(make_bmp(spec));
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U) << width;
    EXPECT_LE(worst_pixel(spec, decoded), 1.0) << width;
  }
}

// Rows need no end-of-line codes between them.
TEST(BmpHuffman, EndOfLineCodesMayBeMissing) {
  BmpSpec spec = huffman_spec(8, 3, 1);
  spec.palette = {{255, 255, 255}, {0, 0, 0}};
  // White 8 (10011), three times, and fill.
  spec.stream = {0b10011100, 0b11100110};
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, 0U);
  EXPECT_EQ(decoded.planes[0].samples, ByteVector(24, 255));
}

// Rows of 1728 pixels in a picture of 70: what is too much is left out.
TEST(BmpHuffman, RowsMayBeTooLong) {
  BmpSpec spec = huffman_spec(1728, 30, 2);
  spec.width = 70;
  const Decoded decoded = decode(make_bmp(spec));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  EXPECT_LE(worst_pixel(spec, decoded), 1.0);
}

TEST(BmpHuffman, ADamagedRowIsWarnedOf) {
  BmpSpec spec = huffman_spec(70, 30, 1);
  const Decoded whole = decode(make_bmp(spec));
  std::size_t different = 0;
  for (std::size_t i = 20; i < spec.stream.size() - 20; ++i) {
    BmpSpec damaged = spec;
    damaged.stream[i] = static_cast<std::uint8_t>(~damaged.stream[i]);
    const Decoded decoded = decode(make_bmp(damaged));
    ASSERT_TRUE(decoded.ok()) << i;
    different += decoded.planes[0].samples != whole.planes[0].samples ? 1 : 0;
    // The rows before the damage are as they were: at least 6 bytes, at most 12 are spent on each.
    const std::size_t sound = i / 12;
    EXPECT_TRUE(std::equal(whole.planes[0].samples.end() - static_cast<std::ptrdiff_t>(sound * 70),
                           whole.planes[0].samples.end(),
                           decoded.planes[0].samples.end() - static_cast<std::ptrdiff_t>(sound * 70)))
        << i;
  }
  EXPECT_GT(different, spec.stream.size() / 2);
}

TEST(BmpCodings, EveryPrefixIsRefusedOrWarnedOf) {
  for (const BmpSpec& spec :
       {rle_spec(8, 20, 12), rle_spec(4, 20, 12), rle_spec(24, 20, 12), huffman_spec(40, 12, 2)}) {
    const ByteVector file = make_bmp(spec);
    ASSERT_EQ(decode(file).warnings, 0U);
    const PrefixOutcomes outcomes = decode_every_prefix(file);
    EXPECT_GT(outcomes.refused, 0U);
    EXPECT_GT(outcomes.warned, 10U);
    // The end codes: two bytes of RLE, nine of Huffman.
    EXPECT_LE(outcomes.clean, spec.bits == 1 ? 10U : 4U) << spec.bits;
  }
}

// The last row may be there before the end code is; of a row that is cut off nothing counts.
TEST(BmpCodings, RowsOfACutFileAreCounted) {
  for (const BmpSpec& spec : {rle_spec(8, 20, 12), rle_spec(4, 20, 12), rle_spec(24, 20, 12),
                              huffman_spec(40, 12, 0), huffman_spec(40, 12, 1), huffman_spec(40, 12, 2)}) {
    const ByteVector file = make_bmp(spec);
    const TruncationOutcome outcome =
        expect_rows_grow(file, {.header_bytes = file.size() - spec.stream.size(), .bottom_up = true});
    EXPECT_GT(outcome.partial, 20U) << spec.bits;
  }
}

// The rows of the embedded file are those that count.
TEST(BmpCodings, RowsOfACutEmbeddedFileAreThoseOfItsSource) {
  for (const bool is_jpeg : {false, true}) {
    BmpSpec spec = bmp_spec(24, 33, 21);
    spec.bits = 0;
    spec.compression = is_jpeg ? 4 : 5;
    spec.stream = is_jpeg ? make_jpeg(color_spec(90, 70)) : make_png(png_spec(2, 8, 33, 21));
    const ByteVector file = make_bmp(spec);
    const std::size_t header = file.size() - spec.stream.size();
    std::size_t decoded = 0;
    for (std::size_t length = header + 1; length <= file.size(); length += 7) {
      const Decoded outer = decode(Bytes(file).first(length));
      const Decoded inner = decode(Bytes(spec.stream).first(length - header));
      EXPECT_EQ(outer.decoded_rows, inner.decoded_rows) << length;
      decoded += outer.ok() ? 1 : 0;
    }
    EXPECT_GT(decoded, 10U);
  }
}

// The file that a BMP is wrapped around decides, even where the BMP claims another size.
TEST(BmpCodings, EmbeddedFilesAreDecoded) {
  const ByteVector jpeg = make_jpeg(color_spec(90, 70));
  const ByteVector png = make_png(png_spec(6, 8, 33, 21));
  for (const bool is_jpeg : {false, true}) {
    for (const std::uint32_t header_size : {40U, 108U, 124U}) {
      BmpSpec spec = bmp_spec(24, is_jpeg ? 90 : 33, 21);
      spec.header_size = header_size;
      spec.bits = 0;
      spec.compression = is_jpeg ? 4 : 5;
      spec.stream = is_jpeg ? jpeg : png;
      const ByteVector file = make_bmp(spec);
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      const Decoded inner = decode(spec.stream);
      ASSERT_EQ(decoded.planes.size(), inner.planes.size());
      for (std::size_t i = 0; i < inner.planes.size(); ++i)
        EXPECT_EQ(decoded.planes[i].samples, inner.planes[i].samples);
      const auto info = inspect_image(file, {});
      ASSERT_TRUE(info.ok());
      EXPECT_EQ(info->format, ImageFormat::kBmp);
      EXPECT_EQ(info->width, is_jpeg ? 90U : 33U);
      EXPECT_EQ(info->height, is_jpeg ? 70U : 21U);
      EXPECT_EQ(info->color_model, is_jpeg ? ColorModel::kYcbcr : ColorModel::kRgb);
      EXPECT_EQ(info->has_alpha, !is_jpeg);
      EXPECT_TRUE(info->decodable);
    }
  }
  // A smaller size is decoded where the JPEG can.
  BmpSpec spec = bmp_spec(24, 90, 70);
  spec.compression = 4;
  spec.bits = 0;
  spec.stream = jpeg;
  EXPECT_EQ(decode(make_bmp(spec), {45, 35}).planes[0].geometry.width, 45U);
  spec.compression = 5;
  EXPECT_EQ(decode(make_bmp(spec)).error, ErrorCode::kCorruptImage);  // a JPEG is no PNG
}

TEST(BmpCodings, DamageNeverCrashes) {
  std::uint32_t seed = 1;
  for (const std::uint16_t bits : kRleDepths)
    decode_with_damage(make_bmp(rle_spec(bits, 40, 30)), 1500, seed++);
  decode_with_damage(make_bmp(huffman_spec(60, 40, 1)), 1500, seed++);
}

TEST(BmpCodings, HugeClaimsAreRefusedAtOnce) {
  struct Case {
    const char* name;
    std::uint16_t bits;
    std::uint32_t compression, width, height;
    ByteVector stream;
    ErrorCode code;
  };
  const Case cases[] = {
      {"over the limit", 8, 1, 65535, 65535, {0, 1}, ErrorCode::kImageTooLarge},
      {"over the limit", 8, 1, 0x7fffffff, 0x7fffffff, {1, 1, 0, 1}, ErrorCode::kImageTooLarge},
      {"over the limit", 1, 3, 65535, 65535, {0, 1}, ErrorCode::kImageTooLarge},
      {"no pixels", 8, 1, 10000, 10000, {0, 1}, ErrorCode::kCorruptImage},
      {"no pixels", 8, 1, 10000, 10000, {0, 2, 255, 255}, ErrorCode::kCorruptImage},
      {"no pixels", 24, 4, 10000, 10000, {0, 2, 255, 255}, ErrorCode::kCorruptImage},
      {"no pixels", 1, 3, 10000, 10000, {0, 0x10, 0x01}, ErrorCode::kCorruptImage},
  };
  for (const Case& c : cases) {
    BmpSpec spec = bmp_spec(c.bits, c.width, c.height);
    spec.header_size = 64;
    spec.compression = c.compression;
    spec.stream = c.stream;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(decode(make_bmp(spec)).error, c.code) << c.name;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << c.name;
  }
}

// On wasm32 a row of these, as RGBA or sixteen of luma, is a few bytes long once its size has wrapped.
TEST(BmpCodings, RowsThatMemoryCannotHoldAreRefused) {
  Limits limits;
  limits.max_dimension = 0xffff'ffff;
  limits.max_pixels = ~std::uint64_t{0};
  for (const std::uint32_t width : {0x0800'0000U, 0x1000'0010U, 0x4000'0010U, 0x7fff'ffffU}) {
    for (const std::uint16_t bits :
         {std::uint16_t{1}, std::uint16_t{4}, std::uint16_t{8}, std::uint16_t{24}}) {
      BmpSpec spec = bmp_spec(bits, width, 1);
      spec.header_size = 64;
      spec.compression = bits == 1 ? 3 : bits == 4 ? 2 : bits == 8 ? 1 : 4;
      spec.stream = {255, 1, 1, 1, 0, 1};
      EXPECT_EQ(decode(make_bmp(spec), kFullSize, limits).error, ErrorCode::kImageTooLarge)
          << width << ' ' << bits;
    }
  }
}

}  // namespace
}  // namespace netocr::testing
