// Our own decoder of progressive JPEG: at full size against libjpeg-turbo, bit for bit, at n/8 against the
// same picture as a sequential file; everything that is not whole is left to libjpeg.
#include "image/jpeg/decode/progressive.hpp"

#include <gtest/gtest.h>

#include <random>

#include "cpp/image/jpeg/maker.hpp"
#include "image/jpeg/source.hpp"

namespace netocr::jpeg {
namespace {

using namespace netocr::testing;

// Null when it is not a file for our decoder.
Result<std::unique_ptr<RowSource>> open_ours(Bytes bytes, const WantedSize& wanted = kFullSize,
                                             const Limits& limits = {}) {
  NETOCR_ASSIGN(File file, File::open(bytes, Walk::kFirstScan));
  return open_progressive(file, wanted, limits);
}

bool is_ours(Bytes bytes, const Limits& limits = {}) {
  const auto source = open_ours(bytes, kFullSize, limits);
  return source.ok() && *source != nullptr;
}

Decoded decode_by_us(Bytes bytes, const WantedSize& wanted = kFullSize) {
  auto source = open_ours(bytes, wanted);
  EXPECT_TRUE(source.ok() && *source != nullptr);
  return read_to_end(std::move(source));
}

void expect_same_samples(const Decoded& a, const Decoded& b, const std::string& what) {
  ASSERT_TRUE(a.ok() && b.ok()) << what;
  EXPECT_EQ(a.warnings, b.warnings) << what;
  ASSERT_EQ(a.planes.size(), b.planes.size()) << what;
  for (std::size_t i = 0; i < a.planes.size(); ++i) {
    EXPECT_EQ(a.planes[i].geometry.extent_width, b.planes[i].geometry.extent_width) << what;
    EXPECT_EQ(a.planes[i].samples, b.planes[i].samples) << what << ", plane " << i;
  }
}

// Noise on one side, so that there are coefficients of every frequency and runs of every length.
double rough(int component, double x, double y) {
  const auto hash = static_cast<std::uint32_t>(x * 7919 + y * 104729 + component * 31) * 2654435761U;
  return waves(component, x, y) + (x > 0.5 ? (hash >> 24) * y - 128 * y : 0);
}

JpegSpec progressive_spec(std::uint32_t width, std::uint32_t height, const std::vector<Factors>& factors) {
  JpegSpec spec = sampled_spec(width, height, factors);
  spec.progressive = true;
  spec.sample = rough;
  return spec;
}

TEST(ProgressiveJpeg, AtFullSizeItIsLibjpegBitForBit) {
  for (const auto& factors : kSamplings) {
    for (const int quality : {1, 30, 80, 97, 100}) {
      for (const auto& [width, height] : {std::pair{67U, 45U}, {16U, 16U}, {1U, 1U}, {130U, 9U}}) {
        JpegSpec spec = progressive_spec(width, height, factors);
        spec.quality = quality;
        spec.restart_interval = quality == 80 ? 2 : 0;
        const ByteVector file = make_jpeg(spec);
        expect_same_samples(decode_by_us(file), decode_by_library(file),
                            std::to_string(factors[0].h) + " of " + std::to_string(factors.size()) +
                                " at quality " + std::to_string(quality));
      }
    }
  }
}

TEST(ProgressiveJpeg, ALargePictureIsLibjpegBitForBit) {
  JpegSpec spec = progressive_spec(700, 500, {{2, 2}, {1, 1}, {1, 1}});
  spec.quality = 95;
  const ByteVector file = make_jpeg(spec);
  expect_same_samples(decode_by_us(file), decode_by_library(file), "large");
  // Long runs of blocks without a coefficient.
  spec.quality = 10;
  spec.sample = [](int, double x, double y) { return x > 0.9 && y > 0.9 ? rough(0, x, y) : 80.0; };
  const ByteVector flat = make_jpeg(spec);
  expect_same_samples(decode_by_us(flat), decode_by_library(flat), "flat");
}

// At every scale. The sequential file has the same coefficients, and its decoder is tested against their
// definition.
void expect_the_sequential_file(JpegSpec spec) {
  const ByteVector file = make_jpeg(spec);
  spec.progressive = false;
  const ByteVector sequential = make_jpeg(spec);
  for (const std::uint32_t n : {1U, 2U, 4U, 8U}) {
    const WantedSize wanted{(spec.width * n + 7) / 8, (spec.height * n + 7) / 8};
    expect_same_samples(decode_by_us(file, wanted), decode(sequential, wanted), std::to_string(n));
  }
}

TEST(ProgressiveJpeg, AtEveryScaleItIsTheSequentialFile) {
  for (const auto& factors : kSamplings) expect_the_sequential_file(progressive_spec(93, 71, factors));
}

// Every block has the same few high frequencies, so that refinement scans are runs of blocks without a new
// coefficient and with bits for coefficients that a smaller size does not need.
TEST(ProgressiveJpeg, RunsOfBlocksWithUnwantedCoefficientsAreTheSequentialFile) {
  JpegSpec spec = progressive_spec(400, 304, {{1, 1}});
  spec.quality = 95;
  spec.sample = [&](int, double x, double y) {
    const double column = std::floor(x * spec.width);
    const double row = std::floor(y * spec.height);
    double sum = 128;
    for (int u = 4; u < 8; ++u) {
      for (int v = 5; v < 7; ++v)
        sum += 15 * std::cos((2 * column + 1) * u * M_PI / 16) * std::cos((2 * row + 1) * v * M_PI / 16);
    }
    return sum;
  };
  expect_the_sequential_file(spec);
}

TEST(ProgressiveJpeg, WhatIsNotWholeIsLeftToLibjpeg) {
  const ByteVector file = make_jpeg(progressive_spec(64, 48, {{2, 2}, {1, 1}, {1, 1}}));
  ASSERT_TRUE(is_ours(file));
  for (std::size_t size = find_segment(file, 0xda) + 14; size < file.size(); ++size)
    ASSERT_FALSE(is_ours(Bytes(file).first(size))) << size;
  // Without its last scan, but with EOI.
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < file.size(); ++i) {
    if (file[i] == 0xff && file[i + 1] == 0xda) last = i;
  }
  ByteVector shorter(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(last));
  shorter.insert(shorter.end(), {0xff, 0xd9});
  EXPECT_FALSE(is_ours(shorter));
  EXPECT_TRUE(decode(shorter).ok());
  // A scan twice.
  ByteVector twice = file;
  twice.insert(twice.end() - 2, file.begin() + static_cast<std::ptrdiff_t>(last), file.end() - 2);
  EXPECT_FALSE(is_ours(twice));
  JpegSpec other = progressive_spec(40, 40, {{1, 1}, {1, 1}, {1, 1}});
  other.arithmetic = true;
  EXPECT_FALSE(is_ours(make_jpeg(other)));
  other.arithmetic = other.progressive = false;
  EXPECT_FALSE(is_ours(make_jpeg(other)));
}

// Damage that no rule of the coding notices gives the same picture; the rest is libjpeg's.
TEST(ProgressiveJpeg, DamageGivesThePictureOfLibjpeg) {
  std::mt19937 random(5);
  unsigned ours = 0;
  for (const unsigned interval : {0U, 3U}) {
    JpegSpec spec = progressive_spec(80, 64, {{2, 2}, {1, 1}, {1, 1}});
    spec.restart_interval = interval;
    const ByteVector file = make_jpeg(spec);
    const std::size_t scan = find_segment(file, 0xda) + 14;
    for (int round = 0; round < 300; ++round) {
      ByteVector damaged = file;
      damaged[scan + random() % (file.size() - 2 - scan)] = static_cast<std::uint8_t>(random());
      const bool by_us = is_ours(damaged);
      ours += by_us;
      const Decoded theirs = decode_by_library(damaged);
      const Decoded decoded = decode(damaged);
      ASSERT_EQ(decoded.error, theirs.error) << round;
      if (theirs.ok()) EXPECT_EQ(differences(decoded, theirs, damaged), 0U) << round;
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(ours, 10U);
}

TEST(ProgressiveJpeg, TheLimitsOfScansAndMemoryHold) {
  const ByteVector file = make_jpeg(progressive_spec(256, 256, {{2, 2}, {1, 1}, {1, 1}}));
  Limits limits;
  limits.max_decoder_bytes = 256 * 256 * 3 / 2 * 2 - 1;
  EXPECT_FALSE(is_ours(file, limits));
  limits.max_decoder_bytes += 1;
  EXPECT_TRUE(is_ours(file, limits));
}

}  // namespace
}  // namespace netocr::jpeg
