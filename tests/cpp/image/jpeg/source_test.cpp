// JPEG decoding, whichever decoder a file has: against the planes that the files were made from; misuse of
// every kind. library/source_test.cpp compares with djpeg, decode/sequential_test.cpp with libjpeg.
#include "image/jpeg/source.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/read_once.hpp"

namespace netocr::testing {
namespace {

// Fits a straight line to the interior of the middle row or column of a plane and extends it to both edges of
// the extent: for a picture that is a ramp there must be the ramp's ends, or the geometry is wrong.
struct RampEnds {
  double first = 0, last = 0;
};
RampEnds fit_ramp(const DecodedPlane& plane, bool horizontal) {
  const std::uint32_t length = horizontal ? plane.geometry.width : plane.geometry.height;
  const double extent = horizontal ? plane.geometry.extent_width : plane.geometry.extent_height;
  const std::uint32_t middle = (horizontal ? plane.geometry.height : plane.geometry.width) / 2;
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::uint32_t i = 0; i < length; ++i) {
    const double x = (i + 0.5) / extent;
    if (x < 0.06 || x > 0.85) continue;  // the last block holds the padding too
    const double y = horizontal ? plane.at(i, middle) : plane.at(middle, i);
    n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  const double start = (sy - slope * sx) / n;
  return {start, start + slope};
}

// One level of a ramp is a hundredth of the picture's width.
void expect_ramps(const DecodedPlane& plane, int component, const JpegSpec& spec) {
  const PlaneGeometry& g = plane.geometry;
  EXPECT_EQ(g.width, static_cast<std::uint32_t>(std::ceil(g.extent_width)));
  EXPECT_EQ(g.height, static_cast<std::uint32_t>(std::ceil(g.extent_height)));
  const double x = (g.width / 2 + 0.5) / g.extent_width;
  const double y = (g.height / 2 + 0.5) / g.extent_height;
  const RampEnds across = fit_ramp(plane, true);
  const RampEnds down = fit_ramp(plane, false);
  EXPECT_NEAR(across.first, spec.sample(component, 0, y), 1.2);
  EXPECT_NEAR(across.last, spec.sample(component, 1, y), 1.2);
  EXPECT_NEAR(down.first, spec.sample(component, x, 0), 1.2);
  EXPECT_NEAR(down.last, spec.sample(component, x, 1), 1.2);
}

TEST(JpegSource, GeometryIsRightForEverySamplingAndScale) {
  for (const auto& factors : kSamplings) {
    for (const auto& [width, height] : {std::pair{323U, 257U}, {320U, 256U}}) {
      JpegSpec spec = sampled_spec(width, height, factors);
      spec.quality = 100;
      spec.sample = [](int component, double x, double y) {
        return component == 1 ? 20 + 100 * x + 80 * y : 220 - 90 * x - 70 * y;
      };
      const ByteVector file = make_jpeg(spec);
      for (unsigned n = 1; n <= 8; ++n) {
        const Decoded decoded = decode(file, eighths(spec, n));
        ASSERT_TRUE(decoded.ok()) << decoded.detail;
        ASSERT_EQ(decoded.planes.size(), factors.size());
        for (std::size_t i = 0; i < factors.size(); ++i) {
          SCOPED_TRACE(::testing::Message()
                       << "component " << i << " of " << factors.size() << " with " << factors[i].h << 'x'
                       << factors[i].v << " in " << width << " at " << n);
          expect_ramps(decoded.planes[i], static_cast<int>(i), spec);
        }
      }
    }
  }
}

// The same coefficients, coded in another way.
TEST(JpegSource, EveryProcessGivesTheSameSamples) {
  for (const auto& [width, height] : {std::pair{77U, 53U}, {16U, 16U}, {130U, 9U}}) {
    const JpegSpec plain = color_spec(width, height);
    const Decoded reference = decode(make_jpeg(plain));
    ASSERT_TRUE(reference.ok());
    for (int kind = 0; kind < 16; ++kind) {
      JpegSpec spec = plain;
      spec.progressive = (kind & 1) != 0;
      spec.arithmetic = (kind & 2) != 0;
      spec.restart_interval = (kind & 4) != 0 ? 3 : 0;
      spec.one_scan_each = (kind & 8) != 0 && !spec.progressive;
      const Decoded decoded = decode(make_jpeg(spec));
      ASSERT_TRUE(decoded.ok()) << decoded.detail << " in kind " << kind;
      EXPECT_EQ(decoded.warnings, 0U) << "kind " << kind;
      for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(decoded.planes[i].samples, reference.planes[i].samples);
    }
  }
}

// As libjpeg: JFIF decides before Adobe, Adobe before the component names.
TEST(JpegSource, ColourSpaceIsGuessedAsLibjpegDoes) {
  JpegSpec spec = color_spec(24, 24, {1, 1});
  spec.space = JCS_RGB;
  spec.jfif = true;
  const ByteVector jfif_with_rgb_names = make_jpeg(spec);
  const Decoded decoded = decode(jfif_with_rgb_names);
  ASSERT_TRUE(decoded.ok());
  EXPECT_NEAR(decoded.planes[1].at(10, 10), waves(1, 10.5 / 24, 10.5 / 24),
              8);  // its own plane, not converted
}

TEST(JpegSource, VariantsThatAreNotDecodedAreNamed) {
  struct Case {
    const char* name;
    std::function<void(ByteVector&)> change;
  };
  const Case cases[] = {
      {"12-bit", [](ByteVector& f) { f[find_segment(f, 0xc0) + 4] = 12; }},
      {"precision", [](ByteVector& f) { f[find_segment(f, 0xc0) + 4] = 16; }},
      {"lossless", [](ByteVector& f) { f[find_segment(f, 0xc0) + 1] = 0xc3; }},
      {"hierarchical", [](ByteVector& f) { f[find_segment(f, 0xc0) + 1] = 0xc5; }},
      {"hierarchical", [](ByteVector& f) { f = with_segment(f, segment(0xde, std::string(15, 8))); }},
  };
  for (const Case& c : cases) {
    ByteVector file = make_jpeg(color_spec(40, 40));
    c.change(file);
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.error.has_value()) << c.name;
    EXPECT_EQ(*decoded.error, ErrorCode::kUnsupportedFeature) << c.name;
    EXPECT_NE(decoded.detail.find(c.name), std::string::npos) << decoded.detail;
    EXPECT_NE(decoded.detail.find("save it as"), std::string::npos) << decoded.detail;
  }
  JpegSpec two = color_spec(20, 20);
  two.space = JCS_UNKNOWN;
  two.factors = {{1, 1}, {1, 1}};
  EXPECT_EQ(decode(make_jpeg(two)).error, ErrorCode::kUnsupportedFeature);
}

TEST(JpegSource, EveryPrefixIsRefusedOrWarnedOf) {
  for (int kind = 0; kind < 5; ++kind) {
    JpegSpec spec = kind == 4 ? grey_spec(40, 40) : color_spec(40, 40);
    spec.quality = 60;
    spec.progressive = kind == 1 || kind == 3;
    spec.arithmetic = kind >= 2;
    const ByteVector file = make_jpeg(spec);
    ASSERT_EQ(decode(file).warnings, 0U);
    const PrefixOutcomes outcomes = decode_every_prefix(file);
    EXPECT_GT(outcomes.refused, 0U);
    EXPECT_GT(outcomes.warned, 0U);
    // Only what lacks no more than EOI, or the bits that pad the last byte, may look whole. The arithmetic
    // decoder does not need trailing zeroes, and a progressive file's last refinement may be empty.
    EXPECT_LE(outcomes.clean, 4U) << "kind " << kind;
  }
}

TEST(JpegSource, ACutFileKeepsTheRowsThatItHas) {
  const JpegSpec spec = color_spec(160, 160);
  const ByteVector file = make_jpeg(spec);
  const Decoded whole = decode(file);
  const std::size_t scan = find_segment(file, 0xda);
  const Decoded cut = decode(Bytes(file).first(scan + (file.size() - scan) * 7 / 10));
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut.warnings, kWarnTruncated);
  const std::size_t half = 160 * 80;
  EXPECT_TRUE(std::equal(whole.planes[0].samples.begin(), whole.planes[0].samples.begin() + half,
                         cut.planes[0].samples.begin()));
  // Without EOI nothing of the picture is missing.
  const Decoded untidy = decode(Bytes(file).first(file.size() - 2));
  ASSERT_TRUE(untidy.ok());
  EXPECT_EQ(untidy.warnings, 0U);
  EXPECT_EQ(untidy.planes[0].samples, whole.planes[0].samples);
}

TEST(JpegSource, DamageNeverCrashes) {
  std::uint32_t seed = 1;
  for (int kind = 0; kind < 6; ++kind) {
    JpegSpec spec = color_spec(48, 40);
    if (kind == 5) {
      spec.space = JCS_YCCK;
      spec.adobe = true;
      spec.factors = {{2, 1}, {1, 1}, {1, 1}, {2, 1}};
    }
    spec.quality = 50;
    spec.progressive = (kind & 1) != 0;
    spec.arithmetic = kind == 2 || kind == 3;
    spec.restart_interval = kind == 4 ? 2 : 0;
    decode_with_damage(make_jpeg(spec), 400, seed++);
  }
}

TEST(JpegSource, HugeClaimsAreRefusedAtOnce) {
  struct Case {
    const char* name;
    bool progressive;
    std::uint16_t width, height;
    ErrorCode code;
  };
  const Case cases[] = {
      {"over the limit", false, 65500, 65500, ErrorCode::kImageTooLarge},
      {"over the limit", true, 65500, 65500, ErrorCode::kImageTooLarge},
      {"beyond JPEG", false, 65535, 65535, ErrorCode::kImageTooLarge},
      {"within the limit, but no data", false, 10000, 10000, ErrorCode::kCorruptImage},
      {"within the limit, but no data", true, 10000, 10000, ErrorCode::kCorruptImage},
  };
  for (const Case& c : cases) {
    JpegSpec spec = color_spec(32, 32);
    spec.progressive = c.progressive;
    ByteVector file = make_jpeg(spec);
    const std::size_t frame = find_segment(file, c.progressive ? 0xc2 : 0xc0);
    file[frame + 5] = static_cast<std::uint8_t>(c.height >> 8);
    file[frame + 6] = static_cast<std::uint8_t>(c.height & 255);
    file[frame + 7] = static_cast<std::uint8_t>(c.width >> 8);
    file[frame + 8] = static_cast<std::uint8_t>(c.width & 255);
    const auto start = std::chrono::steady_clock::now();
    const Decoded decoded = decode(file);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1)) << c.name;
    EXPECT_EQ(decoded.error, c.code) << c.name;
  }
}

TEST(JpegSource, CoefficientMemoryIsLimited) {
  JpegSpec spec = color_spec(256, 256);
  spec.progressive = true;
  const ByteVector file = make_jpeg(spec);
  Limits limits;
  limits.max_decoder_bytes = 256 * 256 * 3 / 2 * 2 / 2;  // half of the coefficients
  EXPECT_EQ(decode(file, kFullSize, limits).error, ErrorCode::kImageTooLarge);
  limits.max_decoder_bytes *= 3;
  EXPECT_TRUE(decode(file, kFullSize, limits).ok());
  spec.progressive = false;
  limits.max_decoder_bytes = 0;  // nothing is kept of a file with one scan
  EXPECT_TRUE(decode(make_jpeg(spec), kFullSize, limits).ok());
}

TEST(JpegSource, TheNumberOfScansIsLimited) {
  JpegSpec spec = color_spec(64, 64);
  spec.progressive = true;
  ByteVector file = make_jpeg(spec);
  const std::size_t start = find_segment(file, 0xda);
  std::size_t end = start + 2;
  while (file[end] != 0xff || file[end + 1] == 0) ++end;
  const ByteVector scan(file.begin() + static_cast<std::ptrdiff_t>(start),
                        file.begin() + static_cast<std::ptrdiff_t>(end));
  for (int i = 0; i < 20; ++i)
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(end), scan.begin(), scan.end());
  EXPECT_TRUE(decode(file).ok());
  for (int i = 0; i < 60; ++i)
    file.insert(file.begin() + static_cast<std::ptrdiff_t>(end), scan.begin(), scan.end());
  const Decoded decoded = decode(file);
  EXPECT_EQ(decoded.error, ErrorCode::kImageTooLarge);
  EXPECT_NE(decoded.detail.find("scans"), std::string::npos);
}

TEST(JpegSource, NothingIsPrinted) {
  JpegSpec spec = color_spec(48, 40);
  ByteVector file = make_jpeg(spec);
  file.resize(file.size() * 3 / 4);
  file[file.size() - 20] ^= 0x5a;
  ::testing::internal::CaptureStderr();
  ::testing::internal::CaptureStdout();
  (void)decode(file);
  decode_with_damage(file, 50, 7);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(::testing::internal::GetCapturedStdout(), "");
}

// And so are the tables, which the rewrite and the decoders share.
TEST(JpegSource, TheHeaderIsReadOnce) {
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(75, 43);
    spec.progressive = progressive;
    const ByteVector file = make_jpeg(spec);
    const std::size_t scan = text_offset(file, "\xFF\xDA");
    expect_header_is_read_once(file, 0, scan + 14, Spoil::kAfterRewriting);
  }
}

}  // namespace
}  // namespace netocr::testing
