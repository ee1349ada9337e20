// libjpeg-turbo's rows against djpeg and against the planes that the files were made from, at every scale.
#include "image/jpeg/library/source.hpp"

#include <gtest/gtest.h>

#include "cpp/image/jpeg/maker.hpp"

namespace netocr::testing {
namespace {

std::uint8_t largest_step(const ByteVector& a, const ByteVector& b) {
  EXPECT_EQ(a.size(), b.size());
  int worst = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    worst = std::max(worst, std::abs(a[i] - b[i]));
  return static_cast<std::uint8_t>(worst);
}

TEST(JpegLibrary, GreyIsTheSameAsDjpegAtEveryScale) {
  for (const auto& [width, height] : {std::pair{61U, 47U}, {64U, 48U}, {1U, 1U}, {9U, 130U}}) {
    const JpegSpec spec = grey_spec(width, height);
    const ByteVector file = make_jpeg(spec);
    for (unsigned n = 1; n <= 8; ++n) {
      const Decoded decoded = decode_by_library(file, eighths(spec, n));
      ASSERT_TRUE(decoded.ok());
      ASSERT_EQ(decoded.planes.size(), 1U);
      const unsigned got = scale_of(decoded, width);
      const Pnm reference = ask("djpeg -dct int -pnm -scale " + std::to_string(got) + "/8 @", file);
      EXPECT_EQ(decoded.planes[0].geometry.width, reference.width);
      EXPECT_EQ(decoded.planes[0].samples, reference.samples) << width << 'x' << height << " at " << n;
      EXPECT_EQ(decoded.warnings, 0U);
    }
  }
}

TEST(JpegLibrary, LumaIsTheSameAsDjpegAtEveryScale) {
  for (const Factors luma : {Factors{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}}) {
    for (const bool progressive : {false, true}) {
      JpegSpec spec = color_spec(101, 75, luma);
      spec.progressive = progressive;
      const ByteVector file = make_jpeg(spec);
      for (unsigned n = 1; n <= 8; ++n) {
        const Decoded decoded = decode_by_library(file, eighths(spec, n));
        ASSERT_TRUE(decoded.ok());
        const std::string scale = std::to_string(scale_of(decoded, spec.width));
        const Pnm reference = ask("djpeg -dct int -grayscale -pnm -scale " + scale + "/8 @", file);
        EXPECT_EQ(decoded.planes[0].samples, reference.samples) << luma.h << 'x' << luma.v << " at " << n;
      }
    }
  }
}

// djpeg's fixed-point conversion and ours in double precision differ by rounding only.
TEST(JpegLibrary, ColoursAreThoseOfDjpeg) {
  for (const Factors luma : {Factors{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}}) {
    const JpegSpec spec = color_spec(83, 59, luma);
    const ByteVector file = make_jpeg(spec);
    for (const unsigned n : {8U, 4U, 2U, 1U}) {
      const Decoded decoded = decode_by_library(file, eighths(spec, n));
      ASSERT_TRUE(decoded.ok());
      const Pnm reference = ask("djpeg -dct int -nosmooth -ppm -scale " + std::to_string(n) + "/8 @", file);
      EXPECT_LE(worst_difference(decoded, reference), 2.0) << luma.h << 'x' << luma.v << " at " << n;
    }
  }
}

TEST(JpegLibrary, PicksTheScaleWithTheFewestSamplesThatIsNotTooSmall) {
  struct Case {
    Factors luma;
    WantedSize wanted;
    unsigned eighths;
  };
  const Case cases[] = {
      {{2, 2}, {0, 0}, 1},     {{2, 2}, {100, 75}, 1},  {{2, 2}, {101, 75}, 2},  {{2, 2}, {100, 76}, 2},
      {{2, 2}, {300, 10}, 4},  {{2, 2}, {400, 300}, 4}, {{2, 2}, {401, 300}, 8}, {{2, 2}, {501, 1}, 8},
      {{2, 2}, {800, 600}, 8}, {{2, 2}, {9999, 1}, 8},  {{1, 1}, {201, 1}, 4},   {{1, 1}, {401, 1}, 8},
      {{1, 1}, {10, 301}, 8},
  };
  for (const Case& c : cases) {
    const ByteVector file = make_jpeg(color_spec(800, 600, c.luma));
    const Decoded decoded = decode_by_library(file, c.wanted);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(scale_of(decoded, 800), c.eighths) << c.wanted.width << 'x' << c.wanted.height;
  }
}

// RGB by Adobe's marker, and by component names without any marker.
TEST(JpegLibrary, RgbIsConverted) {
  for (const bool adobe : {false, true}) {
    JpegSpec spec = color_spec(45, 38);
    spec.space = JCS_RGB;
    spec.factors = {{1, 1}, {1, 1}, {1, 1}};
    spec.quality = 100;
    spec.jfif = false;
    spec.adobe = adobe;
    const ByteVector file = make_jpeg(spec);
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    ASSERT_EQ(decoded.planes.size(), 3U);
    EXPECT_LE(worst_difference(decoded, ask("djpeg -dct int -ppm @", file)), 2.5);
    const Ycc expected = ycc_of(
        {waves(0, 20.5 / 45, 10.5 / 38), waves(1, 20.5 / 45, 10.5 / 38), waves(2, 20.5 / 45, 10.5 / 38)});
    EXPECT_NEAR(decoded.planes[0].at(20, 10), expected.y, 3);
    EXPECT_NEAR(decoded.planes[1].at(20, 10), expected.cb, 3);
    EXPECT_NEAR(decoded.planes[2].at(20, 10), expected.cr, 3);
    const Decoded half = decode(file, {20, 19});
    ASSERT_TRUE(half.ok());
    EXPECT_EQ(half.planes[0].geometry.width, 23U);
    EXPECT_DOUBLE_EQ(half.planes[2].geometry.extent_height, 19.0);
  }
}

TEST(JpegLibrary, AProgressiveFileThatIsCutBetweenScansIsWarnedOf) {
  JpegSpec spec = color_spec(64, 64);
  spec.progressive = true;
  const ByteVector file = make_jpeg(spec);
  std::vector<std::size_t> scans;
  for (std::size_t i = 2; i + 1 < file.size(); ++i) {
    if (file[i] == 0xff && file[i + 1] == 0xda) scans.push_back(i);
  }
  ASSERT_GT(scans.size(), 5U);
  // Before the tables of the second scan.
  const std::size_t end = find_segment(file, 0xda);
  std::size_t second = end + 2;
  while (file[second] != 0xff || file[second + 1] == 0) ++second;
  const Decoded cut = decode(Bytes(file).first(second));
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut.warnings, kWarnTruncated);
  EXPECT_LE(largest_step(cut.planes[0].samples, decode(file).planes[0].samples), 120);

  JpegSpec separate = color_spec(64, 64);
  separate.one_scan_each = true;
  const ByteVector sequential = make_jpeg(separate);
  second = find_segment(sequential, 0xda) + 2;
  while (sequential[second] != 0xff || sequential[second + 1] == 0) ++second;
  const Decoded luma_only = decode(Bytes(sequential).first(second));
  ASSERT_TRUE(luma_only.ok());
  EXPECT_EQ(luma_only.warnings, kWarnTruncated);
  EXPECT_EQ(luma_only.planes[0].samples, decode(sequential).planes[0].samples);
  EXPECT_EQ(luma_only.planes[1].at(30, 10), 128);
}

}  // namespace
}  // namespace netocr::testing
