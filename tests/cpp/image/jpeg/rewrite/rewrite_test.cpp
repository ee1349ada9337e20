// The lossless rewrite of a JPEG beside jpegtran: the same coefficients, in files that hold nothing else.
#include "image/jpeg/rewrite/rewrite.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/jpeg_marker.hpp"
#include "cpp/image/joined.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/run_tool.hpp"
#include "image/fit.hpp"
#include "image/scale/orient.hpp"

namespace netocr::jpeg {
namespace {

using testing::ByteVector;
using testing::color_spec;
using testing::Factors;
using testing::find_segment;
using testing::grey_spec;
using testing::joined;
using testing::JpegSpec;
using testing::make_jpeg;
using testing::read_coefficients;
using testing::run_tool;
using testing::segment;
using testing::with_segment;

constexpr std::size_t kLarge = 1U << 24;

std::optional<RewrittenPicture> rewrite(const ByteVector& file, std::uint8_t orientation = 1,
                                        std::size_t max_bytes = kLarge) {
  auto opened = jpeg::File::open(file, jpeg::Walk::kFirstScan);
  if (!opened.ok()) return std::nullopt;
  auto written = jpeg::rewrite(*opened, orientation, max_bytes, Limits{});
  EXPECT_TRUE(written.ok());
  return written.ok() ? std::move(*written) : std::nullopt;
}

ByteVector must_rewrite(const ByteVector& file, std::uint8_t orientation = 1) {
  const auto written = rewrite(file, orientation);
  EXPECT_TRUE(written.has_value());
  if (!written) return {};
  return {written->bytes.data(), written->bytes.data() + written->bytes.size()};
}

// The codes of all segments from SOI to EOI; nothing may lie between or behind them.
std::vector<int> segments_of(const ByteVector& file) {
  std::vector<int> codes;
  std::size_t at = 0;
  while (at + 2 <= file.size() && file[at] == 0xFF) {
    const std::uint8_t code = file[at + 1];
    codes.push_back(code);
    at += 2;
    if (code == jpeg_marker::kSoi) continue;
    if (code == jpeg_marker::kEoi) break;
    at += std::size_t{file[at]} << 8 | file[at + 1];
    if (code != jpeg_marker::kSos) continue;
    while (at + 1 < file.size() && !(file[at] == 0xFF && file[at + 1] != 0)) ++at;
  }
  EXPECT_EQ(at, file.size()) << "bytes that belong to no segment";
  return codes;
}

const std::vector<int> kWritten = {jpeg_marker::kSoi,  jpeg_marker::kApp0, jpeg_marker::kDqt,
                                   jpeg_marker::kSof0, jpeg_marker::kDht,  jpeg_marker::kSos,
                                   jpeg_marker::kEoi};

void expect_same_coefficients(const ByteVector& ours, const ByteVector& theirs, const std::string& what) {
  const auto one = read_coefficients(ours);
  const auto two = read_coefficients(theirs);
  ASSERT_EQ(one.size(), two.size()) << what;
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].blocks_wide, two[i].blocks_wide) << what << ", component " << i;
    EXPECT_TRUE(one[i].blocks == two[i].blocks) << what << ", component " << i;
  }
}

struct Case {
  std::string name;
  ByteVector file;
};

std::vector<Case> files() {
  std::vector<Case> all;
  const auto add = [&](const std::string& name, JpegSpec spec) { all.push_back({name, make_jpeg(spec)}); };
  for (const Factors luma : {Factors{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}, {2, 4}, {1, 4}}) {
    const std::string name = std::to_string(luma.h) + "x" + std::to_string(luma.v);
    for (const auto& [width, height] : {std::pair{67U, 45U}, {96U, 64U}, {1U, 1U}, {8U, 9U}}) {
      JpegSpec spec = color_spec(width, height, luma);
      add(name, spec);
      spec.progressive = true;
      add(name + " progressive", spec);
      spec.restart_interval = 3;
      add(name + " progressive with restarts", spec);
      spec.progressive = false;
      add(name + " with restarts", spec);
      spec.one_scan_each = true;
      add(name + " one scan each", spec);
    }
  }
  for (const int quality : {3, 40, 100}) {
    JpegSpec spec = color_spec(90, 70);
    spec.quality = quality;
    add("quality " + std::to_string(quality), spec);
    spec.progressive = true;
    add("progressive quality " + std::to_string(quality), spec);
  }
  JpegSpec grey = grey_spec(77, 50);
  add("grey", grey);
  grey.factors = {{2, 2}};
  add("grey 2x2", grey);
  grey.progressive = true;
  add("grey progressive", grey);
  JpegSpec spec = color_spec(50, 40);
  spec.factors = {{2, 2}, {2, 1}, {1, 2}};
  add("chroma of two kinds", spec);
  spec.factors = {{2, 1}, {2, 1}, {2, 1}};
  add("common factor", spec);
  spec.factors = {{3, 1}, {1, 1}, {1, 1}};
  add("3x1", spec);
  spec = color_spec(50, 40);
  spec.jfif = false;
  spec.adobe = true;
  add("Adobe's YCbCr", spec);
  return all;
}

TEST(JpegRewrite, KeepsEveryCoefficientAndNothingElse) {
  for (const Case& c : files()) {
    const ByteVector ours = must_rewrite(c.file);
    ASSERT_EQ(segments_of(ours), kWritten) << c.name;
    expect_same_coefficients(ours, c.file, c.name);
    EXPECT_EQ(must_rewrite(ours), ours) << c.name;
  }
}

TEST(JpegRewrite, IsReadWithoutAWarningAndNoLargerThanJpegtrans) {
  std::size_t index = 0;
  for (const Case& c : files()) {
    const ByteVector ours = must_rewrite(c.file);
    run_tool("djpeg -dct int -outfile /dev/null", ours);
    if (index++ % 7 == 0) run_tool("identify -regard-warnings -verbose", ours);
    EXPECT_LE(ours.size(), run_tool("jpegtran -copy none -optimize", c.file).size()) << c.name;
  }
}

TEST(JpegRewrite, TurnsAsJpegtranDoes) {
  const std::map<std::uint8_t, std::string> operations = {
      {2, "-flip horizontal"}, {3, "-rotate 180"}, {4, "-flip vertical"}, {5, "-transpose"},
      {6, "-rotate 90"},       {7, "-transverse"}, {8, "-rotate 270"}};
  int turned = 0;
  for (const Factors luma : {Factors{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}}) {
    for (const auto& [width, height] : {std::pair{64U, 96U}, {64U, 95U}, {63U, 96U}, {61U, 35U}}) {
      for (const bool progressive : {false, true}) {
        JpegSpec spec = color_spec(width, height, luma);
        spec.progressive = progressive;
        const ByteVector file = make_jpeg(spec);
        for (const auto& [exif, operation] : operations) {
          const std::string what = operation + " of " + std::to_string(width) + "x" + std::to_string(height) +
                                   " with " + std::to_string(luma.h) + "x" + std::to_string(luma.v);
          const Orientation orientation = orientation_from_exif(exif);
          const bool whole_x = width % (8U * static_cast<unsigned>(luma.h)) == 0;
          const bool whole_y = height % (8U * static_cast<unsigned>(luma.v)) == 0;
          const bool possible = (!orientation.mirror_x || whole_x) && (!orientation.mirror_y || whole_y);
          const auto ours = rewrite(file, exif);
          ASSERT_EQ(ours.has_value(), possible) << what;
          if (!ours) continue;
          EXPECT_EQ(ours->width, orientation.swap_axes ? height : width) << what;
          EXPECT_EQ(ours->height, orientation.swap_axes ? width : height) << what;
          const ByteVector theirs = run_tool("jpegtran -perfect -copy none " + operation, file);
          const ByteVector bytes(ours->bytes.data(), ours->bytes.data() + ours->bytes.size());
          expect_same_coefficients(bytes, theirs, what);
          EXPECT_EQ(must_rewrite(bytes), bytes) << what;
          ++turned;
        }
      }
    }
  }
  EXPECT_GT(turned, 100);
}

TEST(JpegRewrite, GivesTheEncodersOwnFilesBackByteForByte) {
  for (const std::uint32_t edge : {1U, 17U, 64U, 233U}) {
    for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
      for (const Effort effort : {Effort::kDefault, Effort::kBest}) {
        const PlanarImage image = testing::photo(edge, edge * 2 / 3 + 1, planes, edge);
        for (const std::size_t max_bytes : {2'000U, 9'000U, 200'000U}) {
          Options options;
          options.max_bytes = max_bytes;
          options.effort = effort;
          const auto encoded = fit_jpeg(image, options);
          ASSERT_TRUE(encoded.ok());
          const ByteVector file(encoded->bytes.data(), encoded->bytes.data() + encoded->bytes.size());
          EXPECT_EQ(must_rewrite(file), file) << edge << " " << int{planes} << " " << max_bytes;
        }
      }
    }
  }
}

// The first quantisation table with steps of 16 bits, the last of which is 256.
ByteVector with_wide_steps(ByteVector file) {
  const std::size_t at = find_segment(file, jpeg_marker::kDqt);
  std::string body(1, '\x10');
  for (std::size_t k = 0; k < 64; ++k) body.append({'\0', static_cast<char>(file[at + 5 + k])});
  body[127] = 1;
  body[128] = 0;
  const ByteVector wide = segment(jpeg_marker::kDqt, body);
  const auto start = file.begin() + static_cast<std::ptrdiff_t>(at);
  file.insert(file.erase(start, start + 69), wide.begin(), wide.end());
  return file;
}

TEST(JpegRewrite, LeavesRareKindsToTheEncoder) {
  const auto with = [](auto change) {
    JpegSpec spec = color_spec(60, 40);
    change(spec);
    return make_jpeg(spec);
  };
  const Case cases[] = {
      {"arithmetic coding", with([](JpegSpec& s) { s.arithmetic = true; })},
      {"fractional sampling", with([](JpegSpec& s) { s.factors = {{3, 1}, {2, 1}, {1, 1}}; })},
      {"less luma than chroma", with([](JpegSpec& s) { s.factors = {{1, 1}, {2, 1}, {1, 1}}; })},
      {"RGB", with([](JpegSpec& s) {
         s.space = JCS_RGB;
         s.jfif = false;
         s.factors = {{1, 1}, {1, 1}, {1, 1}};
       })},
      {"CMYK", with([](JpegSpec& s) {
         s.space = JCS_CMYK;
         s.factors = {{1, 1}, {1, 1}, {1, 1}, {1, 1}};
         s.jfif = false;
       })},
      {"steps of 16 bits", with_wide_steps(make_jpeg(color_spec(60, 40)))},
  };
  for (const Case& c : cases) EXPECT_FALSE(rewrite(c.file).has_value()) << c.name;
}

ByteVector steps_segment(char step) {
  return segment(jpeg_marker::kDqt, std::string(1, '\0') + std::string(64, step));
}

// A JPEG with a scan for each component, in pieces that end before each SOS and at EOI.
std::vector<ByteVector> scan_pieces() {
  JpegSpec spec = color_spec(32, 32, {1, 1});
  spec.one_scan_each = true;
  const ByteVector file = make_jpeg(spec);
  std::vector<ByteVector> pieces(1);
  for (std::size_t i = 0; i < file.size(); ++i) {
    const bool begins = i + 1 < file.size() && file[i] == 0xFF &&
                        (file[i + 1] == jpeg_marker::kSos || file[i + 1] == jpeg_marker::kEoi);
    if (begins) pieces.emplace_back();
    pieces.back().push_back(file[i]);
  }
  return pieces;
}

// Readers take the table that is there at a component's first scan.
TEST(JpegRewrite, LeavesTablesThatChangeBetweenScansToTheEncoder) {
  const std::vector<ByteVector> pieces = scan_pieces();
  ASSERT_EQ(pieces.size(), 5U);
  const auto with = [&](char second, char third) {
    return joined({pieces[0], steps_segment(7), pieces[1], steps_segment(second), pieces[2],
                   steps_segment(third), pieces[3], pieces[4]});
  };
  EXPECT_TRUE(rewrite(with(7, 7)).has_value());
  EXPECT_FALSE(rewrite(with(60, 60)).has_value());
  EXPECT_FALSE(rewrite(with(60, 7)).has_value());
  EXPECT_FALSE(rewrite(with(7, 60)).has_value());
}

TEST(JpegRewrite, LeavesComponentsThatComeTwiceToTheEncoder) {
  const std::vector<ByteVector> pieces = scan_pieces();
  EXPECT_FALSE(
      rewrite(joined({pieces[0], pieces[1], pieces[2], pieces[3], pieces[1], pieces[4]})).has_value());
  EXPECT_FALSE(
      rewrite(joined({pieces[0], pieces[1], pieces[1], pieces[2], pieces[3], pieces[4]})).has_value());
}

TEST(JpegRewrite, FitsTheBudgetOrGivesNothing) {
  const ByteVector file = make_jpeg(color_spec(300, 200));
  const std::size_t size = must_rewrite(file).size();
  EXPECT_LT(size, file.size());
  EXPECT_TRUE(rewrite(file, 1, size).has_value());
  for (std::size_t max_bytes = 0; max_bytes < size; max_bytes += max_bytes + 20 < size ? size / 50 : 1)
    EXPECT_FALSE(rewrite(file, 1, max_bytes).has_value()) << max_bytes;
}

TEST(JpegRewrite, CutOffAnywhereItGivesNothingOrTheSamePicture) {
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(40, 33);
    spec.progressive = progressive;
    spec.restart_interval = 2;
    const ByteVector whole = make_jpeg(spec);
    const ByteVector expected = must_rewrite(whole);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto written = rewrite({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
      if (!written) continue;
      EXPECT_GE(size, whole.size() - 3) << "of " << whole.size();
      EXPECT_EQ(ByteVector(written->bytes.data(), written->bytes.data() + written->bytes.size()), expected);
    }
  }
}

// Where there is a rewrite of a damaged file, libjpeg reads the same coefficients from both.
TEST(JpegRewrite, DamagedFilesGiveNothingOrTheSameCoefficients) {
  std::mt19937 random(7);
  int written_files = 0;
  for (int i = 0; i < 1500; ++i) {
    JpegSpec spec = color_spec(48, 40);
    spec.progressive = i % 2 == 0;
    spec.restart_interval = i % 3 == 0 ? 2 : 0;
    ByteVector file = make_jpeg(spec);
    const std::size_t start = find_segment(file, jpeg_marker::kSos);
    file[start + 10 + random() % (file.size() - start - 12)] ^= static_cast<std::uint8_t>(1U << random() % 8);
    const auto written = rewrite(file);
    if (!written) continue;
    ++written_files;
    expect_same_coefficients({written->bytes.data(), written->bytes.data() + written->bytes.size()}, file,
                             std::to_string(i));
  }
  EXPECT_GT(written_files, 200);
}

constexpr std::string_view kNeedle = "needle in a stack";

bool has_needle(const ByteVector& file) {
  return std::search(file.begin(), file.end(), kNeedle.begin(), kNeedle.end()) != file.end();
}

ByteVector inserted(ByteVector file, std::size_t at, const ByteVector& bytes) {
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin(), bytes.end());
  return file;
}

ByteVector needle_bytes() { return {kNeedle.begin(), kNeedle.end()}; }

// A 17-byte needle at every kind of place that decoders pass over.
std::vector<Case> files_with_needles(bool progressive) {
  JpegSpec spec = color_spec(67, 45);
  spec.progressive = progressive;
  const ByteVector plain = make_jpeg(spec);
  const ByteVector needle = needle_bytes();
  std::vector<Case> all;
  const auto add = [&](const std::string& name, const ByteVector& file) { all.push_back({name, file}); };
  for (int code = jpeg_marker::kApp0; code <= jpeg_marker::kApp15; ++code)
    add("APP" + std::to_string(code & 15),
        with_segment(plain, segment(static_cast<std::uint8_t>(code), kNeedle)));
  add("comment", with_segment(plain, segment(jpeg_marker::kCom, kNeedle)));
  for (const std::string_view head : {std::string_view("Exif\0\0", 6), std::string_view("Exif\0\xff", 6),
                                      std::string_view("http://ns.adobe.com/xap/1.0/\0", 29)})
    add("APP1 with a name",
        with_segment(plain, segment(jpeg_marker::kApp1, std::string(head).append(kNeedle))));
  add("MPF", with_segment(plain, segment(jpeg_marker::kApp2, std::string("MPF\0", 4).append(kNeedle))));
  add("IPTC", with_segment(plain, segment(0xED, std::string("Photoshop 3.0\0", 14).append(kNeedle))));
  const std::size_t quant = find_segment(plain, jpeg_marker::kDqt);
  const std::size_t frame = find_segment(plain, progressive ? jpeg_marker::kSof2 : jpeg_marker::kSof0);
  const std::size_t scan = find_segment(plain, jpeg_marker::kSos);
  for (const std::size_t at : {quant, frame, scan}) {
    add("between segments", inserted(plain, at, needle));
    add("comment between", inserted(plain, at, segment(jpeg_marker::kCom, kNeedle)));
  }
  add("before EOI", inserted(plain, plain.size() - 2, needle));
  add("comment before EOI", inserted(plain, plain.size() - 2, segment(jpeg_marker::kCom, kNeedle)));
  add("behind EOI", inserted(plain, plain.size(), needle));
  std::string table(1, '\3');  // a quantisation table that no component names
  while (table.size() + kNeedle.size() <= 65) table.append(kNeedle);
  table.resize(65, '!');
  add("unused quantisation table", inserted(plain, frame, segment(jpeg_marker::kDqt, table)));
  std::string codes(1, '\x13');  // AC table 3
  codes.append(std::string("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11", 16)).append(kNeedle);
  add("unused Huffman table", inserted(plain, scan, segment(jpeg_marker::kDht, codes)));
  if (!progressive) {
    // Behind the last MCU, inside the scan: bits that nobody reads.
    ByteVector behind = inserted(plain, plain.size() - 2, ByteVector(40, 0x55));
    add("behind the last MCU", inserted(behind, behind.size() - 20, needle));
  }
  return all;
}

TEST(JpegRewrite, NoNeedleIsInTheOutput) {
  for (const bool progressive : {false, true}) {
    JpegSpec spec = color_spec(67, 45);
    spec.progressive = progressive;
    const ByteVector expected = must_rewrite(make_jpeg(spec));
    for (const Case& c : files_with_needles(progressive)) {
      ASSERT_TRUE(has_needle(c.file)) << c.name;
      const auto written = rewrite(c.file);
      if (!written) continue;
      const ByteVector bytes(written->bytes.data(), written->bytes.data() + written->bytes.size());
      EXPECT_EQ(bytes, expected) << c.name;
      EXPECT_FALSE(has_needle(bytes)) << c.name;
    }
  }
}

void set_width(ByteVector& file, std::uint8_t width) {
  file[find_segment(file, jpeg_marker::kSof0) + 8] = width;
}

// Blocks that only fill up an MCU repeat the mean before them.
TEST(JpegRewrite, BlocksOutsideThePictureAreEmpty) {
  ByteVector file = make_jpeg(color_spec(32, 32));
  set_width(file, 20);  // luma has three blocks a row now, and a fourth that nobody sees
  ByteVector written = must_rewrite(file);
  expect_same_coefficients(written, file, "the visible ones");
  set_width(written, 32);
  const auto luma = read_coefficients(written)[0];
  ASSERT_EQ(luma.blocks_wide, 4U);
  for (std::size_t i = 3; i < luma.blocks.size(); i += 4) {
    for (std::size_t k = 1; k < 64; ++k) EXPECT_EQ(luma.blocks[i][k], 0) << i;
  }
  ByteVector other = make_jpeg(color_spec(32, 32));
  set_width(other, 17);
  set_width(written, 17);
  EXPECT_EQ(must_rewrite(other), must_rewrite(written));
}

// The bits that fill up the last byte before a marker are ones again.
TEST(JpegRewrite, PaddingBitsCarryNothing) {
  JpegSpec spec = color_spec(20, 20);
  spec.restart_interval = 1;  // each MCU's bits are padded
  const ByteVector plain = make_jpeg(spec);
  const ByteVector expected = must_rewrite(plain);
  ByteVector other = plain;
  const std::size_t scan = find_segment(other, jpeg_marker::kSos) + 14;
  int changed = 0;
  for (std::size_t i = scan; i + 1 < other.size(); ++i) {
    // The byte before a restart marker or EOI ends in ones that pad it.
    const bool marker = other[i + 1] == 0xFF && (other[i + 2] & 0xF8) == 0xD0;
    if (!marker || (other[i] & 1) == 0 || other[i] == 0xFF) continue;
    other[i] &= 0xFE;
    const auto written = rewrite(other);
    // The last bit may be one of a code.
    if (!written ||
        ByteVector(written->bytes.data(), written->bytes.data() + written->bytes.size()) != expected)
      other[i] |= 1;
    else
      ++changed;
  }
  EXPECT_GT(changed, 0);
  EXPECT_NE(other, plain);
  EXPECT_EQ(must_rewrite(other), expected);
}

}  // namespace
}  // namespace netocr::jpeg
