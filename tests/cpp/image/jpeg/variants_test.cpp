// JPEG files that few encoders write: 16-bit quantisation tables, restart markers that are wrong or missing,
// the largest sides; bombs of many scans.
#include <gtest/gtest.h>

#include <chrono>

#include "cpp/image/jpeg/maker.hpp"
#include "image/jpeg/source.hpp"

namespace netocr::jpeg {
namespace {

using namespace netocr::testing;

TEST(JpegTables, SixteenBitQuantisationTablesAreTheSame) {
  JpegSpec spec = color_spec(50, 40);
  const ByteVector file = make_jpeg(spec);
  ByteVector wide(file.begin(), file.begin() + 2);
  for (std::size_t at = 2; at < file.size();) {
    const std::size_t length = std::size_t{file[at + 2]} << 8 | file[at + 3];
    if (file[at + 1] == 0xdb) {
      for (std::size_t table = at + 4; table < at + 2 + length; table += 65) {
        wide.insert(wide.end(), {0xff, 0xdb, 0, 131, static_cast<std::uint8_t>(0x10 | file[table])});
        for (std::size_t i = 1; i <= 64; ++i) wide.insert(wide.end(), {0, file[table + i]});
      }
    } else {
      const std::size_t end = file[at + 1] == 0xda ? file.size() : at + 2 + length;
      wide.insert(wide.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                  file.begin() + static_cast<std::ptrdiff_t>(end));
      if (file[at + 1] == 0xda) break;
    }
    at += 2 + length;
  }
  ASSERT_GT(wide.size(), file.size() + 120);
  const Decoded decoded = decode(wide);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, 0U);
  EXPECT_EQ(decoded.planes[0].samples, decode(file).planes[0].samples);
}

// The rows before the damage are whole, and those well after it again.
TEST(JpegRestart, WrongMarkersCostOnlyWhatIsAroundThem) {
  JpegSpec spec = color_spec(160, 256);
  spec.restart_interval = 10;  // a row of MCUs
  const ByteVector file = make_jpeg(spec);
  const Decoded whole = decode(file);
  std::vector<std::size_t> markers;
  for (std::size_t i = find_segment(file, 0xda); i + 1 < file.size(); ++i) {
    if (file[i] == 0xff && (file[i + 1] & 0xf8) == 0xd0) markers.push_back(i);
  }
  ASSERT_EQ(markers.size(), 15U);
  const std::size_t at = markers[7];
  const auto position = file.begin() + static_cast<std::ptrdiff_t>(at);
  ByteVector removed(file.begin(), position);
  removed.insert(removed.end(), position + 2, file.end());
  ByteVector renumbered = file;
  renumbered[at + 1] = static_cast<std::uint8_t>(0xd0 | ((file[at + 1] + 3) & 7));
  ByteVector overwritten = file;
  for (std::size_t i = at - 60; i < at + 40; ++i) overwritten[i] = 0x37;
  ByteVector garbage = file;
  garbage.insert(garbage.begin() + static_cast<std::ptrdiff_t>(at), 50, 0x11);
  for (const ByteVector& damaged : {removed, renumbered, overwritten, garbage}) {
    const Decoded decoded = decode(damaged);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    const auto same_rows = [&](std::uint32_t from, std::uint32_t to) {
      return std::equal(whole.planes[0].samples.begin() + from * 160,
                        whole.planes[0].samples.begin() + to * 160,
                        decoded.planes[0].samples.begin() + from * 160);
    };
    EXPECT_TRUE(same_rows(0, 7 * 16));
    // Bytes that are too many are skipped, and nothing is lost.
    EXPECT_EQ(decoded.warnings,
              &damaged == &garbage || same_rows(0, 256) ? decoded.warnings : kWarnTruncated);
  }
  EXPECT_EQ(decode(removed).warnings, kWarnTruncated);
  EXPECT_EQ(decode(overwritten).warnings, kWarnTruncated);
}

TEST(JpegSizes, TheLongestSidesAreDecoded) {
  for (const auto& [width, height] : {std::pair{65500U, 1U}, {1U, 65500U}, {65500U, 17U}, {1U, 1U}}) {
    for (const bool progressive : {false, true}) {
      JpegSpec spec = color_spec(width, height);
      spec.progressive = progressive;
      spec.sample = [](int component, double x, double y) { return 60 + 20 * component + 60 * x + 50 * y; };
      const Decoded decoded = decode(make_jpeg(spec));
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      EXPECT_EQ(decoded.warnings, 0U);
      EXPECT_EQ(decoded.planes[0].geometry.width, width);
      EXPECT_EQ(decoded.planes[0].geometry.height, height);
      EXPECT_NEAR(decoded.planes[0].samples.back(), spec.sample(0, 1 - 0.5 / width, 1 - 0.5 / height), 6);
    }
  }
}

// A progressive file of one grey, with its dimensions changed. No data follows the first rows of the first
// scan.
ByteVector claiming(std::uint32_t width, std::uint32_t height, std::size_t padding) {
  JpegSpec spec = grey_spec(1024, 1024);
  spec.progressive = true;
  spec.sample = [](int, double, double) { return 100.0; };
  ByteVector file = make_jpeg(spec);
  const std::size_t frame = frame_header(file);
  file[frame + 5] = static_cast<std::uint8_t>(height >> 8);
  file[frame + 6] = static_cast<std::uint8_t>(height & 255);
  file[frame + 7] = static_cast<std::uint8_t>(width >> 8);
  file[frame + 8] = static_cast<std::uint8_t>(width & 255);
  file.insert(file.end() - 2, padding, 0x55);
  return file;
}

TEST(JpegBombs, MemoryIsNotTakenForBlocksThatTheFileCannotHold) {
  constexpr std::uint32_t kSide = 8000;  // a million blocks: 128 MB
  const ByteVector empty = claiming(kSide, kSide, 0);
  const Decoded refused = decode(empty);
  EXPECT_EQ(refused.error, ErrorCode::kCorruptImage);
  EXPECT_NE(refused.detail.find("two bits"), std::string::npos) << refused.detail;
  // The same with as many bytes as a picture of one grey has.
  EXPECT_TRUE(decode(claiming(kSide, kSide, kSide / 8 * kSide / 8 / 4)).ok());
  // In a comment they do not count.
  ByteVector padded = empty;
  for (int i = 0; i < 8; ++i) padded = with_segment(padded, segment(0xfe, std::string(60'000, 'x')));
  EXPECT_EQ(decode(padded).error, ErrorCode::kCorruptImage);
  // 64 MiB are taken for any file.
  EXPECT_TRUE(decode(claiming(5000, 5000, 0)).ok());
}

TEST(JpegBombs, TheWorkOfAllScansIsLimited) {
  ByteVector file = claiming(8000, 8000, 300'000);
  const std::size_t start = find_segment(file, 0xda);
  const std::size_t end = end_of_scan(file, start);
  // Scans that hold nothing: 40 passes over a million blocks.
  const ByteVector refinement = {0xff, 0xda, 0, 8, 1, file[start + 5], 0, 0, 0, 0x10, 0};
  ByteVector many;
  for (int i = 0; i < 40; ++i) many.insert(many.end(), refinement.begin(), refinement.end());
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(end), many.begin(), many.end());
  const Decoded decoded = decode(file);
  EXPECT_EQ(decoded.error, ErrorCode::kImageTooLarge);
  EXPECT_NE(decoded.detail.find("scans"), std::string::npos) << decoded.detail;
}

// Each of the tables replaces the one before.
TEST(JpegBombs, ManyTablesCostTheirBytesOnly) {
  const ByteVector file = make_jpeg(color_spec(40, 40));
  ByteVector tables;
  for (const std::uint8_t code : ByteVector{0xdb, 0xc4}) {
    const std::size_t at = find_segment(file, code);
    const std::size_t length = 2 + (std::size_t{file[at + 2]} << 8 | file[at + 3]);
    const ByteVector table(file.begin() + static_cast<std::ptrdiff_t>(at),
                           file.begin() + static_cast<std::ptrdiff_t>(at + length));
    for (int i = 0; i < 20'000; ++i) tables.insert(tables.end(), table.begin(), table.end());
  }
  const auto start = std::chrono::steady_clock::now();
  const Decoded decoded = decode(with_segment(file, tables));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));  // under sanitizers
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.planes[0].samples, decode(file).planes[0].samples);
}

}  // namespace
}  // namespace netocr::jpeg
