// WebP decoding: files of cwebp and webpmux against the pixels that they were made from and against dwebp;
// animations, alpha, metadata, damage, and headers that ask for too much.
#include "image/webp/source.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "cpp/image/files.hpp"
#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/read_once.hpp"
#include "cpp/image/truncation.hpp"

namespace netocr::webp {
namespace {

using namespace netocr::testing;

// Runs a program over files: "@0", "@1" ... stand for the inputs, "@out" for the file that is returned.
ByteVector run_over(std::string command, const std::vector<ByteVector>& inputs) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    names.push_back(temporary_file("in" + std::to_string(i)));
    write_file(names[i], inputs[i]);
    const std::string mark = "@" + std::to_string(i);
    for (auto at = command.find(mark); at != std::string::npos; at = command.find(mark)) {
      command.replace(at, mark.size(), names[i]);
    }
  }
  const std::string out = temporary_file("out.webp");
  command.replace(command.find("@out"), 4, out);
  EXPECT_EQ(std::system((command + " > /dev/null 2>&1").c_str()), 0) << command;
  const ByteVector file = read_file(out);
  EXPECT_FALSE(file.empty()) << command;
  names.push_back(out);
  for (const std::string& name : names) std::remove(name.c_str());
  return file;
}

ByteVector cwebp(const PngSpec& spec, const std::string& options) {
  return run_over("cwebp -quiet " + options + " @0 -o @out", {make_png(spec)});
}

Ycc over_white_ycc(const PngSpec& spec, std::uint32_t x, std::uint32_t y) {
  return ycc_of(png_pixel(spec, x, y));
}

TEST(WebpSource, LosslessIsExact) {
  for (const std::uint8_t color_type : {std::uint8_t{2}, std::uint8_t{6}}) {
    for (const auto& [width, height] : {std::pair{1U, 1U}, {37U, 41U}, {64U, 16U}, {130U, 67U}}) {
      const PngSpec spec = png_spec(color_type, 8, width, height);
      const ByteVector file = cwebp(spec, "-lossless -exact");
      const Decoded decoded = decode(file);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, 0U);
      ASSERT_EQ(decoded.planes.size(), 3U);
      double worst = 0;
      for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
          const Ycc want = over_white_ycc(spec, x, y);
          const Ycc got = pixel(decoded, x, y);
          worst = std::max(
              {worst, std::abs(got.y - want.y), std::abs(got.cb - want.cb), std::abs(got.cr - want.cr)});
        }
      }
      EXPECT_LE(worst, color_type == 6 ? 1.6 : 1.0) << width;
      const auto info = inspect_image(file, Limits{});
      ASSERT_TRUE(info.ok());
      EXPECT_EQ(info->width, width);
      EXPECT_EQ(info->height, height);
      EXPECT_EQ(info->color_model, ColorModel::kRgb);
      EXPECT_TRUE(info->decodable);
      EXPECT_FALSE(info->has_metadata);
    }
  }
}

// dwebp's own planes, of studio range, widened in double precision.
TEST(WebpSource, LossyPlanesAreTheReferenceDecodersWidened) {
  for (const auto& [width, height] : {std::pair{1U, 1U}, {37U, 41U}, {64U, 48U}, {133U, 70U}}) {
    const ByteVector file = cwebp(png_spec(2, 8, width, height), "-q 70");
    const ByteVector reference = run_over("dwebp -quiet -yuv @0 -o @out", {file});
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U);
    std::size_t at = 0;
    for (std::size_t plane = 0; plane < 3; ++plane) {
      const PlaneGeometry& geometry = decoded.planes[plane].geometry;
      EXPECT_EQ(geometry.width, plane == 0 ? width : (width + 1) / 2);
      EXPECT_DOUBLE_EQ(geometry.extent_height, plane == 0 ? height : height / 2.0);
      for (const std::uint8_t got : decoded.planes[plane].samples) {
        const double value = reference[at++];
        const double want = plane == 0 ? (value - 16) * 255 / 219 : (value - 128) * 255 / 224 + 128;
        ASSERT_LE(std::abs(got - std::clamp(want, 0.0, 255.0)), 0.5001) << plane;
      }
    }
    EXPECT_EQ(at, reference.size());
  }
}

// Flat colours survive: the range is the right one.
TEST(WebpSource, LossyColoursAreThoseOfTheOriginal) {
  for (const Rgb& color :
       {Rgb{255, 255, 255}, Rgb{0, 0, 0}, Rgb{200, 30, 40}, Rgb{20, 180, 60}, Rgb{30, 40, 220}}) {
    ByteVector pixels;
    for (int i = 0; i < 32 * 32; ++i) {
      for (const double value : {color.r, color.g, color.b})
        pixels.push_back(static_cast<std::uint8_t>(value));
    }
    ByteVector ppm;
    const std::string head = "P6\n32 32\n255\n";
    ppm.assign(head.begin(), head.end());
    ppm.insert(ppm.end(), pixels.begin(), pixels.end());
    const Decoded decoded = decode(run_over("cwebp -quiet -q 100 @0 -o @out", {ppm}));
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    const Ycc want = ycc_of(color);
    EXPECT_NEAR(decoded.planes[0].at(16, 16), want.y, 2);
    EXPECT_NEAR(decoded.planes[1].at(8, 8), want.cb, 2);
    EXPECT_NEAR(decoded.planes[2].at(8, 8), want.cr, 2);
  }
}

TEST(WebpSource, LossyAlphaIsLaidOverWhite) {
  const PngSpec spec = png_spec(6, 8, 45, 33);
  const ByteVector file = cwebp(spec, "-q 80 -exact -alpha_q 100");
  EXPECT_TRUE(inspect_image(file, Limits{})->has_alpha);
  // dwebp's Y and alpha planes.
  const ByteVector yuva = run_over("dwebp -quiet -yuv @0 -o @out", {file});
  const ByteVector pam = run_over("dwebp -quiet -pam @0 -o @out", {file});
  const std::string text(pam.begin(), pam.end());
  const std::size_t pixels = text.find("ENDHDR\n") + 7;
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  for (std::uint32_t y = 0; y < 33; ++y) {
    for (std::uint32_t x = 0; x < 45; ++x) {
      const double alpha = pam[pixels + (std::size_t{y} * 45 + x) * 4 + 3];
      const double luma = std::clamp((yuva[std::size_t{y} * 45 + x] - 16) * 255 / 219.0, 0.0, 255.0);
      ASSERT_NEAR(decoded.planes[0].at(x, y), over_white(luma, alpha), 1.01);
    }
  }
  // Chroma under pixels that are alike in alpha.
  const std::size_t chroma = 45 * 33;
  for (std::uint32_t y = 0; y < 16; ++y) {
    for (std::uint32_t x = 0; x < 22; ++x) {
      double alpha = 0;
      for (std::uint32_t i = 0; i < 4; ++i) {
        alpha += pam[pixels + ((2 * y + i / 2) * 45 + 2 * x + i % 2) * 4 + 3] / 4.0;
      }
      const double value = (yuva[chroma + y * 23 + x] - 128) * 255 / 224.0;
      ASSERT_NEAR(decoded.planes[1].at(x, y), std::clamp(128 + value * alpha / 255, 0.0, 255.0), 1.51);
    }
  }
}

TEST(WebpSource, FirstFrameOfAnAnimationLiesOnItsCanvas) {
  const PngSpec large = png_spec(2, 8, 60, 50);
  const PngSpec small = png_spec(6, 8, 31, 21);
  for (const char* options : {"-lossless -exact", "-q 90"}) {
    const ByteVector first = cwebp(small, options);
    const ByteVector second = cwebp(large, options);
    // The canvas reaches as far as the frames do.
    const ByteVector file =
        run_over("webpmux -frame @0 +100+10+20+0+b -frame @1 +100+0+0+0+b -loop 1 -o @out", {first, second});
    const auto info = inspect_image(file, Limits{});
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->width, 60U);
    EXPECT_EQ(info->height, 50U);
    EXPECT_TRUE(info->has_metadata);
    const Decoded still = decode(first);
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok() && still.ok()) << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U);
    for (std::size_t plane = 0; plane < 3; ++plane) {
      const DecodedPlane& whole = decoded.planes[plane];
      const DecodedPlane& part = still.planes[plane];
      const std::uint32_t left = whole.geometry.width == 60 ? 10 : 5;
      const std::uint32_t top = whole.geometry.height == 50 ? 20 : 10;
      for (std::uint32_t y = 0; y < whole.geometry.height; ++y) {
        for (std::uint32_t x = 0; x < whole.geometry.width; ++x) {
          const bool inside =
              x >= left && y >= top && x < left + part.geometry.width && y < top + part.geometry.height;
          const int want = inside ? part.at(x - left, y - top) : (plane == 0 ? 255 : 128);
          ASSERT_EQ(whole.at(x, y), want) << plane << ' ' << x << ' ' << y;
        }
      }
    }
  }
}

TEST(WebpSource, MetadataIsReported) {
  const ByteVector plain = cwebp(png_spec(2, 8, 20, 20), "-q 80");
  EXPECT_EQ(inspect_image(plain, Limits{})->orientation, 1);
  for (std::uint8_t orientation = 1; orientation <= 8; ++orientation) {
    const ByteVector exif = make_exif(ExifSpec{.value = orientation});
    ByteVector marked = {'E', 'x', 'i', 'f', 0, 0};
    marked.insert(marked.end(), exif.begin(), exif.end());
    ByteVector padded = marked;
    padded[5] = 0xff;
    for (const ByteVector& chunk : {exif, marked, padded}) {
      const ByteVector file = run_over("webpmux -set exif @1 @0 -o @out", {plain, chunk});
      const auto info = inspect_image(file, Limits{});
      ASSERT_TRUE(info.ok());
      EXPECT_EQ(info->orientation, orientation);
      EXPECT_TRUE(info->has_metadata);
      EXPECT_EQ(decode(file).warnings, 0U);
    }
  }
  const ByteVector with_xmp = run_over("webpmux -set xmp @1 @0 -o @out", {plain, {'<', 'x', '/', '>'}});
  EXPECT_TRUE(inspect_image(with_xmp, Limits{})->has_metadata);
  EXPECT_FALSE(inspect_image(plain, Limits{})->has_metadata);
}

TEST(WebpSource, ProfilesAreReportedAndFound) {
  const ByteVector plain = cwebp(png_spec(6, 8, 20, 20), "-lossless");
  struct Case {
    ByteVector profile;
    ProfileUse use;
  };
  for (const Case& test :
       {Case{srgb_profile(), ProfileUse::kSrgb}, Case{p3_profile(), ProfileUse::kConverted}}) {
    const ByteVector file = run_over("webpmux -set icc @1 @0 -o @out", {plain, test.profile});
    EXPECT_EQ(inspect_image(file, Limits{})->profile, test.use);
    EXPECT_EQ(inspect_image(file, Limits{})->warnings, 0U);
    EXPECT_EQ(decode(file).warnings, 0U);
    const Bytes profile = read_header(file)->profile;
    EXPECT_TRUE(std::equal(profile.begin(), profile.end(), test.profile.begin(), test.profile.end()));
  }
  EXPECT_TRUE(read_header(plain)->profile.empty());
}

TEST(WebpSource, EveryPrefixIsRefusedOrWarnedOf) {
  for (const char* options : {"-q 60", "-lossless -exact", "-q 60 -m 0 -segments 1"}) {
    for (const std::uint8_t color_type : {std::uint8_t{2}, std::uint8_t{6}}) {
      const ByteVector file = cwebp(png_spec(color_type, 8, 32, 48), options);
      const PrefixOutcomes outcomes = decode_every_prefix(file);
      EXPECT_GT(outcomes.warned, 0U) << options;
      EXPECT_EQ(outcomes.clean, 0U) << options;
    }
  }
}

TEST(WebpSource, TruncatedFilesKeepTheRowsThatAreThere) {
  const PngSpec spec = png_spec(2, 8, 64, 200);
  ByteVector file = cwebp(spec, "-q 90");
  const Decoded whole = decode(file);
  file.resize(file.size() * 2 / 3);
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok() && whole.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  for (std::uint32_t x = 0; x < 64; ++x) {
    EXPECT_EQ(decoded.planes[0].at(x, 0), whole.planes[0].at(x, 0));
    EXPECT_EQ(decoded.planes[0].at(x, 199), 255);
  }
}

// libwebp hands rows out when their filters are done: some 20 of them wait.
TEST(WebpSource, RowsOfACutFileAreCounted) {
  for (const char* options : {"-q 60", "-q 95 -m 0 -segments 1", "-lossless -exact"}) {
    for (const std::uint8_t color_type : {std::uint8_t{2}, std::uint8_t{6}}) {
      const ByteVector file = cwebp(png_spec(color_type, 8, 32, 117), options);
      SCOPED_TRACE(options);
      const TruncationOutcome outcome = expect_rows_grow(file, {.header_bytes = 30, .step = 11});
      EXPECT_GT(outcome.partial, outcome.lengths / 4) << int{color_type};
    }
  }
}

// Above its picture the canvas is blank because the file says so, below it because the file ends.
TEST(WebpSource, RowsOfACutFrameAreCountedOnItsCanvas) {
  const ByteVector first = cwebp(png_spec(2, 8, 31, 80), "-lossless -exact");
  const ByteVector second = cwebp(png_spec(2, 8, 60, 130), "-q 50");
  const ByteVector file =
      run_over("webpmux -frame @0 +100+10+20+0+b -frame @1 +100+0+0+0+b -loop 1 -o @out", {first, second});
  EXPECT_EQ(decode(file).decoded_rows, 130U);
  const Decoded still = decode(Bytes(first).first(first.size() / 2));
  ASSERT_GT(still.decoded_rows, 0U);
  // The same bytes of the picture: 12 of RIFF against 12 of RIFF, 18 of VP8X, 14 of ANIM and 24 of ANMF.
  const Decoded decoded = decode(Bytes(file).first(first.size() / 2 + 56));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.decoded_rows, still.decoded_rows + 20);
}

TEST(WebpSource, DamageIsSurvived) {
  for (const char* options : {"-q 60", "-lossless -exact"}) {
    for (const std::uint8_t color_type : {std::uint8_t{2}, std::uint8_t{6}}) {
      decode_with_damage(cwebp(png_spec(color_type, 8, 50, 40), options), 300, 11);
    }
  }
}

void put_little(ByteVector& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

ByteVector chunk(const char* type, const ByteVector& contents) {
  ByteVector bytes(type, type + 4);
  put_little(bytes, static_cast<std::uint32_t>(contents.size()), 4);
  bytes.insert(bytes.end(), contents.begin(), contents.end());
  if (contents.size() % 2 != 0) bytes.push_back(0);
  return bytes;
}

ByteVector riff(const std::vector<ByteVector>& chunks) {
  ByteVector contents = {'W', 'E', 'B', 'P'};
  for (const ByteVector& one : chunks) contents.insert(contents.end(), one.begin(), one.end());
  return chunk("RIFF", contents);
}

ByteVector canvas(std::uint32_t width, std::uint32_t height) {
  ByteVector contents = {0x02, 0, 0, 0};
  put_little(contents, width - 1, 3);
  put_little(contents, height - 1, 3);
  return chunk("VP8X", contents);
}

ByteVector lossless_head(std::uint32_t width, std::uint32_t height) {
  ByteVector contents = {0x2f};
  put_little(contents, (width - 1) | (height - 1) << 14, 4);
  contents.insert(contents.end(), 20, 0);
  return chunk("VP8L", contents);
}

ByteVector lossy_head(std::uint32_t width, std::uint32_t height, std::uint8_t tag = 0x10) {
  ByteVector contents = {tag, 2, 0, 0x9d, 0x01, 0x2a};
  put_little(contents, width, 2);
  put_little(contents, height, 2);
  contents.insert(contents.end(), 20, 0);
  return chunk("VP8 ", contents);
}

ByteVector frame(std::uint32_t x, std::uint32_t width, std::uint32_t height, const ByteVector& picture) {
  ByteVector contents;
  for (const std::uint32_t value : {x / 2, 0U, width - 1, height - 1, 100U}) put_little(contents, value, 3);
  contents.push_back(0);
  contents.insert(contents.end(), picture.begin(), picture.end());
  return chunk("ANMF", contents);
}

TEST(WebpSource, HeadersThatContradictThemselvesOrAskForTooMuchAreRefused) {
  struct Case {
    const char* what;
    ByteVector file;
  };
  for (const Case& test : {
           Case{"no picture", riff({canvas(16, 16)})},
           Case{"a canvas smaller than the picture", riff({canvas(8, 8), lossless_head(16, 16)})},
           Case{"a frame beyond the canvas", riff({canvas(16, 16), frame(8, 16, 16, lossless_head(16, 16))})},
           Case{"a frame of another size", riff({canvas(16, 16), frame(0, 8, 8, lossless_head(16, 16))})},
           Case{"a frame without a picture", riff({canvas(16, 16), frame(0, 16, 16, {})})},
           Case{"a picture of no size", riff({lossy_head(0, 16)})},
           Case{"no key frame", riff({lossy_head(16, 16, 0x11)})},
           Case{"a header that ends early", riff({chunk("VP8L", {0x2f, 1, 0})})},
           Case{"another signature", riff({chunk("VP8L", {0x2e, 0, 0, 0, 0, 0})})},
           Case{"a later version", riff({chunk("VP8L", {0x2f, 0, 0, 0, 0x20, 0})})},
           Case{"268 megapixels", riff({lossless_head(16384, 16384)})},
           Case{"16 terapixels", riff({canvas(1U << 24, 1U << 24), frame(0, 1, 1, lossless_head(1, 1))})},
           Case{"a lossless bomb", riff({lossless_head(9000, 9000)})},
           Case{"a lossy bomb", riff({lossy_head(10000, 10000)})},
           Case{"a canvas of 100 megapixels",
                riff({canvas(10000, 10000), frame(0, 1, 1, lossless_head(1, 1))})},
           Case{"a frame in a frame",
                riff({canvas(16, 16), frame(0, 16, 16, frame(0, 16, 16, lossless_head(8, 8)))})},
       }) {
    const auto start = std::chrono::steady_clock::now();
    const Decoded decoded = decode(test.file);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    ASSERT_FALSE(decoded.ok()) << test.what;
    EXPECT_TRUE(decoded.error == ErrorCode::kCorruptImage || decoded.error == ErrorCode::kImageTooLarge ||
                decoded.error == ErrorCode::kUnrecognizedFormat)
        << test.what;
    EXPECT_LT(took.count(), 1.0) << test.what;
    (void)inspect_image(test.file, Limits{});
  }
}

TEST(WebpSource, LimitsAreKept) {
  const ByteVector file = cwebp(png_spec(2, 8, 64, 64), "-lossless");
  Limits limits;
  limits.max_pixels = 64 * 63;
  EXPECT_EQ(decode(file, kFullSize, limits).error, ErrorCode::kImageTooLarge);
  limits = {};
  limits.max_decoder_bytes = 64 * 64 * 7;
  EXPECT_EQ(decode(file, kFullSize, limits).error, ErrorCode::kImageTooLarge);
}

TEST(WebpSource, TheHeaderIsReadOnce) {
  const ByteVector file =
      run_over("webpmux -set icc @1 @0 -o @out", {cwebp(png_spec(2, 8, 37, 21), "-q 60"), p3_profile()});
  expect_header_is_read_once(file, 0, text_offset(file, "VP8 "));
}

}  // namespace
}  // namespace netocr::webp
