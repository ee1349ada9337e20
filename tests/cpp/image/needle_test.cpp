// Nothing but the picture goes out: a text planted beside the pixels of a BMP, TIFF, JPEG 2000, WebP or WSQ
// is not in what is prepared. (JPEG and PNG have their own tests beside their rewrites.)
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/jp2/maker.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/run_tool.hpp"
#include "cpp/image/tiff/maker.hpp"
#include "cpp/image/wsq/maker.hpp"
#include "image/prepare.hpp"

namespace netocr::testing {
namespace {

constexpr std::string_view kNeedle = "<-needle-here-!>";

ByteVector needle() { return {kNeedle.begin(), kNeedle.end()}; }

bool has_needle(const ByteVector& bytes) {
  return std::search(bytes.begin(), bytes.end(), kNeedle.begin(), kNeedle.end()) != bytes.end();
}

ByteVector inserted(ByteVector file, std::size_t at, const ByteVector& bytes) {
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
  return file;
}

// The file goes out as a JPEG without the needle, also with the needle behind its end.
void expect_no_needle(const ByteVector& file, const std::string& name) {
  ASSERT_TRUE(has_needle(file)) << name;
  for (const ByteVector& input : {file, inserted(file, file.size(), needle())}) {
    const auto prepared = prepare_image(input, PrepareOptions{});
    ASSERT_TRUE(prepared.ok()) << name << ": " << prepared.error().detail;
    const Bytes bytes = prepared->bytes.span();
    EXPECT_EQ(prepared->format, ImageFormat::kJpeg) << name;
    EXPECT_FALSE(has_needle({bytes.begin(), bytes.end()})) << name;
  }
}

TEST(Needle, BmpBeforeThePixels) {
  constexpr std::size_t kHeaders = 54;
  ByteVector file = inserted(make_bmp(bmp_spec(24, 20, 15)), kHeaders, needle());
  file[10] = static_cast<std::uint8_t>(kHeaders + kNeedle.size());
  expect_no_needle(file, "gap");
}

TEST(Needle, TiffTags) {
  constexpr std::uint16_t kTags[] = {270, 271, 305, 315, 700, 33723, 34377, 37724, 65000};
  for (const std::uint16_t tag : kTags) {
    TiffSpec spec;
    spec.tags[tag] = {TiffType::kUndefined, {kNeedle.begin(), kNeedle.end()}};
    expect_no_needle(make_tiff(spec), "tag " + std::to_string(tag));
  }
}

TEST(Needle, Jp2Boxes) {
  const ByteVector codestream = opj_compress(raw_picture(20, 15, 3, plain_sample));
  for (const char* type : {"xml ", "uuid", "uinf", "jp2i", "free", "abcd"}) {
    const ByteVector file = joined({jp2_start(), box(type, needle()),
                                    box("jp2h", joined({image_header_box(20, 15, 3), enumerated_color(16)})),
                                    box("jp2c", codestream)});
    expect_no_needle(file, type);
  }
  // A comment in the codestream, behind SOC and SIZ.
  const std::size_t behind_size = 4 + (std::size_t{codestream[4]} << 8 | codestream[5]);
  ByteVector comment;
  put_segment(comment, 0xFF64, joined({{0, 1}, needle()}));
  expect_no_needle(inserted(codestream, behind_size, comment), "COM");
}

TEST(Needle, WebpChunks) {
  for (const char* options : {"-q 70", "-lossless"}) {
    const ByteVector plain =
        run_tool(std::string("cwebp -quiet ") + options + " -o -", make_png(png_spec(2, 8, 20, 15)));
    for (const std::string_view type : {"EXIF", "XMP ", "abcd"}) {
      ByteVector file = plain;
      file.insert(file.end(), type.begin(), type.end());
      file.insert(file.end(), {static_cast<std::uint8_t>(kNeedle.size()), 0, 0, 0});
      file.insert(file.end(), kNeedle.begin(), kNeedle.end());
      const std::size_t size = file.size() - 8;
      for (std::size_t i = 0; i < 4; ++i) file[4 + i] = static_cast<std::uint8_t>(size >> 8 * i);
      expect_no_needle(file, std::string(type));
    }
  }
}

TEST(Needle, WsqComment) {
  const WsqSpec spec{64, 64, [](std::uint32_t x, std::uint32_t y) { return static_cast<int>(x + 2 * y); }};
  expect_no_needle(inserted(make_wsq(spec), 2, wsq_segment(0xA8, needle())), "comment");
}

}  // namespace
}  // namespace netocr::testing
