// The codec table of the core: what it decodes, and what it says of the formats that only the second module
// reads.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/bytes.hpp"
#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/decoding.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/registry/rare_jpegs.hpp"
#include "cpp/sniff/signatures.hpp"
#include "image/prepare.hpp"
#include "image/registry/codec.hpp"

namespace netocr::testing {
namespace {

// The signatures of the formats of which the core has no decoder.
std::vector<Signature> recognised_only() {
  std::vector<Signature> others = signatures();
  std::erase_if(others, [](const Signature& s) {
    return s.format == ImageFormat::kJpeg || s.format == ImageFormat::kPng || s.format == ImageFormat::kBmp;
  });
  return others;
}

TEST(CoreCodecs, RecogniseTheOtherFormats) {
  for (const Signature& signature : recognised_only()) {
    const auto result = inspect_image(as_bytes(signature.bytes), Limits{});
    ASSERT_TRUE(result.ok()) << image_format_name(signature.format);
    const ImageInfo& info = *result;
    EXPECT_EQ(info.format, signature.format);
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

Error error_of_opening(Bytes file) {
  const auto source = open_row_source(file, kFullSize, {});
  return source.ok() ? Error{} : source.error();
}

TEST(CoreCodecs, LeaveRareJpegsToTheSecondModule) {
  for (const JpegCase& c : rare_jpegs()) {
    EXPECT_TRUE(is_left_to_codecs(c.file)) << c.name;
    const auto info = inspect_image(c.file, Limits{});
    ASSERT_TRUE(info.ok()) << c.name;
    EXPECT_EQ(info->width, 61U) << c.name;
    EXPECT_FALSE(info->decodable) << c.name;
    const Error error = error_of_opening(c.file);
    EXPECT_EQ(error.code, ErrorCode::kUnsupportedFeature) << c.name;
    EXPECT_TRUE(error.left_to_codecs) << c.name;
  }
}

TEST(CoreCodecs, LeaveJpegsWhoseDataIsNotTheirs) {
  for (const JpegCase& c : jpegs_left_when_opened()) {
    EXPECT_FALSE(is_left_to_codecs(c.file)) << c.name;
    const auto info = inspect_image(c.file, Limits{});
    ASSERT_TRUE(info.ok()) << c.name;
    EXPECT_TRUE(info->decodable) << c.name;
    const Error error = error_of_opening(c.file);
    EXPECT_EQ(error.code, ErrorCode::kUnsupportedFeature) << c.name;
    EXPECT_TRUE(error.left_to_codecs) << c.name;
  }
}

TEST(CoreCodecs, DecodeUsualJpegsAlsoDamagedOnes) {
  const ByteVector sequential = make_jpeg(color_spec(61, 47));
  EXPECT_EQ(decode(sequential).warnings, 0U);
  EXPECT_EQ(decode(cut_off(sequential)).warnings, kWarnTruncated);
  EXPECT_EQ(decode(progressive()).warnings, 0U);
  for (const ByteVector& file : {sequential, cut_off(sequential), progressive()})
    EXPECT_FALSE(is_left_to_codecs(file));
}

// The core's entropy reader takes intact files of several scans, so that they need no second module.
TEST(CoreCodecs, RewriteIntactJpegsOfSeveralScans) {
  for (const ByteVector& file : {scan_for_each(), progressive()}) {
    const auto prepared = prepare_image(file, PrepareOptions{});
    ASSERT_TRUE(prepared.ok()) << prepared.error().detail;
    EXPECT_TRUE(prepared->lossless);
  }
  PrepareOptions small;
  small.max_edge = 40;
  EXPECT_TRUE(prepare_image(progressive(), small).ok());
  for (const auto& [file, options] :
       {std::pair{scan_for_each(), small}, {cut_off(scan_for_each()), {}}, {cut_off(progressive()), {}}}) {
    const auto prepared = prepare_image(file, options);
    ASSERT_FALSE(prepared.ok());
    EXPECT_TRUE(prepared.error().left_to_codecs);
  }
}

TEST(CoreCodecs, LeaveNoUndecodableJpegAndNoneOverTheLimits) {
  ByteVector wide = make_jpeg(color_spec(16, 16));
  wide[frame_header(wide) + 4] = 12;  // bits a sample
  EXPECT_FALSE(is_left_to_codecs(wide));
  EXPECT_FALSE(error_of_opening(wide).left_to_codecs);
  EXPECT_EQ(error_of_opening(wide).code, ErrorCode::kUnsupportedFeature);
  Limits limits;
  limits.max_decoder_bytes = 61 * 47;
  const auto source = open_row_source(progressive(), kFullSize, limits);
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, ErrorCode::kImageTooLarge);
  EXPECT_FALSE(source.error().left_to_codecs);
}

// The file inside decides.
TEST(CoreCodecs, LeaveBmpsWithSuchJpegsToTheSecondModule) {
  BmpSpec spec = bmp_spec(24, 61, 47);
  spec.bits = 0;
  spec.compression = 4;
  spec.stream = make_jpeg(color_spec(61, 47));
  EXPECT_FALSE(is_left_to_codecs(make_bmp(spec)));
  EXPECT_TRUE(decode(make_bmp(spec)).ok());
  for (const JpegCase& c : rare_jpegs()) {
    spec.stream = c.file;
    const ByteVector file = make_bmp(spec);
    EXPECT_TRUE(is_left_to_codecs(file)) << c.name;
    EXPECT_FALSE(inspect_image(file, Limits{})->decodable) << c.name;
    EXPECT_TRUE(error_of_opening(file).left_to_codecs) << c.name;
  }
  for (const JpegCase& c : jpegs_left_when_opened()) {
    spec.stream = c.file;
    EXPECT_TRUE(error_of_opening(make_bmp(spec)).left_to_codecs) << c.name;
  }
}

TEST(CoreCodecs, SayWithTheErrorWhatTheSecondModuleReads) {
  for (const BmpSpec& spec : rare_bmps()) EXPECT_TRUE(error_of_opening(make_bmp(spec)).left_to_codecs);
  for (const Signature& c : recognised_only())
    EXPECT_EQ(error_of_opening(as_bytes(c.bytes)).left_to_codecs, is_left_to_codecs(as_bytes(c.bytes)));
}

TEST(CoreCodecs, LeaveOtherFormatsAndNothingElse) {
  const ByteVector bmp = make_bmp(bmp_spec(24, 8, 8));
  EXPECT_FALSE(is_left_to_codecs(bmp));
  EXPECT_FALSE(is_left_to_codecs(Bytes(bmp).first(20))) << "a damaged BMP";
  EXPECT_FALSE(is_left_to_codecs(make_jpeg(color_spec(8, 8))));
  EXPECT_FALSE(is_left_to_codecs(make_png(png_spec(2, 8, 8, 8))));
  EXPECT_FALSE(is_left_to_codecs({}));
  for (const Signature& c : recognised_only()) {
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
  const std::map<ImageFormat, const char*> words = {
      {ImageFormat::kTiff, "TIFF"}, {ImageFormat::kWsq, "WSQ"},   {ImageFormat::kJp2, "JP2"},
      {ImageFormat::kJ2k, "J2K"},   {ImageFormat::kWebp, "WebP"}, {ImageFormat::kHeic, "HEIC"},
      {ImageFormat::kAvif, "AVIF"}, {ImageFormat::kGif, "GIF"},   {ImageFormat::kPdf, "PDF"}};
  for (const Signature& c : recognised_only()) {
    const Decoded decoded = decode(as_bytes(c.bytes));
    EXPECT_EQ(decoded.error, ErrorCode::kUnsupportedFormat);
    EXPECT_NE(decoded.detail.find(words.at(c.format)), std::string::npos) << decoded.detail;
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
