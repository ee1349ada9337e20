// The WSQ decoder: round trips through an encoder written from the definition, the grammar of the file,
// hostile files.
#include "image/wsq/source.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "cpp/image/opening.hpp"
#include "cpp/image/read_once.hpp"
#include "cpp/image/truncation.hpp"
#include "cpp/image/wsq/maker.hpp"

namespace netocr::wsq {
namespace {

using namespace netocr::testing;

int ridges(std::uint32_t x, std::uint32_t y) {
  const double wave = std::sin(0.35 * x + 0.2 * y + 3 * std::sin(0.02 * y));
  return static_cast<int>(128 + 100 * wave + (x * 7 + y * 13) % 11);
}

WsqSpec spec_of(std::uint32_t width, std::uint32_t height) { return {width, height, ridges}; }

int largest_difference(const WsqSpec& spec, const Decoded& decoded) {
  int worst = 0;
  for (std::uint32_t y = 0; y < spec.height; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      worst = std::max(worst, std::abs(decoded.planes[0].at(x, y) - std::clamp(spec.sample(x, y), 0, 255)));
    }
  }
  return worst;
}

TEST(WsqSource, ReconstructsWhatWasEncoded) {
  const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{256, 256}, {255, 257}, {200, 131}, {64, 400},
                                                           {97, 65},   {40, 33},   {512, 40}};
  for (const auto& [width, height] : sizes) {
    for (const bool odd : {true, false}) {
      WsqSpec spec = spec_of(width, height);
      if (!odd) spec.taps = wsq_taps_haar();
      const Decoded decoded = decode(make_wsq(spec));
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      ASSERT_EQ(decoded.planes.size(), 1U);
      ASSERT_EQ(decoded.planes[0].geometry.width, width);
      ASSERT_EQ(decoded.planes[0].geometry.height, height);
      // Root quadrant 3, the finest diagonal detail, is never coded: that is what is lost.
      EXPECT_LE(largest_difference(spec, decoded), 14) << width << "x" << height << (odd ? " 9/7" : " Haar");
    }
  }
}

// Without fine diagonal detail nothing is lost but the quantisers' steps.
TEST(WsqSource, ASmoothPictureComesBackToTheLevel) {
  for (const std::uint32_t size : {40U, 101U, 256U}) {
    WsqSpec spec = spec_of(size, size + 7);
    spec.sample = [](std::uint32_t x, std::uint32_t y) {
      return static_cast<int>(std::lround(128 + 90 * std::sin(0.05 * x) * std::cos(0.04 * y)));
    };
    spec.bin = 0.1;
    const Decoded decoded = decode(make_wsq(spec));
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_LE(largest_difference(spec, decoded), 1) << size;
  }
}

TEST(WsqSource, TinyPicturesAreDecoded) {
  for (std::uint32_t width = 1; width <= 9; ++width) {
    for (std::uint32_t height = 1; height <= 9; ++height) {
      WsqSpec spec = spec_of(width, height);
      spec.sample = [](std::uint32_t, std::uint32_t) { return 200; };
      spec.shift = 200;
      const Decoded decoded = decode(make_wsq(spec));
      ASSERT_TRUE(decoded.ok()) << width << "x" << height << " " << decoded.detail;
      EXPECT_EQ(decoded.warnings, 0U) << width << "x" << height;
      EXPECT_EQ(decoded.decoded_rows, height) << width << "x" << height;
      EXPECT_LE(largest_difference(spec, decoded), 0) << width << "x" << height;
    }
  }
}

TEST(WsqSource, ScaleAndShiftOfTheFrameAreApplied) {
  WsqSpec spec = spec_of(100, 80);
  spec.scale = 2.5;
  spec.shift = 117.25;
  const Decoded decoded = decode(make_wsq(spec));
  ASSERT_TRUE(decoded.ok());
  EXPECT_LE(largest_difference(spec, decoded), 15);
}

ByteVector block_of(const WsqSpec& spec) { return wsq_block(WsqForward(spec).coefficients); }

TEST(WsqSource, SegmentsMayComeInAnyOrder) {
  const WsqSpec spec = spec_of(64, 48);
  const Decoded plain = decode(make_wsq(spec));
  ASSERT_TRUE(plain.ok());
  const std::vector<int> all = WsqForward(spec).coefficients;
  const auto part = [&](std::size_t from, std::size_t to) {
    return wsq_block({all.begin() + static_cast<long>(from), all.begin() + static_cast<long>(to)});
  };
  const ByteVector comment = wsq_segment(0xA8, {'N', 'I', 'S', 'T'});
  const ByteVector fill = {0xFF, 0xFF, 0xFF};
  const ByteVector files[] = {
      // frame first, tables last
      kWsqSoi + wsq_sof(spec) + wsq_dht(0) + wsq_dqt(spec.bin) + wsq_dtt(spec.taps) + wsq_sob(0) +
          block_of(spec) + kWsqEoi,
      // comments everywhere, fill bytes before a marker, bytes after the end
      kWsqSoi + comment + wsq_dtt(spec.taps) + fill + wsq_dqt(spec.bin) + comment + wsq_sof(spec) +
          wsq_dht(0) + comment + wsq_sob(0) + block_of(spec) + comment + kWsqEoi + ByteVector{1, 2, 3},
      // three blocks, each with its table
      kWsqSoi + wsq_dtt(spec.taps) + wsq_dqt(spec.bin) + wsq_sof(spec) + wsq_dht(0) + wsq_sob(0) +
          part(0, 500) + wsq_dht(7) + wsq_sob(7) + part(500, 501) + wsq_sob(0) + part(501, all.size()) +
          kWsqEoi,
      // a later table replaces an earlier one
      kWsqSoi + wsq_dtt(wsq_taps_haar()) + wsq_dqt(9) + wsq_dqt(spec.bin) + wsq_sof(spec) +
          wsq_dtt(spec.taps) + wsq_dht(0) + wsq_sob(0) + block_of(spec) + kWsqEoi,
  };
  for (const ByteVector& file : files) {
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    EXPECT_EQ(decoded.planes[0].samples, plain.planes[0].samples);
  }
}

TEST(WsqSource, MissingCoefficientsAreZero) {
  const WsqSpec spec = spec_of(64, 48);
  std::vector<int> some = WsqForward(spec).coefficients;
  std::vector<int> padded = some;
  some.resize(1000);
  std::fill(padded.begin() + 1000, padded.end(), 0);
  const auto file = [&](const std::vector<int>& coefficients) {
    return kWsqSoi + wsq_dtt(spec.taps) + wsq_dqt(spec.bin) + wsq_sof(spec) + wsq_dht(0) + wsq_sob(0) +
           wsq_block(coefficients) + kWsqEoi;
  };
  const Decoded decoded = decode(file(some));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.planes[0].samples, decode(file(padded)).planes[0].samples);
}

TEST(InspectWsq, ReadsTheHeaderWithoutTheBlocks) {
  const WsqSpec spec = spec_of(300, 200);
  ByteVector file = make_wsq(spec);
  file.resize(900);
  const auto info = inspect_image(file, Limits{});
  ASSERT_TRUE(info.ok()) << info.error().detail;
  EXPECT_EQ(info->format, ImageFormat::kWsq);
  EXPECT_EQ(info->width, 300U);
  EXPECT_EQ(info->height, 200U);
  EXPECT_EQ(info->bits_per_sample, 8);
  EXPECT_EQ(info->color_model, ColorModel::kGrey);
  EXPECT_TRUE(info->decodable);
  EXPECT_FALSE(info->has_metadata);
  const ByteVector commented = kWsqSoi + wsq_segment(0xA8, {'x'}) + ByteVector(file.begin() + 2, file.end());
  EXPECT_TRUE(inspect_image(commented, Limits{})->has_metadata);
}

struct Bad {
  const char* what;
  ByteVector file;
  ErrorCode code = ErrorCode::kCorruptImage;
};

TEST(WsqSource, EveryDefectHasItsError) {
  const WsqSpec spec = spec_of(64, 48);
  const ByteVector head = kWsqSoi + wsq_dtt(spec.taps) + wsq_dqt(spec.bin) + wsq_sof(spec);
  const ByteVector block = block_of(spec);
  const auto with_spec = [](std::uint32_t width, std::uint32_t height) {
    return wsq_sof(WsqSpec{width, height, ridges});
  };
  const ByteVector tables = kWsqSoi + wsq_dtt(spec.taps) + wsq_dqt(spec.bin) + wsq_dht(0);
  ByteVector crowded = {0};  // three codes of one bit
  crowded.resize(17);
  crowded[1] = 3;
  crowded.insert(crowded.end(), {1, 2, 3});
  ByteVector overfull = {0};  // 16 x 40 codes
  for (int i = 0; i < 16; ++i) overfull.push_back(i < 8 ? 0 : 40);
  overfull.resize(17 + 320);
  const Bad cases[] = {
      {"no blocks' table", head + wsq_sob(0) + block + kWsqEoi},
      {"table number 8", head + wsq_dht(8) + wsq_sob(0) + block + kWsqEoi},
      {"too many codes of a length", head + wsq_segment(0xA6, crowded) + wsq_sob(0) + block + kWsqEoi},
      {"over 256 codes", head + wsq_segment(0xA6, overfull) + wsq_sob(0) + block + kWsqEoi},
      {"table is cut off", head + wsq_segment(0xA6, {0, 1, 2}) + wsq_sob(0) + block + kWsqEoi},
      {"filter length 0", kWsqSoi + wsq_segment(0xA4, {0, 7}) + wsq_sof(spec) + kWsqEoi},
      {"filter length 33", kWsqSoi + wsq_segment(0xA4, {33, 33}) + wsq_sof(spec) + kWsqEoi},
      {"filters of unlike parity", kWsqSoi + wsq_segment(0xA4, {9, 8}) + wsq_sof(spec) + kWsqEoi},
      {"filters are cut off", kWsqSoi + wsq_segment(0xA4, {9, 7, 0, 1}) + wsq_sof(spec) + kWsqEoi},
      {"quantisers are cut off", kWsqSoi + wsq_segment(0xA5, {2, 0, 44}) + wsq_sof(spec) + kWsqEoi},
      {"width 0", tables + with_spec(0, 48) + wsq_sob(0) + block + kWsqEoi},
      {"height 0", tables + with_spec(48, 0) + wsq_sob(0) + block + kWsqEoi},
      {"block before the frame", tables + wsq_sob(0) + block + wsq_sof(spec) + kWsqEoi},
      {"no frame", tables + kWsqEoi},
      {"no transform table",
       kWsqSoi + wsq_dqt(1) + wsq_sof(spec) + wsq_dht(0) + wsq_sob(0) + block + kWsqEoi},
      {"no quantisers",
       kWsqSoi + wsq_dtt(spec.taps) + wsq_sof(spec) + wsq_dht(0) + wsq_sob(0) + block + kWsqEoi},
      {"too many coefficients", head + wsq_dht(0) + wsq_sob(0) + block + ByteVector{0x80} + kWsqEoi},
      {"a run past the end", head + wsq_dht(0) + wsq_sob(0) + ByteVector{105, 0xFE, 0xFE} + block + kWsqEoi},
      {"marker inside extra bits", head + wsq_dht(0) + wsq_sob(0) + ByteVector{103, 1} + kWsqEoi},
      {"a code that is not in the table", head + wsq_dht(0) + wsq_sob(0) + ByteVector{0xFE, 0xFE} + kWsqEoi},
      {"segment without length", kWsqSoi + ByteVector{0xFF, 0xA8, 0, 1} + wsq_sof(spec) + kWsqEoi},
      {"segment past the end", kWsqSoi + ByteVector{0xFF, 0xA8, 0xFF, 0xFF, 'x'}},
      {"unknown marker", kWsqSoi + wsq_dtt(spec.taps) + wsq_segment(0xA9, {0}) + wsq_sof(spec) + kWsqEoi},
      {"restart interval", head + wsq_segment(0xA7, {0, 8}) + kWsqEoi, ErrorCode::kUnsupportedFeature},
      {"restart marker", head + ByteVector{0xFF, 0xB3} + kWsqEoi, ErrorCode::kUnsupportedFeature},
      {"65,535 x 65,535 of nothing", tables + with_spec(65535, 65535) + wsq_sob(0) + block + kWsqEoi,
       ErrorCode::kImageTooLarge},
      {"40 megapixels of nothing",
       tables + with_spec(8000, 5000) + wsq_sob(0) + ByteVector(100, 0x69) + kWsqEoi},
  };
  for (const Bad& c : cases) {
    const Decoded decoded = decode(c.file);
    EXPECT_EQ(decoded.error, c.code) << c.what << ": " << decoded.detail;
  }
}

TEST(WsqSource, AFileThatIsCutOffIsAnError) {
  const ByteVector file = make_wsq(spec_of(48, 40));
  for (std::size_t size = 2; size + 1 < file.size(); size += size < 900 ? 1 : 37) {
    const Decoded decoded = decode(Bytes(file).first(size));
    EXPECT_FALSE(decoded.ok()) << size;
  }
}

// All rows or none: every coefficient reaches over the whole picture.
TEST(WsqSource, RowsOfACutFileAreNone) {
  const ByteVector file = make_wsq(spec_of(48, 40));
  const TruncationOutcome outcome = expect_rows_grow(file, {.header_bytes = 600, .step = 13});
  EXPECT_EQ(outcome.partial, 0U);
  EXPECT_EQ(outcome.refused, outcome.lengths);
  EXPECT_EQ(decode(file).decoded_rows, 40U);
}

// The coefficients of subbands 0 to 6 are those of an eighth of the size, three of the six resolutions.
TEST(WsqSource, RowsCountWhenHalfOfTheResolutionsAreThere) {
  const WsqSpec spec = spec_of(64, 48);
  const std::vector<int> all = WsqForward(spec).coefficients;
  constexpr std::size_t kHalf = 64 / 8 * 48 / 8;
  const std::size_t last_subband = all.size() - 64 / 4 * 48 / 4;
  for (const std::size_t count :
       {std::size_t{0}, kHalf - 1, kHalf, last_subband, last_subband + 1, all.size() - 1, all.size()}) {
    const std::vector<int> some(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
    const ByteVector file = kWsqSoi + wsq_dtt(spec.taps) + wsq_dqt(spec.bin) + wsq_sof(spec) + wsq_dht(0) +
                            wsq_sob(0) + wsq_block(some) + kWsqEoi;
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << count << ": " << decoded.detail;
    EXPECT_EQ(decoded.decoded_rows, count < kHalf ? 0U : 48U) << count;
    EXPECT_EQ(decoded.warnings, count <= last_subband ? kWarnTruncated : 0U) << count;
    const auto made = prepare_image(file, PrepareOptions{});
    EXPECT_EQ(made.ok(), count >= kHalf) << count;
    if (!made.ok()) EXPECT_EQ(made.error().code, ErrorCode::kCorruptImage) << count;
  }
}

TEST(WsqSource, TheMemoryLimitIsKept) {
  WsqSpec spec = spec_of(200, 200);
  Limits limits;
  limits.max_decoder_bytes = 399'999;  // ten bytes a pixel
  EXPECT_EQ(decode(make_wsq(spec), kFullSize, limits).error, ErrorCode::kImageTooLarge);
  limits.max_decoder_bytes = 400'000;
  EXPECT_TRUE(decode(make_wsq(spec), kFullSize, limits).ok());
}

TEST(WsqSource, TheHeaderIsReadOnce) {
  const ByteVector file = make_wsq(spec_of(97, 65));
  expect_header_is_read_once(file, 0, text_offset(file, "\xFF\xA3"));
}

}  // namespace
}  // namespace netocr::wsq
