// Heights in a DNL marker, after a frame header that has none or a wrong one. The same file with the right
// frame header, whose reading is tested against djpeg elsewhere, is the second opinion.
#include "image/jpeg/decode/lines.hpp"

#include <gtest/gtest.h>

#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/opening.hpp"
#include "image/jpeg/decode/progressive.hpp"
#include "image/jpeg/decode/sequential.hpp"
#include "image/jpeg/decode/tables.hpp"

namespace netocr::jpeg {
namespace {

using namespace netocr::testing;

constexpr std::uint32_t kHeight = 61;

// Four coding processes, with and without restart markers, metadata and a scan for each component.
JpegSpec kind_of_spec(unsigned kind) {
  JpegSpec spec = color_spec(75, kHeight);
  spec.progressive = (kind & 1) != 0;
  spec.arithmetic = (kind & 2) != 0;
  spec.restart_interval = (kind & 4) != 0 ? 2 : 0;
  spec.one_scan_each = (kind & 16) != 0 && !spec.progressive;
  return spec;
}

ByteVector kind_of_file(unsigned kind) {
  const ByteVector file = make_jpeg(kind_of_spec(kind));
  return (kind & 8) != 0 ? with_segment(file, segment(0xe1, "Exif and so on")) : file;
}

void expect_same_picture(const ByteVector& file, const Decoded& whole, const std::string& what) {
  for (const Decoded& decoded : {decode(file), decode_by_library(file)}) {
    ASSERT_TRUE(decoded.ok()) << decoded.detail << ' ' << what;
    EXPECT_EQ(decoded.warnings, 0U) << what;
    for (std::size_t i = 0; i < whole.planes.size(); ++i)
      EXPECT_EQ(decoded.planes[i].samples, whole.planes[i].samples) << what;
  }
}

TEST(JpegDnl, TheHeightAfterTheFirstScanCounts) {
  for (unsigned kind = 0; kind < 32; ++kind) {
    const ByteVector file = kind_of_file(kind);
    const Decoded whole = decode(file);
    for (const std::uint32_t claimed : {0U, 62U, 64U, 65U, 20000U, 65500U, 65535U}) {
      const std::string what = std::to_string(kind) + " of " + std::to_string(claimed);
      const ByteVector late = with_dnl(file, kHeight, claimed);
      expect_same_picture(late, whole, what);
      const auto info = inspect_image(late, {});
      ASSERT_TRUE(info.ok()) << what;
      EXPECT_EQ(info->height, kHeight) << what;
      EXPECT_EQ(info->warnings, 0U) << what;
      EXPECT_TRUE(info->decodable) << what;
      EXPECT_EQ(info->has_metadata, (kind & 8) != 0) << what;
    }
  }
}

// Bytes behind EOI hide the marker at the end; heights that no file of that size has show that it is there.
TEST(JpegDnl, TheHeightIsFoundInFrontOfATrailer) {
  const ByteVector file = make_jpeg(color_spec(75, kHeight));
  for (const std::uint32_t claimed : {0U, 20000U, 65535U}) {
    ByteVector late = with_dnl(file, kHeight, claimed);
    late.insert(late.end(), 200, 0x20);
    expect_same_picture(late, decode(file), std::to_string(claimed));
    EXPECT_EQ(inspect_image(late, {})->height, kHeight);
  }
}

TEST(JpegDnl, OurDecodersReadIt) {
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(75, kHeight);
    spec.progressive = progressive;
    for (const std::uint32_t claimed : {0U, 65535U}) {
      const ByteVector file = with_dnl(make_jpeg(spec), kHeight, claimed);
      auto opened = File::open(file, Walk::kFirstScan);
      ASSERT_TRUE(opened.ok());
      const auto source =
          progressive ? open_progressive(*opened, kFullSize, {}) : open_sequential(*opened, kFullSize);
      ASSERT_TRUE(source.ok());
      EXPECT_NE(*source, nullptr) << progressive << ' ' << claimed;
      ASSERT_NE(opened->first_scan(), nullptr);
      EXPECT_EQ(opened->first_scan()->height(), kHeight);
    }
  }
}

TEST(JpegDnl, ALargerHeightOrOneElsewhereIsIgnored) {
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(75, kHeight);
    spec.progressive = progressive;
    const ByteVector file = make_jpeg(spec);
    const Decoded whole = decode(file);
    const ByteVector dnl = segment(0xdc, std::string_view("\0\x10", 2));
    std::vector<ByteVector> others = {with_dnl(file, kHeight, kHeight), with_dnl(file, 80, kHeight),
                                      with_dnl(file, 65535, kHeight), with_dnl(file, 0, kHeight),
                                      with_segment(file, dnl)};
    ByteVector behind = file;
    behind.insert(behind.end(), dnl.begin(), dnl.end());
    others.push_back(behind);
    if (progressive) {
      ByteVector second = file;
      const auto at = static_cast<std::ptrdiff_t>(end_of_scan(file, scans_of(file)[1]));
      second.insert(second.begin() + at, dnl.begin(), dnl.end());
      others.push_back(second);
    }
    for (const ByteVector& other : others) {
      expect_same_picture(other, whole, std::to_string(&other - others.data()));
      EXPECT_EQ(inspect_image(other, {})->height, kHeight);
    }
  }
}

// Without a height, or with a smaller one than there are rows.
TEST(JpegDnl, AHeightThatIsMissingOrWrongIsRefused) {
  const ByteVector file = make_jpeg(color_spec(75, kHeight));
  const Decoded decoded = decode(with_height(file, 0));
  EXPECT_EQ(decoded.error, ErrorCode::kCorruptImage);
  EXPECT_NE(decoded.detail.find("height"), std::string::npos) << decoded.detail;
  EXPECT_EQ(decode(with_dnl(file, 0)).error, ErrorCode::kCorruptImage);
  EXPECT_EQ(decode(with_dnl(file, 65535)).error, ErrorCode::kImageTooLarge);
  EXPECT_EQ(decode(with_dnl(file, 40)).planes[0].geometry.height, 40U);
  const PrefixOutcomes outcomes = decode_every_prefix(with_dnl(file, kHeight));
  EXPECT_GT(outcomes.refused, file.size() / 2);
  EXPECT_LE(outcomes.clean, 2U);
}

TEST(JpegDnl, LimitsAreThoseOfTheTrueHeight) {
  const ByteVector file = with_dnl(make_jpeg(color_spec(75, kHeight)), kHeight, 65535);
  Limits limits;
  limits.max_pixels = 75 * kHeight;
  EXPECT_TRUE(decode(file, kFullSize, limits).ok());
  EXPECT_TRUE(inspect_image(file, limits).ok());
  limits.max_pixels -= 1;
  EXPECT_EQ(decode(file, kFullSize, limits).error, ErrorCode::kImageTooLarge);
}

// Where only the frame header's height is zero and several of them follow.
TEST(JpegDnl, DamageNeverCrashes) {
  JpegSpec spec = color_spec(40, 40);
  decode_with_damage(with_dnl(make_jpeg(spec), 40), 500, 11);
  decode_with_damage(with_dnl(make_jpeg(spec), 40, 65535), 500, 13);
  spec.progressive = true;
  decode_with_damage(with_dnl(make_jpeg(spec), 40), 800, 12);
}

}  // namespace
}  // namespace netocr::jpeg
