// Conversion to sRGB against Little CMS (by ImageMagick's convert), on planes and through prepare_image.
#include "image/scale/color_profile.hpp"

#include <gtest/gtest.h>

#include "cpp/image/decoding.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/png/maker.hpp"
#include "image/prepare.hpp"

namespace netocr::testing {
namespace {

struct Profile {
  const char* name;
  ByteVector icc;
};

std::vector<Profile> rgb_profiles() {
  return {{"Display P3", p3_profile()},
          {"Adobe RGB", make_icc({"RGB ", kAdobeColorants, gamma_curve(2.19921875)})},
          {"ProPhoto RGB", make_icc({"RGB ", kProPhotoColorants, gamma_curve(1.80078125)})},
          {"sRGB primaries, gamma 1.8", make_icc({"RGB ", kSrgbColorants, gamma_curve(1.80078125)})}};
}

ByteVector pnm_of(std::uint32_t width, const ByteVector& samples, bool grey) {
  const std::size_t height = samples.size() / width / (grey ? 1 : 3);
  const std::string header =
      (grey ? "P5 " : "P6 ") + std::to_string(width) + " " + std::to_string(height) + " 255\n";
  ByteVector file(header.begin(), header.end());
  file.insert(file.end(), samples.begin(), samples.end());
  return file;
}

// Samples of the profile -> sRGB, by Little CMS.
std::string lcms_command(const TemporaryFile& from, const TemporaryFile& to, const char* depth) {
  return std::string("convert pnm:@ -intent relative -profile icc:") + from.path() +
         " -profile icc:" + to.path() + " -depth " + depth + " ppm:-";
}
Pnm lcms(const ByteVector& pnm, const ByteVector& icc) {
  const TemporaryFile from(icc);
  const TemporaryFile to(srgb_profile());
  return ask(lcms_command(from, to, "8"), pnm);
}

// The same with 16 bits each way: nothing is rounded that matters here.
std::vector<Rgb> lcms(const std::vector<Rgb>& colors, const ByteVector& icc) {
  const std::string header = "P6 " + std::to_string(colors.size()) + " 1 65535\n";
  ByteVector pnm(header.begin(), header.end());
  for (const Rgb& color : colors) {
    for (const double value : {color.r, color.g, color.b}) {
      const long sample = std::lround(value * 257);
      pnm.insert(pnm.end(), {static_cast<std::uint8_t>(sample >> 8), static_cast<std::uint8_t>(sample)});
    }
  }
  const TemporaryFile from(icc);
  const TemporaryFile to(srgb_profile());
  const TemporaryFile in(pnm);
  std::string command = lcms_command(from, to, "16");
  command.replace(command.find('@'), 1, in.path());
  FILE* pipe = popen(command.c_str(), "r");
  std::vector<Rgb> converted(colors.size());
  std::size_t count = 0;
  EXPECT_EQ(std::fscanf(pipe, "P6 %zu 1 65535", &count), 1);
  EXPECT_EQ(count, colors.size());
  std::fgetc(pipe);
  const auto sample = [pipe] {
    const int high = std::fgetc(pipe);
    return (high * 256 + std::fgetc(pipe)) / 257.0;
  };
  for (Rgb& color : converted) {
    color.r = sample();
    color.g = sample();
    color.b = sample();
  }
  EXPECT_EQ(std::feof(pipe), 0);
  pclose(pipe);
  return converted;
}

// One pixel of 4:2:0 is a block of 2 x 2 equal ones.
constexpr std::uint32_t kWidth = 64;

std::uint8_t rounded(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

TEST(ConvertToSrgb, AgreesWithLittleCms) {
  // Every colour of a coarse cube as planes can hold it.
  std::vector<Ycc> colors;
  for (int r = 0; r <= 255; r += 15) {
    for (int g = 0; g <= 255; g += 15) {
      for (int b = 0; b <= 255; b += 15) {
        const Ycc exact = ycc_of({1.0 * r, 1.0 * g, 1.0 * b});
        colors.push_back({1.0 * rounded(exact.y), 1.0 * rounded(exact.cb), 1.0 * rounded(exact.cr)});
      }
    }
  }
  while (colors.size() % kWidth != 0) colors.push_back(colors.back());
  const auto height = static_cast<std::uint32_t>(colors.size() / kWidth);
  std::vector<Rgb> samples;
  for (const Ycc& color : colors) {
    const Rgb rgb = rgb_of(color);
    samples.push_back({1.0 * rounded(rgb.r), 1.0 * rounded(rgb.g), 1.0 * rounded(rgb.b)});
  }
  for (const Profile& profile : rgb_profiles()) {
    auto image = make_planar_image(2 * kWidth, 2 * height, 3);
    ASSERT_TRUE(image.ok());
    for (std::uint32_t y = 0; y < 2 * height; ++y) {
      for (std::uint32_t x = 0; x < 2 * kWidth; ++x) {
        const Ycc& color = colors[(y / 2) * kWidth + x / 2];
        image->planes[0].row(y)[x] = rounded(color.y);
        image->planes[1].row(y / 2)[x / 2] = rounded(color.cb);
        image->planes[2].row(y / 2)[x / 2] = rounded(color.cr);
      }
    }
    auto full = make_planar_image(kWidth, height, 3, k444);  // the same colours, a pixel each
    ASSERT_TRUE(full.ok());
    for (std::size_t i = 0; i < 3; ++i) {
      testing::fill(full->planes[i], [&](std::uint32_t x, std::uint32_t y) {
        return i == 0 ? image->planes[0].row(2 * y)[2 * x] : image->planes[i].row(y)[x];
      });
    }
    ASSERT_TRUE(convert_to_srgb(read_icc(profile.icc), *full).ok());
    ASSERT_TRUE(convert_to_srgb(read_icc(profile.icc), *image).ok());
    const std::vector<Rgb> expected = lcms(samples, profile.icc);
    double worst = 0, sum = 0;
    const double samples_compared = 3.0 * kWidth * height;
    for (std::uint32_t y = 0; y < height; ++y) {
      for (std::uint32_t x = 0; x < kWidth; ++x) {
        // What Little CMS changes in the colour of 8 bits is to be changed in the planes.
        const std::size_t i = std::size_t{y} * kWidth + x;
        const Ycc before = ycc_of(samples[i]), after = ycc_of(expected[i]);
        const auto limited = [](double value) { return std::clamp(value, 0.0, 255.0); };
        const Ycc ycc = {limited(colors[i].y + after.y - before.y),
                         limited(colors[i].cb + after.cb - before.cb),
                         limited(colors[i].cr + after.cr - before.cr)};
        const double differences[] = {std::abs(image->planes[0].row(2 * y)[2 * x] - ycc.y),
                                      std::abs(image->planes[1].row(y)[x] - ycc.cb),
                                      std::abs(image->planes[2].row(y)[x] - ycc.cr)};
        for (const double difference : differences) {
          worst = std::max(worst, difference);
          sum += difference;
        }
        EXPECT_EQ(full->planes[0].row(y)[x], image->planes[0].row(2 * y)[2 * x]);
        EXPECT_EQ(full->planes[1].row(y)[x], image->planes[1].row(y)[x]);
        EXPECT_EQ(full->planes[2].row(y)[x], image->planes[2].row(y)[x]);
        // All four pixels of the block are the same.
        EXPECT_EQ(image->planes[0].row(2 * y)[2 * x], image->planes[0].row(2 * y + 1)[2 * x + 1]);
      }
    }
    // Rounding to the planes takes one half, and one quarter on average.
    EXPECT_LT(worst, 1.05) << profile.name;
    EXPECT_LT(sum / samples_compared, 0.27) << profile.name;
  }
}

TEST(ConvertToSrgb, ColoursThatDoNotChangeKeepTheirSamples) {
  // Greys of Display P3 are sRGB's greys, and sRGB's own primaries and curve change nothing at all. Odd
  // sizes.
  IccProfile same = read_icc(p3_profile());
  same.to_linear_srgb = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (const IccProfile& profile : {read_icc(p3_profile()), same}) {
    const bool grey_only = profile.to_linear_srgb != same.to_linear_srgb;
    auto image = make_planar_image(257, 33, 3);
    ASSERT_TRUE(image.ok());
    const auto luma = [](std::uint32_t x, std::uint32_t y) { return static_cast<std::uint8_t>(x + y); };
    const auto blue = [&](std::uint32_t x) { return static_cast<std::uint8_t>(grey_only ? 128 : 2 * x); };
    const auto red = [&](std::uint32_t y) { return static_cast<std::uint8_t>(grey_only ? 128 : 15 * y); };
    for (std::uint32_t y = 0; y < 33; ++y) {
      for (std::uint32_t x = 0; x < 257; ++x) {
        image->planes[0].row(y)[x] = luma(x, y);
        image->planes[1].row(y / 2)[x / 2] = blue(x / 2);
        image->planes[2].row(y / 2)[x / 2] = red(y / 2);
      }
    }
    ASSERT_TRUE(convert_to_srgb(profile, *image).ok());
    for (std::uint32_t y = 0; y < 33; ++y) {
      for (std::uint32_t x = 0; x < 257; ++x) {
        ASSERT_EQ(image->planes[0].row(y)[x], luma(x, y)) << x << " " << y;
        ASSERT_EQ(image->planes[1].row(y / 2)[x / 2], blue(x / 2));
        ASSERT_EQ(image->planes[2].row(y / 2)[x / 2], red(y / 2));
      }
    }
  }
}

TEST(ConvertToSrgb, GreyAgreesWithLittleCms) {
  ByteVector samples(256);
  for (std::size_t i = 0; i < 256; ++i) samples[i] = static_cast<std::uint8_t>(i);
  for (const double gamma : {1.0, 1.80078125, 2.5}) {
    const ByteVector icc = make_icc({"GRAY", {}, gamma_curve(gamma)});
    auto image = make_planar_image(256, 1, 1);
    ASSERT_TRUE(image.ok());
    std::copy(samples.begin(), samples.end(), image->planes[0].row(0));
    ASSERT_TRUE(convert_to_srgb(read_icc(icc), *image).ok());
    const Pnm expected = lcms(pnm_of(256, samples, true), icc);
    for (std::uint32_t x = 0; x < 256; ++x) {
      EXPECT_NEAR(image->planes[0].row(0)[x], expected.at(x, 0, 1), 1) << gamma << " at " << x;
    }
  }
}

// A picture of 4 x 4 flat patches, as sRGB, through the whole flow.
constexpr std::uint32_t kPatch = 32;
Rgb patch_color(std::uint32_t x, std::uint32_t y) {
  const std::uint32_t i = y / kPatch * 4 + x / kPatch;
  return {40.0 + 50 * (i % 4), 40.0 + 50 * (i / 4), 40.0 + 25 * ((5 * i) % 8)};
}

void expect_patches_as_lcms(const ByteVector& file, const ByteVector& icc) {
  PrepareOptions options;
  options.min_quality = 90;
  const auto prepared = prepare_image(file, options);
  ASSERT_TRUE(prepared.ok());
  EXPECT_FALSE(prepared->lossless);
  EXPECT_EQ(prepared->source.profile, ProfileUse::kConverted);
  EXPECT_EQ(prepared->warnings, 0U);
  const Pnm actual = ask("djpeg -pnm @", prepared->bytes.span());
  const Pnm stored = ask("convert @ -strip -depth 8 ppm:-", file);
  const Pnm expected = lcms(pnm_of(4 * kPatch, stored.samples, false), icc);
  ASSERT_EQ(actual.width, 4 * kPatch);
  for (std::uint32_t y = kPatch / 2; y < 4 * kPatch; y += kPatch) {
    for (std::uint32_t x = kPatch / 2; x < 4 * kPatch; x += kPatch) {
      double moved = 0;
      for (std::uint32_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(actual.at(x, y, c), expected.at(x, y, c), 4) << x << " " << y << " " << c;
        moved = std::max(moved, std::abs(1.0 * expected.at(x, y, c) - stored.at(x, y, c)));
      }
      if (x / kPatch != y / kPatch) EXPECT_GT(moved, 2);  // there is something to convert
    }
  }
}

TEST(ConvertToSrgb, AJpegOfDisplayP3IsPreparedAsSrgb) {
  const ByteVector icc = p3_profile();
  JpegSpec spec = color_spec(4 * kPatch, 4 * kPatch, {1, 1});
  spec.quality = 98;
  spec.sample = [](int component, double x, double y) {
    const auto at = [](double v) { return static_cast<std::uint32_t>(std::min(v, 0.999) * 4 * kPatch); };
    const Ycc ycc = ycc_of(patch_color(at(x), at(y)));
    return component == 0 ? ycc.y : component == 1 ? ycc.cb : ycc.cr;
  };
  using std::string_literals::operator""s;
  const ByteVector part = segment(0xe2, "ICC_PROFILE\0\1\1"s + std::string(icc.begin(), icc.end()));
  expect_patches_as_lcms(with_segment(make_jpeg(spec), part), icc);
}

TEST(ConvertToSrgb, APngOfAdobeRgbIsPreparedAsSrgb) {
  const ByteVector icc = make_icc({"RGB ", kAdobeColorants, gamma_curve(2.19921875)});
  PngSpec spec;
  spec.width = spec.height = 4 * kPatch;
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    const Rgb color = patch_color(x, y);
    return static_cast<std::uint32_t>(channel == 0 ? color.r : channel == 1 ? color.g : color.b);
  };
  ByteVector data = {'n', 0, 0};
  const ByteVector packed = png_maker::deflate(icc);
  data.insert(data.end(), packed.begin(), packed.end());
  spec.before_data = png_chunk("iCCP", data);
  expect_patches_as_lcms(make_png(spec), icc);
}

}  // namespace
}  // namespace netocr::testing
