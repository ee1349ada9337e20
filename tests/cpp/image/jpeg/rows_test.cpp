// decoded_rows(): how much of a picture that is cut off or damaged is there. The whole file tells what the
// rows that are claimed must look like.
#include <gtest/gtest.h>

#include "cpp/image/jpeg/maker.hpp"
#include "image/jpeg/source.hpp"

namespace netocr::testing {
namespace {

constexpr std::uint32_t kWidth = 72;
constexpr std::uint32_t kRows = 90;  // five rows of MCUs of 16 lines, and ten lines

// Noise, so that scans are longer than their tables.
double rough(int component, double x, double y) {
  const auto hash = static_cast<std::uint32_t>(x * 7919 + y * 104729 + component * 31) * 2654435761U;
  return waves(component, x, y) + (hash >> 24) / 4.0 - 32;
}

JpegSpec small_spec(unsigned restart_interval = 0) {
  JpegSpec spec = color_spec(kWidth, kRows);
  spec.sample = rough;
  spec.restart_interval = restart_interval;
  return spec;
}

// The number of rows of a picture that a decoder claims; 0 where it refuses the file.
std::uint32_t rows_of(const Decoded& decoded) { return decoded.ok() ? decoded.decoded_rows : 0; }

Bytes prefix(const ByteVector& file, std::size_t size) { return Bytes(file).first(size); }

// The file with EOI in place of what follows the scan whose SOS is at `scan`.
ByteVector ended_behind(const ByteVector& file, std::size_t scan) {
  ByteVector shorter(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(end_of_scan(file, scan)));
  shorter.insert(shorter.end(), {0xff, 0xd9});
  return shorter;
}

// Rows of all planes that are the same in both from the top on, as rows of the first plane.
std::uint32_t equal_rows(const Decoded& a, const Decoded& b) {
  double fewest = a.planes[0].geometry.height;
  for (std::size_t i = 0; i < a.planes.size(); ++i) {
    const DecodedPlane& plane = a.planes[i];
    const auto differs =
        std::mismatch(plane.samples.begin(), plane.samples.end(), b.planes[i].samples.begin()).first;
    const auto rows = static_cast<std::uint32_t>(differs - plane.samples.begin()) / plane.geometry.width;
    if (rows == plane.geometry.height) continue;
    fewest = std::min(fewest,
                      std::floor(rows * a.planes[0].geometry.extent_height / plane.geometry.extent_height));
  }
  return static_cast<std::uint32_t>(fewest);
}

struct Kind {
  const char* name;
  JpegSpec spec;
};
std::vector<Kind> all_kinds() {
  std::vector<Kind> kinds = {
      {"sequential", small_spec()}, {"markers", small_spec(3)}, {"marker a row", small_spec(5)}};
  for (const unsigned interval : {0U, 4U}) {
    JpegSpec spec = small_spec(interval);
    spec.one_scan_each = true;
    kinds.push_back({"one scan each", spec});
    spec = small_spec(interval);
    spec.progressive = true;
    kinds.push_back({"progressive", spec});
    spec = small_spec(interval);
    spec.arithmetic = true;
    kinds.push_back({"arithmetic", spec});
    spec.progressive = true;
    kinds.push_back({"progressive arithmetic", spec});
    spec = small_spec(interval);
    spec.space = JCS_CMYK;
    spec.factors = {{1, 2}, {1, 1}, {1, 2}, {1, 1}};
    kinds.push_back({"CMYK", spec});
  }
  JpegSpec grey = grey_spec(kWidth, kRows);
  kinds.push_back({"grey", grey});
  JpegSpec low_luma = small_spec();
  low_luma.factors = {{1, 1}, {1, 2}, {1, 1}};
  kinds.push_back({"luma lower than chroma", low_luma});
  return kinds;
}

TEST(JpegRows, TheWholeFileHasAllAtEveryScale) {
  for (const Kind& kind : all_kinds()) {
    const ByteVector file = make_jpeg(kind.spec);
    for (const std::uint32_t n : {1U, 2U, 4U, 8U}) {
      const WantedSize wanted{(kWidth * n + 7) / 8, (kRows * n + 7) / 8};
      for (const Decoded& decoded : {decode(file, wanted), decode_by_library(file, wanted)}) {
        ASSERT_TRUE(decoded.ok()) << kind.name;
        EXPECT_EQ(decoded.decoded_rows, decoded.planes[0].geometry.height) << kind.name << " at " << n;
      }
    }
    // EOI is no part of the picture. The arithmetic decoder reads ahead of what it needs.
    if (kind.spec.arithmetic) continue;
    const Decoded untidy = decode(prefix(file, file.size() - 2));
    EXPECT_EQ(rows_of(untidy), untidy.planes[0].geometry.height) << kind.name;
  }
}

TEST(JpegRows, LongerPrefixesHaveMoreAndHeadersAloneNone) {
  for (const Kind& kind : all_kinds()) {
    const ByteVector file = make_jpeg(kind.spec);
    const Decoded whole = decode(file);
    const std::size_t scan = find_segment(file, 0xda);
    std::uint32_t before = 0;
    std::uint32_t steps = 0;
    for (std::size_t size = 2; size <= file.size(); size += size < scan ? 40 : 1 + file.size() / 256) {
      const Decoded decoded = decode(prefix(file, size));
      const std::uint32_t rows = rows_of(decoded);
      if (size <= scan + 10) EXPECT_EQ(rows, 0U) << kind.name;
      ASSERT_GE(rows, before) << kind.name << " with " << size << " of " << file.size();
      if (rows < whole.planes[0].geometry.height) EXPECT_EQ(rows % 8, 0U) << kind.name;
      steps += rows > before;
      before = rows;
      // Refinements of a progressive file may follow.
      if (decoded.ok() && !kind.spec.progressive)
        EXPECT_GE(equal_rows(decoded, whole), rows) << kind.name << ' ' << size;
    }
    EXPECT_GE(steps, 5U) << kind.name;
  }
}

// Every row that is whole counts: at the end of the last byte of a row's data the row is there.
TEST(JpegRows, EveryWholeRowOfASequentialFileCounts) {
  const ByteVector file = make_jpeg(small_spec(5));  // a restart marker behind every row
  std::uint32_t rows = 0;
  for (std::size_t i = find_segment(file, 0xda) + 14; i + 1 < file.size(); ++i) {
    if (file[i] != 0xff || file[i + 1] == 0) continue;
    rows = std::min(rows + 16, kRows);
    EXPECT_EQ(rows_of(decode(prefix(file, i))), rows);
    EXPECT_EQ(rows_of(decode_by_library(prefix(file, i))), rows);
    EXPECT_EQ(rows_of(decode(prefix(file, i - 2))), rows - (rows == kRows ? 10 : 16));
  }
  EXPECT_EQ(rows, kRows);
}

// decode/sequential_test.cpp compares them for every prefix at full size.
TEST(JpegRows, AtHalfTheSizeTheyAreHalf) {
  const WantedSize half{kWidth / 2, kRows / 2};
  for (const unsigned interval : {0U, 3U, 7U}) {
    const ByteVector file = make_jpeg(small_spec(interval));
    for (std::size_t size = find_segment(file, 0xda) + 14; size < file.size() - 2; size += 97) {
      const std::uint32_t full = rows_of(decode(prefix(file, size)));
      EXPECT_EQ(rows_of(decode(prefix(file, size), half)), full / 2);
      EXPECT_EQ(rows_of(decode_by_library(prefix(file, size), half)), full / 2);
    }
  }
}

// Data of some restart intervals is taken away; their markers stay.
TEST(JpegRows, RowsBehindALostIntervalCountAgain) {
  const ByteVector file = make_jpeg(small_spec(5));
  std::vector<std::size_t> ends;
  for (std::size_t i = find_segment(file, 0xda) + 14; i + 1 < file.size(); ++i) {
    if (file[i] == 0xff && file[i + 1] != 0) ends.push_back(i);
  }
  ASSERT_EQ(ends.size(), 6U);
  ByteVector lost = file;
  for (const std::size_t row : {3U, 1U}) {
    lost.erase(lost.begin() + static_cast<std::ptrdiff_t>(ends[row - 1] + 2),
               lost.begin() + static_cast<std::ptrdiff_t>(ends[row]));
    EXPECT_EQ(rows_of(decode(lost)), kRows - (row == 3 ? 16 : 32));
    EXPECT_EQ(rows_of(decode_by_library(lost)), kRows - (row == 3 ? 16 : 32));
  }
  // An interval of three MCUs is a part of one row or two.
  const ByteVector partial = make_jpeg(small_spec(3));
  const std::size_t first = end_of_scan(partial, find_segment(partial, 0xda));
  ASSERT_EQ(first, partial.size() - 2);
  std::size_t second = find_segment(partial, 0xda) + 14;
  while (partial[second] != 0xff || partial[second + 1] == 0) ++second;
  std::size_t third = second + 2;
  while (partial[third] != 0xff || partial[third + 1] == 0) ++third;
  ByteVector crossing = partial;
  crossing.erase(crossing.begin() + static_cast<std::ptrdiff_t>(second + 2),
                 crossing.begin() + static_cast<std::ptrdiff_t>(third));
  EXPECT_EQ(rows_of(decode(crossing)), kRows - 32);
  EXPECT_EQ(rows_of(decode_by_library(crossing)), kRows - 32);
}

// libjpeg's script: DC; Y 1-5; Cr 1-63; Cb 1-63; Y 6-63; refinements.
TEST(JpegRows, AProgressiveRowCountsWithItsFirstAcScans) {
  for (const unsigned interval : {0U, 4U}) {
    JpegSpec spec = small_spec(interval);
    spec.progressive = true;
    const ByteVector file = make_jpeg(spec);
    const std::vector<std::size_t> scans = scans_of(file);
    ASSERT_EQ(scans.size(), 10U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(rows_of(decode(prefix(file, scans[i]))), 0U) << i;
    for (std::size_t i = 5; i < 10; ++i) EXPECT_EQ(rows_of(decode(prefix(file, scans[i]))), kRows) << i;
    const Decoded half = decode(prefix(file, (scans[4] + scans[5]) / 2));
    EXPECT_GT(half.decoded_rows, 16U);
    EXPECT_LT(half.decoded_rows, kRows - 16);
    EXPECT_EQ(half.warnings, kWarnTruncated);
    // With EOI in place of the rest it is a file of these scans and no others.
    const Decoded blurred = decode(ended_behind(file, scans[0]));
    ASSERT_TRUE(blurred.ok());
    EXPECT_EQ(blurred.decoded_rows, kRows);
    EXPECT_EQ(blurred.warnings, 0U);
  }
}

TEST(JpegRows, OfOneScanEachTheComponentThatHasFewestCounts) {
  for (const unsigned interval : {0U, 4U}) {
    JpegSpec spec = small_spec(interval);
    spec.one_scan_each = true;
    const ByteVector file = make_jpeg(spec);
    const std::vector<std::size_t> scans = scans_of(file);
    ASSERT_EQ(scans.size(), 3U);
    EXPECT_EQ(rows_of(decode(prefix(file, scans[1]))), 0U);
    EXPECT_EQ(rows_of(decode(prefix(file, scans[2]))), 0U);
    const Decoded half = decode(prefix(file, (scans[2] + file.size()) / 2));
    EXPECT_GE(half.decoded_rows, 16U);
    EXPECT_LE(half.decoded_rows, kRows - 10);
    EXPECT_EQ(rows_of(decode(prefix(file, file.size() - 2))), kRows);
    // With EOI in place of the last scan.
    const Decoded incomplete = decode(ended_behind(file, scans[1]));
    ASSERT_TRUE(incomplete.ok());
    EXPECT_EQ(incomplete.decoded_rows, 0U);
    EXPECT_EQ(incomplete.warnings, kWarnTruncated);
  }
}

}  // namespace
}  // namespace netocr::testing
