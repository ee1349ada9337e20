// Our own decoder of sequential JPEG: at full size against libjpeg-turbo, bit for bit, also for damaged
// files; at n/8 against the definition of the transform, from libjpeg's coefficients.
#include "image/jpeg/decode/sequential.hpp"

#include <gtest/gtest.h>

#include <random>

#include "cpp/image/jpeg/maker.hpp"
#include "image/jpeg/source.hpp"

namespace netocr::jpeg {
namespace {

using namespace netocr::testing;

// Null when it is not a file for our decoder.
Result<std::unique_ptr<RowSource>> open_ours(Bytes bytes, const WantedSize& wanted = kFullSize) {
  NETOCR_ASSIGN(File file, File::open(bytes, Walk::kFirstScan));
  return open_sequential(file, wanted);
}

Decoded decode_by_us(Bytes bytes, const WantedSize& wanted = kFullSize) {
  auto source = open_ours(bytes, wanted);
  EXPECT_TRUE(source.ok() && *source != nullptr);
  return read_to_end(std::move(source));
}

void expect_same(const Decoded& ours, const Decoded& theirs, const std::string& what) {
  ASSERT_EQ(ours.error, theirs.error) << what;
  // Where it is sure of enough bytes libjpeg-turbo decodes without a look at whether codes exist.
  EXPECT_EQ(ours.warnings | theirs.warnings, ours.warnings) << what;
  EXPECT_EQ(ours.decoded_rows, theirs.decoded_rows) << what;
  ASSERT_EQ(ours.planes.size(), theirs.planes.size()) << what;
  for (std::size_t i = 0; i < ours.planes.size(); ++i) {
    EXPECT_EQ(ours.planes[i].geometry.width, theirs.planes[i].geometry.width) << what;
    EXPECT_EQ(ours.planes[i].geometry.extent_height, theirs.planes[i].geometry.extent_height) << what;
    EXPECT_EQ(ours.planes[i].samples, theirs.planes[i].samples) << what << ", plane " << i;
  }
}

// Noise needs long codes, flat parts need EOB at once.
double rough(int component, double x, double y) {
  const auto hash = static_cast<std::uint32_t>(x * 7919 + y * 104729 + component * 31) * 2654435761U;
  return waves(component, x, y) + (x > 0.5 ? (hash >> 24) / 2.0 - 64 : 0);
}

TEST(SequentialJpeg, AtFullSizeItIsLibjpegBitForBit) {
  for (const auto& factors : kSamplings) {
    for (const int quality : {1, 20, 75, 95, 100}) {
      for (const auto& [width, height] : {std::pair{67U, 45U}, {16U, 16U}, {1U, 1U}, {130U, 9U}}) {
        JpegSpec spec = sampled_spec(width, height, factors);
        spec.quality = quality;
        spec.restart_interval = quality == 95 ? 3 : 0;
        spec.sample = rough;
        const ByteVector file = make_jpeg(spec);
        expect_same(decode_by_us(file), decode_by_library(file),
                    std::to_string(factors[0].h) + "x" + std::to_string(factors[0].v) + " of " +
                        std::to_string(factors.size()) + " at quality " + std::to_string(quality));
      }
    }
  }
}

TEST(SequentialJpeg, ALargePictureIsLibjpegBitForBit) {
  JpegSpec spec = color_spec(900, 700);
  spec.quality = 97;
  spec.sample = rough;
  const ByteVector file = make_jpeg(spec);
  ASSERT_GT(file.size(), 300'000U);  // many times what is unstuffed at once
  expect_same(decode_by_us(file), decode_by_library(file), "large");
}

TEST(SequentialJpeg, AtEveryScaleItIsTheTransformsDefinition) {
  for (const Factors luma : {Factors{1, 1}, {2, 2}, {2, 1}, {4, 1}}) {
    JpegSpec spec = color_spec(93, 71, luma);
    spec.sample = rough;
    const ByteVector file = make_jpeg(spec);
    const std::vector<Coefficients> coefficients = read_coefficients(file);
    for (const unsigned n : {1U, 2U, 4U, 8U}) {
      const Decoded decoded = decode_by_us(file, {(spec.width * n + 7) / 8, (spec.height * n + 7) / 8});
      double worst = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        const DecodedPlane& plane = decoded.planes[i];
        const double whole = i == 0 ? 93 : 93.0 / luma.h;
        const auto size = static_cast<unsigned>(std::lround(plane.geometry.extent_width * 8 / whole));
        if (i == 0) ASSERT_EQ(size, n);
        for (unsigned y = 0; y < plane.geometry.height; ++y) {
          for (unsigned x = 0; x < plane.geometry.width; ++x) {
            const auto& block = coefficients[i].blocks[y / size * coefficients[i].blocks_wide + x / size];
            worst = std::max(worst,
                             std::abs(std::clamp(scaled_sample(block, size, x % size, y % size), 0.0, 255.0) -
                                      plane.at(x, y)));
          }
        }
      }
      EXPECT_LT(worst, 0.7) << luma.h << 'x' << luma.v << " at " << n;
    }
  }
}

// Chroma is wanted at half the size; each plane is decoded at the smallest scale that is enough for it.
TEST(SequentialJpeg, EachPlaneHasTheSmallestScaleThatIsEnough) {
  struct Case {
    Factors luma;
    WantedSize wanted;
    std::uint32_t luma_width, chroma_width;
  };
  const Case cases[] = {
      {{2, 2}, {0, 0}, 100, 50},      {{2, 2}, {100, 75}, 100, 50},   {{2, 2}, {101, 75}, 200, 100},
      {{2, 2}, {201, 1}, 400, 200},   {{2, 2}, {10, 301}, 800, 400},  {{2, 2}, {9999, 1}, 800, 400},
      {{1, 1}, {400, 300}, 400, 200}, {{1, 1}, {401, 300}, 800, 400}, {{1, 1}, {200, 150}, 200, 100},
      {{2, 1}, {400, 300}, 400, 200}, {{4, 1}, {400, 300}, 400, 200}, {{4, 1}, {200, 150}, 200, 100}};
  for (const Case& c : cases) {
    const Decoded decoded = decode_by_us(make_jpeg(color_spec(800, 600, c.luma)), c.wanted);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(decoded.planes[0].geometry.width, c.luma_width) << c.wanted.width << 'x' << c.wanted.height;
    EXPECT_EQ(decoded.planes[2].geometry.width, c.chroma_width) << c.wanted.width << 'x' << c.wanted.height;
  }
}

TEST(SequentialJpeg, FilesOfOtherKindsAreLeftToLibjpeg) {
  JpegSpec specs[6];
  for (JpegSpec& spec : specs) spec = color_spec(40, 40);
  specs[0].arithmetic = true;
  specs[1].one_scan_each = true;
  specs[2].space = JCS_RGB;
  specs[2].jfif = false;
  specs[2].factors = {{1, 1}, {1, 1}, {1, 1}};
  specs[3].space = JCS_CMYK;
  specs[3].factors = {{1, 1}, {1, 1}, {1, 1}, {1, 1}};
  specs[4].progressive = specs[4].arithmetic = true;
  specs[5].space = JCS_YCCK;
  specs[5].factors = {{1, 1}, {1, 1}, {1, 1}, {1, 1}};
  for (const JpegSpec& spec : specs) {
    const auto source = open_ours(make_jpeg(spec));
    ASSERT_TRUE(source.ok());
    EXPECT_EQ(*source, nullptr) << &spec - specs;
  }
  // A Huffman table that is none, one that is missing, a component twice.
  const ByteVector file = make_jpeg(color_spec(40, 40));
  ByteVector broken = file;
  broken[find_segment(file, 0xc4) + 5] = 9;  // nine codes of one bit
  const auto bad_code = open_ours(broken);
  EXPECT_TRUE(bad_code.ok() && *bad_code == nullptr);
  broken = file;
  broken[find_segment(file, 0xda) + 6] = 0x33;
  const auto no_table = open_ours(broken);
  EXPECT_TRUE(no_table.ok() && *no_table == nullptr);
  broken = file;
  broken[find_segment(file, 0xda) + 7] = broken[find_segment(file, 0xda) + 5];
  const auto twice = open_ours(broken);
  EXPECT_TRUE(twice.ok() && *twice == nullptr);
  const auto ordinary = open_ours(file);
  EXPECT_TRUE(ordinary.ok() && *ordinary != nullptr);
}

// The file up to the first marker that damage put into the scan's data: no decoder goes on behind it.
ByteVector up_to_marker(ByteVector file, std::size_t at) {
  const auto is_marker = [&] {
    return file[at] == 0xff && file[at + 1] != 0 && (file[at + 1] & 0xf8) != 0xd0 && file[at + 1] != 0xff;
  };
  while (at + 1 < file.size() && !is_marker()) ++at;
  file.resize(at);
  file.insert(file.end(), {0xff, 0xd9});
  return file;
}

// Wherever bytes of the entropy-coded data are changed, both see the same picture, and we warn where libjpeg
// does.
TEST(SequentialJpeg, DamageIsTreatedAsLibjpegDoes) {
  std::mt19937 random(7);
  unsigned warned = 0;
  for (const unsigned interval : {0U, 1U, 4U, 5U}) {
    JpegSpec spec = color_spec(80, 64);
    spec.quality = 85;
    spec.restart_interval = interval;
    spec.sample = rough;
    const ByteVector file = make_jpeg(spec);
    const std::size_t scan = find_segment(file, 0xda) + 14;
    for (int round = 0; round < 400; ++round) {
      ByteVector damaged = file;
      for (int i = 0; i <= round % 3; ++i) {
        const std::size_t at = scan + random() % (file.size() - 2 - scan);
        damaged[at] = static_cast<std::uint8_t>(round % 5 == 0 ? 0xff : random());
      }
      const Decoded theirs = decode_by_library(damaged);
      const Decoded ours = decode_by_us(damaged);
      warned += theirs.warnings != 0;
      ASSERT_EQ(ours.error, theirs.error) << interval << ' ' << round;
      EXPECT_EQ(ours.warnings | theirs.warnings, ours.warnings) << interval << ' ' << round;
      EXPECT_EQ(ours.decoded_rows, theirs.decoded_rows) << interval << ' ' << round;
      if (ours.ok())
        EXPECT_EQ(differences(ours, theirs, up_to_marker(damaged, scan)), 0U) << interval << ' ' << round;
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(warned, 200U);
}

TEST(SequentialJpeg, PrefixesAreTreatedAsLibjpegDoes) {
  for (const unsigned interval : {0U, 3U}) {
    JpegSpec spec = color_spec(64, 48);
    spec.restart_interval = interval;
    const ByteVector file = make_jpeg(spec);
    for (std::size_t size = find_segment(file, 0xda) + 14; size <= file.size(); ++size) {
      const Bytes prefix = Bytes(file).first(size);
      expect_same(decode_by_us(prefix), decode_by_library(prefix), "prefix of " + std::to_string(size));
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace netocr::jpeg
