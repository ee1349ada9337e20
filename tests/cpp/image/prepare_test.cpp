// The whole image flow on real files: those of cjpeg, and PNG and BMP files made here.
#include "image/prepare.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <string>

#include "cpp/image/opening.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/tools.hpp"
#include "image/scale/orient.hpp"

namespace netocr {
namespace {

using testing::ByteVector;
using testing::djpeg_luma;
using testing::inspect_image;
using testing::must_make_plane;
using testing::run_tool;

// An RGB picture as interleaved samples: a photo-like luma with different colours left and right.
ByteVector rgb_samples(std::uint32_t width, std::uint32_t height, std::uint32_t seed = 1) {
  Plane luma = must_make_plane(width, height);
  testing::fill_photo(luma, seed, 0.7);
  ByteVector samples;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const int value = luma.row(y)[x];
      const int tint = x < width / 2 ? 25 : -25;
      samples.push_back(static_cast<std::uint8_t>(std::clamp(value + tint, 0, 255)));
      samples.push_back(static_cast<std::uint8_t>(value));
      samples.push_back(static_cast<std::uint8_t>(std::clamp(value - tint, 0, 255)));
    }
  }
  return samples;
}

ByteVector cjpeg(const ByteVector& pnm, const std::string& options) {
  return run_tool("cjpeg " + options, pnm);
}

ByteVector color_jpeg(std::uint32_t width, std::uint32_t height, const std::string& options = "-quality 90") {
  return cjpeg(testing::make_pnm(width, height, rgb_samples(width, height)), options);
}

ByteVector grey_jpeg(std::uint32_t width, std::uint32_t height, const std::string& options = "-quality 90") {
  Plane plane = must_make_plane(width, height);
  testing::fill_photo(plane, 5, 0.7);
  return cjpeg(testing::grey_pnm(plane), options);
}

// `jpeg` with a segment after SOI.
ByteVector with_segment(const ByteVector& jpeg, std::uint8_t marker, const ByteVector& body) {
  ByteVector file(jpeg.begin(), jpeg.begin() + 2);
  const std::size_t length = body.size() + 2;
  file.insert(file.end(),
              {0xFF, marker, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  file.insert(file.end(), body.begin(), body.end());
  file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
  return file;
}

ByteVector with_orientation(const ByteVector& jpeg, std::uint8_t orientation) {
  return with_segment(jpeg, 0xE1, {'E',  'x',  'i', 'f', 0, 0, 'I', 'I', 42,          0, 8, 0, 0, 0, 1, 0,
                                   0x12, 0x01, 3,   0,   1, 0, 0,   0,   orientation, 0, 0, 0, 0, 0, 0, 0});
}

void append_u32(ByteVector& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void append_chunk(ByteVector& png, const char* type, const ByteVector& body) {
  append_u32(png, static_cast<std::uint32_t>(body.size()));
  const std::size_t start = png.size();
  png.insert(png.end(), type, type + 4);
  png.insert(png.end(), body.begin(), body.end());
  append_u32(png,
             static_cast<std::uint32_t>(crc32(0, png.data() + start, static_cast<uInt>(png.size() - start))));
}

// `row_bytes` bytes a row, unfiltered. `extra` is a chunk type put before IDAT, or null.
ByteVector make_png(std::uint32_t width, std::uint32_t height, std::uint8_t depth, std::uint8_t color_type,
                    std::size_t row_bytes, const ByteVector& rows, const char* extra = nullptr) {
  ByteVector png = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  ByteVector header;
  append_u32(header, width);
  append_u32(header, height);
  header.insert(header.end(), {depth, color_type, 0, 0, 0});
  append_chunk(png, "IHDR", header);
  if (color_type == 3) append_chunk(png, "PLTE", {0, 0, 0, 255, 255, 255});
  if (extra != nullptr) append_chunk(png, extra, {'a', 0, 'b'});
  ByteVector raw;
  for (std::uint32_t y = 0; y < height; ++y) {
    raw.push_back(0);
    for (std::size_t i = 0; i < row_bytes; ++i) raw.push_back(rows[(y * row_bytes + i) % rows.size()]);
  }
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  ByteVector packed(size);
  EXPECT_EQ(compress(packed.data(), &size, raw.data(), static_cast<uLong>(raw.size())), Z_OK);
  packed.resize(size);
  append_chunk(png, "IDAT", packed);
  append_chunk(png, "IEND", {});
  return png;
}

Prepared must_prepare(const ByteVector& file, const PrepareOptions& options = {}) {
  auto prepared = prepare_image(file, options);
  EXPECT_TRUE(prepared.ok()) << (prepared.ok() ? "" : prepared.error().detail);
  return prepared.ok() ? std::move(*prepared) : Prepared{};
}

ErrorCode error_of(const ByteVector& file, const PrepareOptions& options = {}) {
  const auto prepared = prepare_image(file, options);
  EXPECT_FALSE(prepared.ok());
  return prepared.ok() ? ErrorCode::kInternal : prepared.error().code;
}

PrepareOptions edge(std::uint32_t max_edge) {
  PrepareOptions options;
  options.max_edge = max_edge;
  return options;
}

// Interleaved samples as djpeg or pngtopnm decode them.
testing::Pnm samples_of(Bytes file) {
  const bool jpeg = file[0] == 0xFF;
  return testing::parse_pnm(run_tool(jpeg ? "djpeg -dct int" : "pngtopnm", file));
}

TEST(Prepare, KeepsThePictureOfWhatIsAlreadyRight) {
  const ByteVector noise = rgb_samples(60, 40);
  const ByteVector jpeg = color_jpeg(60, 40);
  const ByteVector files[] = {
      jpeg,
      color_jpeg(61, 41, "-quality 90 -progressive"),
      color_jpeg(60, 40, "-quality 90 -sample 1x1"),
      color_jpeg(60, 40, "-quality 90 -restart 1"),
      grey_jpeg(60, 40),
      with_orientation(jpeg, 1),
      with_segment(jpeg, 0xFE, {'h', 'i'}),
      with_segment(jpeg, 0xE1, ByteVector(60'000, 'x')),
      [&] {
        ByteVector file = jpeg;
        file.push_back(0);
        return file;
      }(),
      make_png(60, 40, 8, 2, 180, noise),
      make_png(60, 40, 8, 0, 60, noise),
      make_png(60, 40, 1, 3, 8, noise),
      make_png(60, 40, 4, 0, 30, noise),
  };
  PrepareOptions options;
  options.max_bytes = 30'000;
  for (const ByteVector& file : files) {
    const Prepared prepared = must_prepare(file, options);
    EXPECT_TRUE(prepared.lossless);
    EXPECT_EQ(samples_of(prepared.bytes.span()).samples, samples_of(file).samples);
    EXPECT_EQ(prepared.quality, 0);
    EXPECT_EQ(prepared.height, file[0] == 0xFF && prepared.width == 61 ? 41U : 40U);
    EXPECT_EQ(prepared.decoded_rows, prepared.height);
    EXPECT_EQ(prepared.format, file[0] == 0xFF ? ImageFormat::kJpeg : ImageFormat::kPng);
    EXPECT_EQ(prepared.warnings, 0U);
    const auto info = inspect_image(prepared.bytes.span(), Limits{});
    ASSERT_TRUE(info.ok());
    EXPECT_FALSE(info->has_metadata);
    EXPECT_FALSE(info->progressive);
  }
}

TEST(Prepare, MakesAnewWhatIsNot) {
  const ByteVector noise = rgb_samples(60, 40);
  const ByteVector jpeg = color_jpeg(60, 40);
  const struct {
    const char* why;
    ByteVector file;
  } cases[] = {
      {"RGB JPEG", color_jpeg(60, 40, "-rgb -quality 90")},
      {"arithmetic coding", color_jpeg(60, 40, "-arithmetic -quality 90")},
      {"less luma than chroma", color_jpeg(60, 40, "-quality 90 -sample 2x1,1x2,1x1")},
      {"mirrored, of half an MCU", with_orientation(jpeg, 2)},
      {"16 bits", make_png(60, 40, 16, 2, 360, noise)},
  };
  for (const auto& c : cases) {
    const Prepared prepared = must_prepare(c.file);
    EXPECT_FALSE(prepared.lossless) << c.why;
    EXPECT_EQ(prepared.format, ImageFormat::kJpeg) << c.why;
    EXPECT_EQ(prepared.width, 60U) << c.why;
    const auto info = inspect_image(prepared.bytes.span(), Limits{});
    ASSERT_TRUE(info.ok()) << c.why;
    EXPECT_FALSE(info->has_metadata) << c.why;
    EXPECT_EQ(djpeg_luma(prepared.bytes.span()).height, 40U) << c.why;
  }
  EXPECT_FALSE(must_prepare(color_jpeg(200, 40), edge(199)).lossless);
}

// What counts is the size of what goes out.
TEST(Prepare, JudgesTheBudgetByTheRewrittenSize) {
  const ByteVector file = color_jpeg(200, 140);
  PrepareOptions tight;
  tight.max_bytes = static_cast<std::uint32_t>(must_prepare(file).bytes.size());
  EXPECT_LT(tight.max_bytes, file.size());
  EXPECT_TRUE(must_prepare(file, tight).lossless);
  --tight.max_bytes;
  const Prepared anew = must_prepare(file, tight);
  EXPECT_FALSE(anew.lossless);
  EXPECT_LE(anew.bytes.size(), tight.max_bytes);
}

TEST(Prepare, DamagedFilesDoNotPass) {
  ByteVector file = color_jpeg(300, 200);
  file.resize(file.size() * 3 / 4);
  const Prepared prepared = must_prepare(file);
  EXPECT_FALSE(prepared.lossless);
  EXPECT_NE(prepared.warnings & kWarnTruncated, 0U);
  EXPECT_EQ(djpeg_luma(prepared.bytes.span()).width, 300U);
}

// Whatever size is asked for, and with it the scale at which a JPEG is decoded.
TEST(Prepare, CountsRowsOfTheStoredPicture) {
  const ByteVector whole = color_jpeg(203, 310);
  PrepareOptions options;
  options.allow_truncated = true;
  for (const double share : {0.3, 0.5, 0.8}) {
    const auto size = static_cast<std::size_t>(share * static_cast<double>(whole.size()));
    const ByteVector cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const std::uint32_t rows = must_prepare(cut, options).decoded_rows;
    EXPECT_EQ(rows % 16, 0U);
    for (const std::uint32_t max_edge : {150U, 70U, 30U}) {
      PrepareOptions smaller = options;
      smaller.max_edge = max_edge;
      EXPECT_EQ(must_prepare(cut, smaller).decoded_rows, rows) << max_edge;
    }
  }
}

TEST(Prepare, TwiceIsOnce) {
  const ByteVector noise = rgb_samples(60, 40);
  const ByteVector photo = color_jpeg(640, 480);
  const struct {
    ByteVector file;
    std::uint32_t max_edge;
  } cases[] = {{with_orientation(photo, 6), 300},
               {with_orientation(photo, 6), 640},
               {with_orientation(photo, 2), 640},
               {with_segment(photo, 0xFE, {'h', 'i'}), 640},
               {grey_jpeg(333, 211), 333},
               {make_png(60, 40, 8, 2, 180, noise), 60},
               {make_png(60, 40, 1, 3, 8, noise), 60},
               {make_png(60, 40, 8, 6, 240, noise), 60}};
  for (const auto& c : cases) {
    const Prepared once = must_prepare(c.file, edge(c.max_edge));
    const ByteVector bytes(once.bytes.data(), once.bytes.data() + once.bytes.size());
    const Prepared twice = must_prepare(bytes, edge(c.max_edge));
    EXPECT_TRUE(twice.lossless);
    EXPECT_EQ(twice.width, once.width);
    EXPECT_EQ(ByteVector(twice.bytes.data(), twice.bytes.data() + twice.bytes.size()), bytes);
  }
}

TEST(Prepare, SizesKeepTheAspectAndAreNeverEnlarged) {
  const struct {
    std::uint32_t width, height, max_edge, expected_width, expected_height;
  } cases[] = {
      {403, 302, 160, 160, 120}, {302, 403, 160, 120, 160}, {500, 333, 100, 100, 67},
      {501, 333, 100, 100, 66},  {800, 3, 100, 100, 1},     {1, 700, 64, 1, 64},
      {90, 60, 1600, 90, 60},    {1, 1, 16, 1, 1},          {1000, 999, 999, 999, 998},
  };
  for (const auto& c : cases) {
    const Prepared prepared =
        must_prepare(with_orientation(color_jpeg(c.width, c.height), 1), edge(c.max_edge));
    EXPECT_EQ(prepared.width, c.expected_width) << c.width << "x" << c.height;
    EXPECT_EQ(prepared.height, c.expected_height) << c.width << "x" << c.height;
    const Plane decoded = djpeg_luma(prepared.bytes.span());
    EXPECT_EQ(decoded.width, c.expected_width);
    EXPECT_EQ(decoded.height, c.expected_height);
  }
}

// The stored picture that `exif` turns into `upright`: each upright sample is put where the orientation reads
// it.
ByteVector stored_samples(const ByteVector& upright, std::uint32_t width, std::uint32_t height,
                          Orientation orientation) {
  const std::uint32_t stored_width = orientation.swap_axes ? height : width;
  const std::uint32_t stored_height = orientation.swap_axes ? width : height;
  ByteVector stored(upright.size());
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      std::uint32_t sx = orientation.swap_axes ? y : x;
      std::uint32_t sy = orientation.swap_axes ? x : y;
      if (orientation.mirror_x) sx = stored_width - 1 - sx;
      if (orientation.mirror_y) sy = stored_height - 1 - sy;
      for (std::size_t c = 0; c < 3; ++c) {
        stored[3 * (std::size_t{sy} * stored_width + sx) + c] = upright[3 * (std::size_t{y} * width + x) + c];
      }
    }
  }
  return stored;
}

double rgb_psnr(Bytes a, Bytes b) {
  const auto first = testing::parse_pnm(run_tool("djpeg -dct int", a));
  const auto second = testing::parse_pnm(run_tool("djpeg -dct int", b));
  EXPECT_EQ(first.width, second.width);
  EXPECT_EQ(first.height, second.height);
  double error = 1e-9;
  for (std::size_t i = 0; i < std::min(first.samples.size(), second.samples.size()); ++i) {
    const double difference = static_cast<double>(first.samples[i]) - second.samples[i];
    error += difference * difference;
  }
  return 10 * std::log10(65025.0 * static_cast<double>(first.samples.size()) / error);
}

TEST(Prepare, EveryOrientationComesOutUpright) {
  for (const auto& [width, height] : {std::pair{301U, 211U}, {300U, 210U}}) {
    const ByteVector upright = rgb_samples(width, height, 3);
    for (const std::uint32_t max_edge : {1600U, 143U}) {
      const std::string best = "-quality 100 -sample 1x1 -dct int";
      const Prepared expected = must_prepare(
          with_orientation(cjpeg(testing::make_pnm(width, height, upright), best), 1), edge(max_edge));
      for (std::uint8_t exif = 2; exif <= 8; ++exif) {
        const Orientation orientation = orientation_from_exif(exif);
        const ByteVector pnm =
            testing::make_pnm(orientation.swap_axes ? height : width, orientation.swap_axes ? width : height,
                              stored_samples(upright, width, height, orientation));
        const Prepared prepared = must_prepare(with_orientation(cjpeg(pnm, best), exif), edge(max_edge));
        ASSERT_EQ(prepared.width, expected.width) << "EXIF " << int{exif};
        ASSERT_EQ(prepared.source.orientation, exif);
        EXPECT_GT(rgb_psnr(prepared.bytes.span(), expected.bytes.span()), 40) << "EXIF " << int{exif};
      }
    }
  }
}

TEST(Prepare, ReducesWhileDecodingWithoutChangingThePicture) {
  // 4:2:0, reduced by more than 2, 4 and 8: the decoder works at a fraction; the full-size PNG path is the
  // reference.
  const std::uint32_t width = 1203;
  const std::uint32_t height = 903;
  const ByteVector samples = rgb_samples(width, height, 9);
  for (const std::uint32_t max_edge : {500U, 270U, 140U}) {
    const Prepared from_jpeg = must_prepare(
        cjpeg(testing::make_pnm(width, height, samples), "-quality 97 -dct int"), edge(max_edge));
    const Prepared from_png = must_prepare(make_png(width, height, 8, 2, width * 3, samples), edge(max_edge));
    ASSERT_EQ(from_jpeg.width, from_png.width);
    EXPECT_GT(rgb_psnr(from_jpeg.bytes.span(), from_png.bytes.span()), 31) << max_edge;
  }
}

// A BMP of 24 bits.
template <typename Pixel>
ByteVector make_bmp(std::uint32_t width, std::uint32_t height, Pixel pixel) {
  ByteVector samples;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const std::uint32_t rgb = pixel(x, y);
      for (const int shift : {16, 8, 0}) samples.push_back(static_cast<std::uint8_t>(rgb >> shift));
    }
  }
  return run_tool("ppmtobmp -quiet -bpp=24", testing::make_pnm(width, height, samples));
}

// Windows, text and a row of colours.
ByteVector screenshot(std::uint32_t width, std::uint32_t height) {
  return make_bmp(width, height, [=](std::uint32_t x, std::uint32_t y) -> std::uint32_t {
    constexpr std::uint32_t kColors[] = {0xFF0000, 0x12F75E, 0x3B07D9, 0x9A5C01};
    if (y < 20) return kColors[x * 4 / width];
    const bool is_text = y % 16 < 9 && (x / 3 * 2654435761U + y / 16 * 40503U) % 7 < 2 && x < width / 2;
    return is_text ? 0x000000 : x % 200 < 2 || y % 150 < 2 ? 0x80817F : 0xFFFFFF;
  });
}

TEST(Prepare, FewColoursGoOutAsAPngWithTheirPixels) {
  for (const auto& [width, height] : {std::pair{800U, 500U}, {1600U, 900U}}) {
    const ByteVector file = screenshot(width, height);
    const Prepared prepared = must_prepare(file, {});
    EXPECT_EQ(prepared.format, ImageFormat::kPng);
    EXPECT_FALSE(prepared.lossless);
    EXPECT_EQ(prepared.quality, 0);
    EXPECT_EQ(prepared.width, width);
    EXPECT_EQ(prepared.height, height);
    EXPECT_EQ(run_tool("pngtopnm -quiet", prepared.bytes.span()), run_tool("bmptopnm -quiet", file));
  }
}

TEST(Prepare, ALineDrawingThatIsMadeSmallerGoesOutAsAPng) {
  // Bilevel: made smaller it has many greys, and is as flat as it was.
  const std::uint32_t width = 2400;
  const std::uint32_t height = 1800;
  ByteVector rows(std::size_t{width} / 8 * height, 0xFF);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width / 8; ++x) {
      if ((x + y / 3) % 40 == 0 || y % 200 < 3) rows[y * (width / 8) + x] = 0x1F;
    }
  }
  const Prepared prepared = must_prepare(make_png(width, height, 1, 0, width / 8, rows), {});
  EXPECT_EQ(prepared.format, ImageFormat::kPng);
  EXPECT_EQ(prepared.width, 1600U);
  EXPECT_LE(prepared.bytes.size(), 204'800U);
}

TEST(Prepare, WhatAJpegHoldsInFewerBytesGoesOutAsOne) {
  const ByteVector noise = make_bmp(640, 480, [](std::uint32_t x, std::uint32_t y) -> std::uint32_t {
    return (x / 3 * 2654435761U ^ y * 40503U) * 2246822519U >> 31 != 0 ? 0xA0A0A0 : 0x909090;
  });
  PrepareOptions options;
  options.max_quality = 30;
  EXPECT_EQ(must_prepare(noise, options).format, ImageFormat::kJpeg);
  EXPECT_EQ(must_prepare(color_jpeg(1300, 900, "-quality 98"), {}).format, ImageFormat::kJpeg);
}

TEST(Prepare, KeepsToTheBudget) {
  const ByteVector file = color_jpeg(1300, 900, "-quality 98");
  for (const std::uint32_t max_bytes : {2048U, 10'000U, 40'000U, 100'000U}) {
    PrepareOptions options;
    options.max_bytes = max_bytes;
    const Prepared prepared = must_prepare(file, options);
    EXPECT_LE(prepared.bytes.size(), max_bytes);
    EXPECT_GE(prepared.quality, 30);
    if (prepared.quality < 95) EXPECT_GE(prepared.bytes.size() * 100, max_bytes * 97ULL);
    EXPECT_EQ(djpeg_luma(prepared.bytes.span()).width, prepared.width);
  }
}

struct Reports {
  std::vector<double> fractions;
};

TEST(Prepare, ProgressRisesToOneInFewSteps) {
  for (const bool pass : {true, false}) {
    Reports reports;
    PrepareOptions options;
    options.progress_context = &reports;
    options.on_progress = [](void* context, double fraction) {
      static_cast<Reports*>(context)->fractions.push_back(fraction);
    };
    must_prepare(color_jpeg(700, 500), [&] {
      PrepareOptions with_edge = options;
      with_edge.max_edge = pass ? 1600 : 300;
      return with_edge;
    }());
    ASSERT_GE(reports.fractions.size(), 3U);
    EXPECT_LE(reports.fractions.size(), 50U);
    EXPECT_EQ(reports.fractions.front(), 0);
    EXPECT_EQ(reports.fractions.back(), 1);
    EXPECT_TRUE(std::is_sorted(reports.fractions.begin(), reports.fractions.end()));
  }
}

TEST(Prepare, RefusesOptionsOutOfRange) {
  const ByteVector file = grey_jpeg(30, 30);
  const auto with = [](auto change) {
    PrepareOptions options;
    change(options);
    return options;
  };
  const PrepareOptions wrong[] = {
      with([](PrepareOptions& o) { o.max_bytes = 1023; }),
      with([](PrepareOptions& o) { o.max_edge = 15; }),
      with([](PrepareOptions& o) { o.max_edge = 65'501; }),
      with([](PrepareOptions& o) { o.min_quality = 0; }),
      with([](PrepareOptions& o) {
        o.min_quality = 96;
        o.max_quality = 100;
      }),
      with([](PrepareOptions& o) { o.max_quality = 29; }),
      with([](PrepareOptions& o) { o.max_quality = 101; }),
  };
  for (const PrepareOptions& options : wrong) EXPECT_EQ(error_of(file, options), ErrorCode::kInvalidArgument);
}

TEST(Prepare, NamesWhatIsWrongWithTheFile) {
  EXPECT_EQ(error_of({}), ErrorCode::kEmptyInput);
  EXPECT_EQ(error_of({'h', 'e', 'l', 'l', 'o', ' ', 'w', 'o', 'r', 'l', 'd', '!'}),
            ErrorCode::kUnrecognizedFormat);
  EXPECT_EQ(error_of({'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0, 0, 0, ';'}),
            ErrorCode::kUnsupportedFormat);
  PrepareOptions options;
  options.limits.max_pixels = 1000;
  EXPECT_EQ(error_of(grey_jpeg(60, 40), options), ErrorCode::kImageTooLarge);
  options.limits.max_input_bytes = 100;
  EXPECT_EQ(error_of(grey_jpeg(60, 40), options), ErrorCode::kInputTooLarge);
}

TEST(Prepare, UnreachableBudgetIsAnError) {
  PrepareOptions options;
  options.max_bytes = 1024;
  options.min_quality = 95;
  Plane noise = must_make_plane(200, 200);
  testing::fill_noise(noise, 2);
  EXPECT_EQ(error_of(cjpeg(testing::grey_pnm(noise), "-quality 90"), options), ErrorCode::kBudgetUnreachable);
}

TEST(Prepare, CutOffAnywhereItIsATypedErrorOrAPicture) {
  const ByteVector whole = with_orientation(color_jpeg(64, 48), 6);
  for (std::size_t size = 0; size < whole.size(); size += size < 700 ? 1 : 37) {
    const auto prepared = prepare_image(Bytes(whole).first(size), PrepareOptions{});
    if (prepared.ok()) {
      EXPECT_FALSE(prepared->lossless);
      EXPECT_EQ(prepared->width, 48U);
    } else {
      EXPECT_NE(prepared.error().code, ErrorCode::kInternal) << size;
    }
  }
}

}  // namespace
}  // namespace netocr
