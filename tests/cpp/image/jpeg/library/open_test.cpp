// A JPEG as the second module opens it: what is said of ordinary files is what the core says, and nothing is
// rewritten.
#include "image/jpeg/library/open.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/registry/rare_jpegs.hpp"
#include "image/jpeg/open.hpp"

namespace netocr::jpeg {
namespace {

using namespace netocr::testing;
using std::string_literals::operator""s;

using Opener = Result<std::unique_ptr<OpenImage>> (*)(Bytes, const Limits&);

// Opened as image/registry does it. Null when that is an error.
std::unique_ptr<OpenImage> opened_by(Opener open_jpeg, Bytes file) {
  auto image = open_jpeg(file, Limits{});
  EXPECT_TRUE(image.ok()) << (image.ok() ? "" : image.error().detail);
  if (!image.ok()) return nullptr;
  (*image)->complete(ImageFormat::kJpeg, false);
  return std::move(*image);
}

std::string text_of(const ByteVector& bytes) { return {bytes.begin(), bytes.end()}; }

std::vector<JpegCase> ordinary_files() {
  const ByteVector plain = make_jpeg(color_spec(61, 47));
  const ByteVector turned = segment(0xe1, "Exif\0\0"s + text_of(make_exif(ExifSpec{})));
  const ByteVector profile = segment(0xe2, "ICC_PROFILE\0\1\1"s + text_of(p3_profile()));
  return {{"colour", plain},
          {"grey", make_jpeg(grey_spec(33, 21))},
          {"progressive", progressive()},
          {"several scans", scan_for_each()},
          {"cut off", cut_off(plain)},
          {"turned", with_segment(plain, turned)},
          {"Display P3", with_segment(plain, profile)},
          {"a damaged profile", with_segment(plain, segment(0xe2, "ICC_PROFILE\0\1\1?"s))},
          {"a height behind the scan", with_dnl(plain, 47)}};
}

void expect_same_info(const ImageInfo& info, const ImageInfo& expected, const char* name) {
  EXPECT_EQ(info.width, expected.width) << name;
  EXPECT_EQ(info.height, expected.height) << name;
  EXPECT_EQ(info.orientation, expected.orientation) << name;
  EXPECT_EQ(info.bits_per_sample, expected.bits_per_sample) << name;
  EXPECT_EQ(info.color_model, expected.color_model) << name;
  EXPECT_EQ(info.has_alpha, expected.has_alpha) << name;
  EXPECT_EQ(info.has_metadata, expected.has_metadata) << name;
  EXPECT_EQ(info.progressive, expected.progressive) << name;
  EXPECT_EQ(info.decodable, expected.decodable) << name;
  EXPECT_EQ(info.profile, expected.profile) << name;
  EXPECT_EQ(info.profile_name.text(), expected.profile_name.text()) << name;
  EXPECT_EQ(info.warnings, expected.warnings) << name;
}

TEST(OpenByLibrary, SaysOfOrdinaryFilesWhatTheCoreSays) {
  for (const JpegCase& c : ordinary_files()) {
    const auto ours = opened_by(open, c.file);
    const auto theirs = opened_by(open_by_library, c.file);
    ASSERT_TRUE(ours != nullptr && theirs != nullptr) << c.name;
    expect_same_info(theirs->info(), ours->info(), c.name);
    EXPECT_EQ(theirs->profile().kind, ours->profile().kind) << c.name;
    EXPECT_TRUE(theirs->info().decodable) << c.name;
    EXPECT_FALSE(theirs->is_left_to_codecs()) << c.name;
  }
}

TEST(OpenByLibrary, RewritesNothing) {
  const ByteVector plain = make_jpeg(color_spec(61, 47));
  const auto by_core = opened_by(open, plain)->lossless(plain.size() * 2);
  ASSERT_TRUE(by_core.ok());
  ASSERT_TRUE(by_core->has_value()) << "the core rewrites this file";
  for (const JpegCase& c : ordinary_files()) {
    const auto rewritten = opened_by(open_by_library, c.file)->lossless(c.file.size() * 2);
    ASSERT_TRUE(rewritten.ok()) << c.name;
    EXPECT_FALSE(rewritten->has_value()) << c.name;
  }
}

TEST(OpenByLibrary, DecodesWhatTheCoreLeaves) {
  for (const JpegCase& c : rare_jpegs()) {
    const auto image = opened_by(open_by_library, c.file);
    EXPECT_TRUE(image->info().decodable) << c.name;
    EXPECT_FALSE(image->is_left_to_codecs()) << c.name;
    const Decoded decoded = read_to_end(image->rows(kFullSize));
    ASSERT_TRUE(decoded.ok()) << c.name << ": " << decoded.detail;
    EXPECT_EQ(decoded.decoded_rows, 47U) << c.name;
    EXPECT_EQ(decoded.warnings, 0U) << c.name;
  }
}

// A header that is cut off anywhere is the error that the core gives.
TEST(OpenByLibrary, RefusesTheHeadersThatTheCoreRefuses) {
  const ByteVector file = make_jpeg(color_spec(16, 16));
  const std::size_t scan = find_segment(file, 0xda);
  for (std::size_t size = 0; size < scan; ++size) {
    const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    const auto ours = open(prefix, Limits{});
    const auto theirs = open_by_library(prefix, Limits{});
    ASSERT_EQ(theirs.ok(), ours.ok()) << size;
    if (!ours.ok()) EXPECT_EQ(theirs.error().code, ours.error().code) << size;
  }
}

TEST(OpenByLibrary, TheLimitsGoToTheDecoder) {
  Limits limits;
  limits.max_decoder_bytes = 1000;
  const ByteVector file = progressive();
  const auto image = open_by_library(file, limits);
  ASSERT_TRUE(image.ok());
  const auto rows = (*image)->rows(kFullSize);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.error().code, ErrorCode::kImageTooLarge);
}

}  // namespace
}  // namespace netocr::jpeg
