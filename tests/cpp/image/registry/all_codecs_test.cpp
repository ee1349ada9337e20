// The codec table of the second module: it decodes what the core leaves, by libjpeg's rules, and leaves
// nothing.
#include <gtest/gtest.h>

#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/decoding.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/registry/rare_jpegs.hpp"
#include "image/prepare.hpp"

namespace netocr::testing {
namespace {

void expect_same_picture(const Decoded& decoded, const Decoded& expected, const char* name) {
  ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.detail;
  ASSERT_TRUE(expected.ok()) << name << ": " << expected.detail;
  EXPECT_EQ(decoded.warnings, expected.warnings) << name;
  EXPECT_EQ(decoded.decoded_rows, expected.decoded_rows) << name;
  ASSERT_EQ(decoded.planes.size(), expected.planes.size()) << name;
  for (std::size_t i = 0; i < decoded.planes.size(); ++i)
    EXPECT_EQ(decoded.planes[i].samples, expected.planes[i].samples) << name;
}

std::vector<JpegCase> all_left_jpegs() {
  std::vector<JpegCase> cases = rare_jpegs();
  for (JpegCase& c : jpegs_left_when_opened()) cases.push_back(std::move(c));
  return cases;
}

TEST(AllCodecs, DecodeEveryJpegThatTheCoreLeaves) {
  for (const JpegCase& c : all_left_jpegs()) {
    EXPECT_FALSE(is_left_to_codecs(c.file)) << c.name;
    const auto info = inspect_image(c.file, Limits{});
    ASSERT_TRUE(info.ok()) << c.name;
    EXPECT_TRUE(info->decodable) << c.name;
    for (const WantedSize& wanted : {kFullSize, WantedSize{30, 23}})
      expect_same_picture(decode(c.file, wanted), decode_by_library(c.file, wanted), c.name);
  }
}

TEST(AllCodecs, DecodeThemInsideABmp) {
  for (const JpegCase& c : all_left_jpegs()) {
    BmpSpec spec = bmp_spec(24, 61, 47);
    spec.bits = 0;
    spec.compression = 4;
    spec.stream = c.file;
    const ByteVector file = make_bmp(spec);
    EXPECT_FALSE(is_left_to_codecs(file)) << c.name;
    EXPECT_TRUE(inspect_image(file, Limits{})->decodable) << c.name;
    expect_same_picture(decode(file), decode_by_library(c.file), c.name);
  }
}

TEST(AllCodecs, PrepareThemWithTheWarningOfACutFile) {
  PrepareOptions options;
  options.allow_truncated = true;
  for (const JpegCase& c : jpegs_left_when_opened()) {
    const auto prepared = prepare_image(c.file, options);
    if (decode_by_library(c.file).decoded_rows == 0) {
      EXPECT_EQ(prepared.error().code, ErrorCode::kCorruptImage) << c.name;
      continue;
    }
    ASSERT_TRUE(prepared.ok()) << c.name << ": " << prepared.error().detail;
    EXPECT_EQ(prepared->warnings, decode_by_library(c.file).warnings) << c.name;
    EXPECT_FALSE(prepared->lossless) << c.name << ": the core rewrites what can be";
  }
}

}  // namespace
}  // namespace netocr::testing
