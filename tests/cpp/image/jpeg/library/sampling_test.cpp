// RGB, CMYK and YCCK of any sampling factors, which few encoders write.
#include <gtest/gtest.h>

#include "cpp/image/jpeg/maker.hpp"

namespace netocr::testing {
namespace {

// The sample that is repeated over a pixel of the picture.
double nearest(const JpegSpec& spec, std::size_t component, std::uint32_t x, std::uint32_t y) {
  const Factors most = jpeg_maker::largest(spec.factors);
  const Factors f = spec.factors[component];
  const std::uint32_t sx = x * static_cast<std::uint32_t>(f.h) / static_cast<std::uint32_t>(most.h);
  const std::uint32_t sy = y * static_cast<std::uint32_t>(f.v) / static_cast<std::uint32_t>(most.v);
  return spec.sample(static_cast<int>(component), (sx + 0.5) * most.h / f.h / spec.width,
                     (sy + 0.5) * most.v / f.v / spec.height);
}

double worst_joined(const JpegSpec& spec, const Decoded& decoded) {
  double worst = 0;
  for (std::uint32_t y = 0; y < spec.height; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const double ink = spec.factors.size() == 4 ? nearest(spec, 3, x, y) / 255 : 1;
      const Ycc expected =
          ycc_of({nearest(spec, 0, x, y) * ink, nearest(spec, 1, x, y) * ink, nearest(spec, 2, x, y) * ink});
      const Ycc got = pixel(decoded, x, y);
      worst = std::max({worst, std::abs(got.y - expected.y), std::abs(got.cb - expected.cb),
                        std::abs(got.cr - expected.cr)});
    }
  }
  return worst;
}

JpegSpec joined_spec(J_COLOR_SPACE space, std::vector<Factors> factors) {
  JpegSpec spec = color_spec(43, 37);
  spec.space = space;
  spec.factors = std::move(factors);
  spec.quality = 100;
  spec.jfif = false;
  spec.adobe = true;
  // Smooth, so that what the transform loses is small.
  spec.sample = [](int component, double x, double y) {
    return std::clamp(40 + 150 * x * (component == 1 ? 0.5 : 1) + 40 * y * (component - 1), 0.0, 255.0);
  };
  return spec;
}

// All of T.81's factors whose MCU has at most ten blocks.
TEST(JpegSampling, RgbOfAnyFactorsIsDecoded) {
  int count = 0;
  for (int code = 0; code < 4096; ++code) {
    const auto factor = [code](int shift) { return 1 + (code >> shift & 3); };
    const std::vector<Factors> factors = {
        {factor(0), factor(2)}, {factor(4), factor(6)}, {factor(8), factor(10)}};
    int blocks = 0;
    for (const Factors& f : factors) blocks += f.h * f.v;
    if (blocks > 10) continue;
    const JpegSpec spec = joined_spec(JCS_RGB, factors);
    const Decoded decoded = decode(make_jpeg(spec));
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    ASSERT_EQ(decoded.planes.size(), 3U);
    EXPECT_LE(worst_joined(spec, decoded), 3.0) << std::oct << code;
    ++count;
  }
  EXPECT_GT(count, 300);
}

TEST(JpegSampling, CmykOfAnyFactorsIsDecodedWithAndWithoutAdobesMarker) {
  const std::vector<std::vector<Factors>> kinds = {
      {{1, 1}, {1, 1}, {1, 1}, {1, 1}}, {{2, 2}, {1, 1}, {1, 1}, {2, 2}}, {{3, 1}, {2, 1}, {1, 1}, {3, 1}},
      {{1, 1}, {1, 1}, {1, 1}, {2, 2}}, {{1, 3}, {1, 2}, {1, 2}, {1, 1}}, {{4, 1}, {1, 1}, {3, 1}, {2, 1}}};
  for (const auto& factors : kinds) {
    for (const bool adobe : {false, true}) {
      JpegSpec spec = joined_spec(JCS_CMYK, factors);
      spec.adobe = adobe;
      const Decoded decoded = decode(make_jpeg(spec));
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_LE(worst_joined(spec, decoded), 3.0);
    }
  }
}

TEST(JpegSampling, YcckIsThatOfDjpegAtEveryScale) {
  for (const Factors luma : {Factors{1, 1}, {2, 1}, {2, 2}}) {
    for (const bool progressive : {false, true}) {
      JpegSpec spec = joined_spec(JCS_YCCK, {luma, {1, 1}, {1, 1}, luma});
      spec.sample = waves;
      spec.progressive = progressive;
      const ByteVector file = make_jpeg(spec);
      for (const std::uint32_t n : {8U, 4U, 2U, 1U}) {
        const Decoded decoded = decode(file, {(spec.width * n + 7) / 8, (spec.height * n + 7) / 8});
        ASSERT_TRUE(decoded.ok()) << decoded.detail;
        const std::string scale = std::to_string(n) + "/8 @";
        EXPECT_LE(worst_difference(decoded, ask("djpeg -dct int -nosmooth -ppm -scale " + scale, file)), 3.0)
            << n;
      }
    }
  }
}

TEST(JpegSampling, JoinedPlanesCanBeDecodedAtEveryScale) {
  for (const auto& factors :
       {std::vector<Factors>{{3, 2}, {2, 1}, {1, 1}}, {{2, 2}, {1, 2}, {2, 1}}, {{1, 1}, {1, 1}, {1, 1}}}) {
    const JpegSpec spec = joined_spec(JCS_RGB, factors);
    const ByteVector file = make_jpeg(spec);
    for (std::uint32_t n = 1; n <= 8; ++n) {
      const Decoded decoded = decode(file, {(43 * n + 7) / 8, (37 * n + 7) / 8});
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      const PlaneGeometry& plane = decoded.planes[2].geometry;
      EXPECT_EQ(plane.width, static_cast<std::uint32_t>(std::ceil(plane.extent_width)));
      const double x = (plane.width / 2 + 0.5) / plane.extent_width;
      const double y = (plane.height / 2 + 0.5) / plane.extent_height;
      const Ycc middle = pixel(decoded, plane.width / 2, plane.height / 2);
      const Ycc expected = ycc_of({spec.sample(0, x, y), spec.sample(1, x, y), spec.sample(2, x, y)});
      EXPECT_NEAR(middle.y, expected.y, 6) << n;
      EXPECT_NEAR(middle.cr, expected.cr, 6) << n;
    }
  }
}

}  // namespace
}  // namespace netocr::testing
