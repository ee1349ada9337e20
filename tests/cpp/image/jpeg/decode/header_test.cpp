// Segments that are not as the standard has them: lengths of 0 and 1, "Exif" with other bytes around it, no
// Huffman tables. djpeg reads the same files; what Chromium 156 and exiftool 13.59 read is in the tables.
#include "image/jpeg/decode/header.hpp"

#include <gtest/gtest.h>

#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/opening.hpp"
#include "image/jpeg/decode/progressive.hpp"
#include "image/jpeg/decode/sequential.hpp"
#include "image/jpeg/decode/tables.hpp"

namespace netocr::jpeg {
namespace {

using namespace netocr::testing;

using std::string_literals::operator""s;

ByteVector with_bytes(ByteVector file, std::size_t at, const ByteVector& bytes) {
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
  return file;
}

std::string tiff(std::uint32_t orientation) {
  ExifSpec spec;
  spec.value = orientation;
  const auto bytes = make_exif(spec);
  return {bytes.begin(), bytes.end()};
}

bool is_ours(Bytes file) {
  auto opened = File::open(file, Walk::kFirstScan);
  if (!opened.ok()) return false;
  const auto source = opened->header().process == Process::kProgressive
                          ? open_progressive(*opened, kFullSize, {})
                          : open_sequential(*opened, kFullSize);
  return source.ok() && *source != nullptr;
}

void expect_same_picture(const ByteVector& file, const ByteVector& original, const std::string& what) {
  const Decoded whole = decode(original);
  for (const Decoded& decoded : {decode(file), decode_by_library(file)}) {
    ASSERT_TRUE(decoded.ok()) << what << ": " << decoded.detail;
    EXPECT_EQ(decoded.warnings, 0U) << what;
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(decoded.planes[i].samples, whole.planes[i].samples) << what;
  }
  EXPECT_EQ(ask("djpeg -dct int -ppm @", file).samples, ask("djpeg -dct int -ppm @", original).samples)
      << what;
}

TEST(JpegSegments, LengthsOfZeroAndOneAreEmptyWhereASegmentCanBePassedOver) {
  std::vector<std::uint8_t> codes = {0xdc, 0xfe};
  for (unsigned code = 0xe0; code <= 0xef; ++code) codes.push_back(static_cast<std::uint8_t>(code));
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(40, 24);
    spec.progressive = progressive;
    const ByteVector file = make_jpeg(spec);
    const std::size_t scan = find_segment(file, 0xda);
    for (const std::uint8_t code : codes) {
      for (const std::uint8_t length : ByteVector{0, 1}) {
        std::vector<std::size_t> places = {2, frame_header(file), scan};
        if (progressive) places.push_back(end_of_scan(file, scan));
        for (const std::size_t place : places) {
          const std::string what = std::to_string(code) + " at " + std::to_string(place);
          const ByteVector odd = with_bytes(file, place, {0xff, code, 0, length});
          expect_same_picture(odd, file, what);
          EXPECT_TRUE(is_ours(odd)) << what;
          const auto info = inspect_image(odd, {});
          ASSERT_TRUE(info.ok()) << what;
          EXPECT_EQ(info->has_metadata, code != 0xdc) << what;
          EXPECT_EQ(info->warnings, 0U) << what;
        }
      }
    }
  }
}

// What such a segment was to hold lies between segments then.
TEST(JpegSegments, BytesBehindAnEmptySegmentArePassedOver) {
  const ByteVector file = make_jpeg(color_spec(40, 24));
  ByteVector comment = segment(0xfe, "made by a scanner");
  comment[2] = comment[3] = 0;
  expect_same_picture(with_segment(file, comment), file, "comment");
}

TEST(JpegSegments, ElsewhereSuchALengthIsDamage) {
  const ByteVector file = make_jpeg(color_spec(40, 24));
  for (const std::uint8_t code : ByteVector{0xc0, 0xc4, 0xda, 0xdb, 0xdd}) {
    for (const std::uint8_t length : ByteVector{0, 1}) {
      const ByteVector odd = with_segment(file, {0xff, code, 0, length});
      EXPECT_EQ(decode(odd).error, ErrorCode::kCorruptImage) << unsigned{code};
      EXPECT_EQ(decode_by_library(odd).error, ErrorCode::kCorruptImage) << unsigned{code};
    }
  }
}

// libjpeg decides on the colours at the first scan, and neither Chromium nor exiftool looks for Exif behind
// it.
TEST(JpegSegments, BehindTheFirstScanTheyChangeNothing) {
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(40, 24, {1, 1});
    spec.progressive = progressive;
    spec.jfif = false;
    const ByteVector file = make_jpeg(spec);
    const std::size_t end = end_of_scan(file, find_segment(file, 0xda));
    const ByteVector rgb = segment(0xee, "Adobe\0\x64\0\0\0\0\0"s);
    const ByteVector turned = segment(0xe1, "Exif\0\0"s + tiff(6));
    ASSERT_EQ(inspect_image(with_segment(file, rgb), {})->color_model, ColorModel::kRgb);
    for (const ByteVector& late : {with_bytes(file, end, rgb), with_bytes(file, end, turned)}) {
      expect_same_picture(late, file, progressive ? "progressive" : "sequential");
      const auto info = inspect_image(late, {});
      ASSERT_TRUE(info.ok());
      EXPECT_EQ(info->color_model, ColorModel::kYcbcr);
      EXPECT_EQ(info->orientation, 1);
      EXPECT_TRUE(info->has_metadata);
      EXPECT_TRUE(is_ours(late));
    }
  }
}

TEST(JpegExif, IsFoundAsOtherReadersDo) {
  struct Case {
    const char* name;
    std::vector<std::pair<std::uint8_t, std::string>> segments;
    int orientation;
  };
  const std::string six = tiff(6);
  std::string other_order = six;
  other_order[1] = 'M';
  const Case cases[] = {
      // Chromium and exiftool.
      {"as it should be", {{0xe1, "Exif\0\0"s + six}}, 6},
      {"another pad byte", {{0xe1, "Exif\0\xff"s + six}}, 6},
      {"a letter as pad byte", {{0xe1, "Exif\0M"s + six}}, 6},
      {"behind XMP", {{0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>"s}, {0xe1, "Exif\0\0"s + six}}, 6},
      {"behind an empty one", {{0xe1, "Exif\0\0"s}, {0xe1, "Exif\0\0"s + six}}, 6},
      {"the first of two", {{0xe1, "Exif\0\xff"s + six}, {0xe1, "Exif\0\0"s + tiff(3)}}, 6},
      {"an upright one first", {{0xe1, "Exif\0\0"s + tiff(1)}, {0xe1, "Exif\0\0"s + six}}, 1},
      // exiftool alone.
      {"small letters", {{0xe1, "exif\0\0"s + six}}, 6},
      {"capitals", {{0xe1, "EXIF\0\0"s + six}}, 6},
      {"a second segment header", {{0xe1, "\xff\xe1\0\x60"s + "Exif\0\0"s + six}}, 6},
      {"one byte before", {{0xe1, "\0Exif\0\0"s + six}}, 6},
      {"behind one of no byte order", {{0xe1, "Exif\0\0"s + other_order}, {0xe1, "Exif\0\0"s + six}}, 6},
      // Nobody.
      {"five bytes before", {{0xe1, "12345Exif\0\0"s + six}}, 1},
      {"one zero only", {{0xe1, "Exif\0"s + six}}, 1},
      {"no zero", {{0xe1, "Exif\xff\0"s + six}}, 1},
      {"a damaged name", {{0xe1, "Ex\0f\0\0"s + six}}, 1},
      {"no name", {{0xe1, six}}, 1},
      {"APP0", {{0xe0, "Exif\0\0"s + six}}, 1},
      {"APP2", {{0xe2, "Exif\0\0"s + six}}, 1},
  };
  const ByteVector plain = make_jpeg(color_spec(16, 24));
  for (const Case& c : cases) {
    ByteVector file = plain;
    std::size_t at = 2;
    for (const auto& [code, body] : c.segments) {
      file = with_bytes(file, at, segment(code, body));
      at += body.size() + 4;
    }
    const auto info = inspect_image(file, {});
    ASSERT_TRUE(info.ok()) << c.name;
    EXPECT_EQ(info->orientation, c.orientation) << c.name;
    EXPECT_TRUE(info->has_metadata) << c.name;
  }
}

// Leaves out the DHT segments that give the tables of these kinds and numbers (as their first byte has them).
ByteVector without_tables(const ByteVector& file, const ByteVector& tables) {
  ByteVector shorter(file.begin(), file.begin() + 2);
  std::size_t at = 2;
  while (file[at + 1] != 0xd9) {
    const std::size_t end = file[at + 1] == 0xda ? end_of_scan(file, at)
                                                 : at + 2 + (std::size_t{file[at + 2]} << 8 | file[at + 3]);
    const bool out =
        file[at + 1] == 0xc4 && std::find(tables.begin(), tables.end(), file[at + 4]) != tables.end();
    if (!out)
      shorter.insert(shorter.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
                     file.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
  }
  shorter.insert(shorter.end(), {0xff, 0xd9});
  return shorter;
}

const ByteVector kAllTables = {0x00, 0x10, 0x01, 0x11};

// libjpeg's compressor writes the standard's tables, so that without them the same codes are meant.
TEST(JpegHuffman, TablesThatAreMissingAreTheStandards) {
  for (const Factors luma : {Factors{1, 1}, {2, 1}, {2, 2}}) {
    for (const bool one_scan_each : {false, true}) {
      JpegSpec spec = color_spec(75, 61, luma);
      spec.one_scan_each = one_scan_each;
      const ByteVector file = make_jpeg(spec);
      for (const ByteVector& tables : {kAllTables, {0x01, 0x11}, {0x00}, {0x10}, {0x11, 0x00}}) {
        const ByteVector shorter = without_tables(file, tables);
        ASSERT_LT(shorter.size(), file.size());
        expect_same_picture(shorter, file, std::to_string(tables.size()) + " tables");
        EXPECT_EQ(is_ours(shorter), !one_scan_each);
      }
    }
  }
}

TEST(JpegHuffman, TheStandardsTablesAreThoseThatLibjpegWrites) {
  const ByteVector file = make_jpeg(color_spec(16, 16));
  const ByteVector shorter = without_tables(file, kAllTables);
  Tables written(file);
  Tables standard(shorter);
  ASSERT_EQ(written.next_scan(), Tables::Next::kScan);
  ASSERT_EQ(standard.next_scan(), Tables::Next::kScan);
  for (const std::uint8_t id : ByteVector{0, 1}) {
    EXPECT_EQ(standard.dc(id)->counts, written.dc(id)->counts);
    EXPECT_EQ(standard.dc(id)->symbols, written.dc(id)->symbols);
    EXPECT_EQ(standard.ac(id)->counts, written.ac(id)->counts);
    EXPECT_EQ(standard.ac(id)->symbols, written.ac(id)->symbols);
  }
  EXPECT_EQ(standard.dc(2), nullptr);
  EXPECT_EQ(standard.ac(3), nullptr);
}

TEST(JpegHuffman, OtherNumbersAndProgressiveFilesNeedTheirTables) {
  const ByteVector file = make_jpeg(color_spec(40, 40));
  ByteVector third = without_tables(file, kAllTables);
  third[find_segment(third, 0xda) + 6] = 0x22;
  EXPECT_FALSE(is_ours(third));
  EXPECT_EQ(decode(third).error, ErrorCode::kCorruptImage);
  JpegSpec spec = color_spec(40, 40);
  spec.progressive = true;
  const ByteVector progressive = without_tables(make_jpeg(spec), kAllTables);
  EXPECT_FALSE(is_ours(progressive));
  EXPECT_EQ(decode(progressive).error, ErrorCode::kCorruptImage);
}

}  // namespace
}  // namespace netocr::jpeg
