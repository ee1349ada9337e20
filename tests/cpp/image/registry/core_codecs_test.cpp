// The codec table of the core: what it decodes, and what it says of the formats that only the second module
// reads.
#include <gtest/gtest.h>

#include <string>

#include "base/bytes.hpp"
#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/decoding.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/png/maker.hpp"
#include "image/registry/codec.hpp"
#include "image/registry/inspect.hpp"

namespace netocr::testing {
namespace {

using namespace std::string_literals;

struct RecognisedOnly {
  ImageFormat format;
  std::string bytes;
};
const RecognisedOnly kRecognisedOnly[] = {
    {ImageFormat::kTiff, "II*\0\x08\0\0\0"s},
    {ImageFormat::kWsq, "\xff\xa0\xff\xa4"s},
    {ImageFormat::kJp2, "\0\0\0\x0cjP  \r\n\x87\n"s},
    {ImageFormat::kJ2k, "\xff\x4f\xff\x51"s},
    {ImageFormat::kWebp, "RIFF\x10\0\0\0WEBPVP8 "s},
    {ImageFormat::kHeic,
     "\0\0\0\x18"
     "ftypheic\0\0\0\0mif1heic"s},
    {ImageFormat::kAvif,
     "\0\0\0\x18"
     "ftypavif\0\0\0\0mif1avif"s},
    {ImageFormat::kGif, "GIF89a"s},
    {ImageFormat::kPdf, "%PDF-1.7"s},
};

// This executable has the core's parts in place of libjpeg's: files that our own decoder leaves to the
// library.
TEST(CoreCodecs, DecodeWithTheirOwnInverseDct) {
  for (const bool arithmetic : {false, true}) {
    JpegSpec spec = color_spec(93, 71);
    spec.arithmetic = arithmetic;
    spec.one_scan_each = true;
    const ByteVector file = make_jpeg(spec);
    const std::vector<Coefficients> coefficients = read_coefficients(file);
    for (const unsigned n : {1U, 2U, 4U, 8U}) {
      const Decoded decoded = decode(file, {(spec.width * n + 7) / 8, (spec.height * n + 7) / 8});
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      double worst = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        const DecodedPlane& plane = decoded.planes[i];
        const double whole = i == 0 ? 93 : 46.5;
        const auto size = static_cast<unsigned>(std::lround(plane.geometry.extent_width * 8 / whole));
        if (i == 0) ASSERT_EQ(size, n);
        for (unsigned y = 0; y < plane.geometry.height; ++y) {
          for (unsigned x = 0; x < plane.geometry.width; ++x) {
            const auto& block = coefficients[i].blocks[y / size * coefficients[i].blocks_wide + x / size];
            const double exact = std::clamp(scaled_sample(block, size, x % size, y % size), 0.0, 255.0);
            worst = std::max(worst, std::abs(exact - plane.at(x, y)));
          }
        }
      }
      EXPECT_LT(worst, 0.7) << n;
    }
  }
}

TEST(CoreCodecs, RecogniseTheOtherFormats) {
  for (const RecognisedOnly& c : kRecognisedOnly) {
    const auto result = inspect_image(as_bytes(c.bytes), Limits{});
    ASSERT_TRUE(result.ok()) << image_format_name(c.format);
    const ImageInfo& info = *result;
    EXPECT_EQ(info.format, c.format);
    EXPECT_FALSE(info.decodable);
    EXPECT_EQ(info.width, 0U);
    EXPECT_EQ(info.orientation, 1);
  }
}

// OS/2's Huffman 1D and RLE24, and 64 bits a pixel.
std::vector<BmpSpec> rare_bmps() {
  BmpSpec huffman = bmp_spec(1, 8, 4);
  huffman.header_size = 64;
  huffman.compression = 3;
  huffman.stream = {0x98, 0x98, 0x98, 0x98};
  BmpSpec rle24 = bmp_spec(24, 8, 4);
  rle24.header_size = 64;
  rle24.compression = 4;
  rle24.stream = {8, 1, 2, 3, 0, 1};
  BmpSpec wide = bmp_spec(24, 8, 4);
  wide.bits = 64;
  wide.stream.resize(std::size_t{8} * 8 * 4);
  return {huffman, rle24, wide};
}

TEST(CoreCodecs, LeaveRareBmpsToTheSecondModule) {
  for (const BmpSpec& spec : rare_bmps()) {
    const ByteVector file = make_bmp(spec);
    EXPECT_TRUE(is_left_to_codecs(file)) << spec.bits;
    const auto info = inspect_image(file, Limits{});
    ASSERT_TRUE(info.ok()) << spec.bits;
    EXPECT_EQ(info->format, ImageFormat::kBmp);
    EXPECT_EQ(info->width, 8U);
    EXPECT_EQ(info->height, 4U);
    EXPECT_FALSE(info->decodable);
    const Decoded decoded = decode(file);
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFeature);
    EXPECT_NE(decoded.detail.find("codecs"), std::string::npos) << decoded.detail;
  }
}

TEST(CoreCodecs, LeaveOtherFormatsAndNothingElse) {
  const ByteVector bmp = make_bmp(bmp_spec(24, 8, 8));
  EXPECT_FALSE(is_left_to_codecs(bmp));
  EXPECT_FALSE(is_left_to_codecs(Bytes(bmp).first(20))) << "a damaged BMP";
  EXPECT_FALSE(is_left_to_codecs(make_jpeg(color_spec(8, 8))));
  EXPECT_FALSE(is_left_to_codecs(make_png(png_spec(2, 8, 8, 8))));
  EXPECT_FALSE(is_left_to_codecs({}));
  for (const RecognisedOnly& c : kRecognisedOnly) {
    const bool is_read_nowhere = c.format == ImageFormat::kHeic || c.format == ImageFormat::kAvif ||
                                 c.format == ImageFormat::kGif || c.format == ImageFormat::kPdf;
    EXPECT_EQ(is_left_to_codecs(as_bytes(c.bytes)), !is_read_nowhere) << image_format_name(c.format);
  }
}

TEST(CoreCodecs, ChooseTheDecoderByTheBytes) {
  EXPECT_TRUE(decode(make_jpeg(color_spec(8, 8))).ok());
  EXPECT_TRUE(decode(make_png(png_spec(2, 8, 8, 8))).ok());
  EXPECT_TRUE(decode(make_bmp(bmp_spec(24, 8, 8))).ok());
}

TEST(CoreCodecs, NameWhatTheyCannotDecode) {
  const char* const kWords[] = {"TIFF", "WSQ", "JP2", "J2K", "WebP", "HEIC", "AVIF", "GIF", "PDF"};
  for (std::size_t i = 0; i < std::size(kWords); ++i) {
    const Decoded decoded = decode(as_bytes(kRecognisedOnly[i].bytes));
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFormat);
    EXPECT_NE(decoded.detail.find(kWords[i]), std::string::npos) << decoded.detail;
    EXPECT_NE(decoded.detail.find(':'), std::string::npos) << "says what to do: " << decoded.detail;
  }
  EXPECT_EQ(decode({}).error, ErrorCode::kEmptyInput);
  EXPECT_EQ(decode(as_bytes("no image")).error, ErrorCode::kUnrecognizedFormat);
  Limits limits;
  limits.max_input_bytes = 3;
  EXPECT_EQ(decode(as_bytes("GIF89a"), kFullSize, limits).error, ErrorCode::kInputTooLarge);
}

}  // namespace
}  // namespace netocr::testing
