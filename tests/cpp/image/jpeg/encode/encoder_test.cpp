// The JPEG writer and its rate control: sizes predicted, files that djpeg reads, quality against cjpeg's.
#include "image/jpeg/encode/encoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/bytes.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/tools.hpp"
#include "image/jpeg/encode/bit_writer.hpp"
#include "image/jpeg/encode/rate.hpp"
#include "image/jpeg/encode/scan_sample.hpp"
#include "image/jpeg/encode/segments.hpp"

namespace netocr::jpeg {
namespace {

using testing::djpeg_luma;
using testing::must_make_image;
using testing::photo;

Encoded must_encode(const PlanarImage& image, std::size_t max_bytes, std::uint8_t min_quality = 50,
                    std::uint8_t max_quality = 95) {
  auto attempt = encode(image, {max_bytes, min_quality, max_quality});
  const bool is_there = attempt.ok() && attempt->file.has_value();
  EXPECT_TRUE(is_there);
  return is_there ? std::move(*attempt->file) : Encoded{};
}

TEST(JpegSink, PredictedSizeIsTheActualSize) {
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    for (const auto& [width, height] :
         {std::pair{1U, 1U}, {9U, 300U}, {250U, 17U}, {160U, 128U}, {333U, 241U}}) {
      const auto frame = make_frame(photo(width, height, planes, width, 2));
      ASSERT_TRUE(frame.ok());
      for (const double percent : {0.1, 5.0, 24.0, 80.0, 250.0, 5000.0}) {
        ScanTokens none;
        const Candidate candidate = measure_candidate(*frame, percent, none);
        auto out = Buffer::create(2'000'000);
        ASSERT_TRUE(out.ok());
        const std::size_t header = write_header(*frame, candidate.quant, candidate.tables, out->span());
        EXPECT_EQ(header, candidate.header_bytes);
        EXPECT_LE(header, kMaxHeaderBytes);
        const CodedScan scan =
            code_scan(*frame, candidate.quant, candidate.tables, out->span().subspan(header));
        ASSERT_TRUE(scan.fits);
        EXPECT_EQ(header + scan.bytes + kEndOfImageBytes, candidate.bytes_unstuffed() + scan.stuffed);
      }
    }
  }
}

TEST(JpegSink, CodingStopsWhereTheRoomEnds) {
  const auto frame = make_frame(photo(200, 200, 3, 5, 3));
  ASSERT_TRUE(frame.ok());
  ScanTokens none;
  const Candidate candidate = measure_candidate(*frame, 20, none);
  for (const std::size_t room : {BitWriter::kSlack, std::size_t{2000}, std::size_t{5000}}) {
    auto out = Buffer::create(room);
    ASSERT_TRUE(out.ok());
    EXPECT_FALSE(code_scan(*frame, candidate.quant, candidate.tables, out->span()).fits);
  }
}

TEST(BitWriter, StuffsAZeroAfterEveryFfByteAndPadsWithOnes) {
  auto out = Buffer::create(4096);
  ASSERT_TRUE(out.ok());
  BitWriter bits(out->span());
  bits.put(0xFFFF, 16);
  bits.put(0x00FF12FF, 32);
  bits.put(0xABCDEF01, 32);
  bits.put(5, 3);
  bits.finish();
  const std::uint8_t expected[] = {0xFF, 0, 0xFF, 0, 0, 0xFF, 0, 0x12, 0xFF, 0, 0xAB, 0xCD, 0xEF, 0x01, 0xBF};
  ASSERT_EQ(bits.size(), std::size(expected));
  EXPECT_TRUE(std::equal(std::begin(expected), std::end(expected), out->data()));
  EXPECT_EQ(bits.stuffed(), 4U);
}

TEST(JpegSink, DjpegReadsEverySizeAsItWas) {
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    for (const auto& [width, height] : {std::pair{1U, 1U},
                                        {1U, 40U},
                                        {40U, 1U},
                                        {8U, 8U},
                                        {16U, 16U},
                                        {17U, 33U},
                                        {7U, 100U},
                                        {131U, 66U},
                                        {8191U, 3U},
                                        {2U, 8191U}}) {
      const PlanarImage image = photo(width, height, planes, width + height);
      const Encoded encoded = must_encode(image, 1'000'000);
      EXPECT_EQ(encoded.width, width);
      EXPECT_EQ(encoded.height, height);
      EXPECT_EQ(encoded.quality, 95);
      const Plane decoded = djpeg_luma(encoded.bytes.span());
      ASSERT_EQ(decoded.width, width);
      ASSERT_EQ(decoded.height, height);
      EXPECT_GT(testing::psnr(image.planes[0], decoded), 38) << width << "x" << height;
    }
  }
}

TEST(JpegSink, ColoursAndFlatPicturesSurvive) {
  PlanarImage image = must_make_image(50, 38, 3);  // R = 200, G = 100, B = 50
  const std::uint8_t ycc[3] = {124, 86, 182};
  for (std::size_t i = 0; i < 3; ++i) testing::fill(image.planes[i], [&](auto, auto) { return ycc[i]; });
  const Encoded encoded = must_encode(image, 4096, 90, 100);
  EXPECT_EQ(encoded.quality, 100);
  EXPECT_LT(encoded.bytes.size(), 600U);
  const testing::Pnm decoded = testing::parse_pnm(testing::run_tool("djpeg", encoded.bytes.span()));
  ASSERT_EQ(decoded.channels, 3U);
  for (std::size_t i = 0; i < decoded.samples.size(); i += 3) {
    ASSERT_NEAR(decoded.samples[i], 200, 2);
    ASSERT_NEAR(decoded.samples[i + 1], 100, 2);
    ASSERT_NEAR(decoded.samples[i + 2], 50, 2);
  }
}

TEST(JpegSink, ChromaLiesWhereItBelongs) {
  // Left half one colour, right half another, at an odd width: after decoding the edge is where it was.
  PlanarImage image = must_make_image(97, 41, 3);
  testing::fill(image.planes[0], [](auto, auto) { return 128; });
  for (std::size_t i = 1; i < 3; ++i) {
    testing::fill(image.planes[i], [&](std::uint32_t x, auto) { return x < 24 ? 90 : 170; });
  }
  const Encoded encoded = must_encode(image, 100'000, 95, 95);
  const testing::Pnm decoded = testing::parse_pnm(testing::run_tool("djpeg -nosmooth", encoded.bytes.span()));
  ASSERT_EQ(decoded.width, 97U);
  for (std::uint32_t y = 0; y < 41; ++y) {
    for (std::uint32_t x = 0; x < 97; ++x) {
      const double red = 128 + 1.402 * ((x < 48 ? 90 : 170) - 128);
      ASSERT_NEAR(decoded.samples[3 * (std::size_t{y} * 97 + x)], red, 6) << x << "," << y;
    }
  }
}

// Columns of two colours, of one pixel each: what the frame header says and what djpeg gives back.
TEST(JpegSink, EachSubsamplingKeepsWhatItCan) {
  for (const ChromaSubsampling chroma : {k444, k422, k420}) {
    PlanarImage image = must_make_image(61, 35, 3, chroma);
    testing::fill(image.planes[0], [](auto, auto) { return 128; });
    for (std::size_t i = 1; i < 3; ++i) {
      testing::fill(image.planes[i],
                    [](std::uint32_t x, std::uint32_t y) { return (x + y) % 2 ? 100 : 156; });
    }
    const Encoded encoded = must_encode(image, 100'000, 95, 100);
    const Bytes bytes = encoded.bytes.span();
    const std::uint8_t start[] = {0xFF, 0xC0};
    const auto* const frame = std::search(bytes.begin(), bytes.end(), start, start + 2).base();
    EXPECT_EQ(frame[11], chroma.x << 4 | chroma.y);
    EXPECT_EQ(frame[14], 0x11);
    EXPECT_EQ(frame[17], 0x11);
    const testing::Pnm decoded = testing::parse_pnm(testing::run_tool("djpeg -nosmooth", bytes));
    ASSERT_EQ(decoded.width, 61U);
    ASSERT_EQ(decoded.height, 35U);
    for (std::uint32_t y = 0; y < 35; ++y) {
      for (std::uint32_t x = 0; x < 61; ++x) {
        const double red = 128 + 1.402 * ((x / chroma.x + y / chroma.y) % 2 ? -28 : 28);
        ASSERT_NEAR(decoded.samples[3 * (std::size_t{y} * 61 + x)], red, 4) << x << "," << y;
      }
    }
  }
}

// Where nearly all steps are 1 the size hardly changes with the percentage, then by several percent at once.
TEST(JpegSink, UsesTheBudgetOfSmallPicturesToo) {
  std::size_t limited = 0;
  for (const ChromaSubsampling chroma : {k444, k422, k420}) {
    for (const double detail : {0.3, 1.0, 2.0}) {
      const PlanarImage image = photo(160, 120, 3, 5, detail, chroma);
      for (std::size_t budget = 5'000; budget < 50'000; budget = budget * 9 / 8) {
        const Encoded encoded = must_encode(image, budget, 5, 100);
        EXPECT_LE(encoded.bytes.size(), budget);
        if (encoded.quality == 100) continue;
        EXPECT_GE(encoded.bytes.size(), budget * 97 / 100)
            << "detail " << detail << " within " << budget << " at " << int{encoded.quality};
        limited += encoded.quality >= 95;
      }
    }
  }
  EXPECT_GE(limited, 20U);
}

TEST(JpegSink, HasNoSegmentBeyondJfif) {
  const Encoded encoded = must_encode(photo(64, 48, 3, 1), 50'000);
  const Bytes bytes = encoded.bytes.span();
  std::vector<std::uint8_t> markers;
  std::size_t at = 2;
  while (true) {
    ASSERT_EQ(bytes[at], 0xFF);
    markers.push_back(bytes[at + 1]);
    if (bytes[at + 1] == 0xDA) break;
    at += 2 + (std::size_t{bytes[at + 2]} << 8 | bytes[at + 3]);
  }
  EXPECT_EQ(markers, (std::vector<std::uint8_t>{0xE0, 0xDB, 0xC0, 0xC4, 0xDA}));
  EXPECT_TRUE(bytes_at(bytes, 6, "JFIF"));
  EXPECT_EQ(bytes[bytes.size() - 2], 0xFF);
  EXPECT_EQ(bytes[bytes.size() - 1], 0xD9);
}

// The MCUs that the sample of rate control takes are flat, or the only ones that are not: it foretells much
// too little, or too much.
TEST(JpegSink, ASampleThatMisleadsIsFoundOut) {
  constexpr std::uint32_t kWidth = 1024;
  constexpr std::uint32_t kHeight = 512;
  const auto frame = make_frame(must_make_image(kWidth, kHeight, 3));
  const std::uint32_t step = sample_step(*frame, 100, 12);  // as rate.cpp
  ASSERT_EQ(step, 12U);
  int limited = 0;
  for (const bool flat : {true, false}) {
    PlanarImage image = must_make_image(kWidth, kHeight, 3);
    for (std::uint32_t i = 0; i < 3; ++i) {
      const std::uint32_t side = i == 0 ? 16 : 8;
      std::mt19937 random(i);
      testing::fill(image.planes[i], [&](std::uint32_t x, std::uint32_t y) {
        const std::uint32_t first = ((y / side * 40503U & 0xFFFFU) * step) >> 16;
        const bool is_sampled = x / side % step == first;
        const std::uint32_t noise = random() % 40;
        return is_sampled == flat ? 128 : 108 + noise;
      });
    }
    for (const std::size_t budget : {15'000U, 30'000U, 120'000U}) {
      const Encoded encoded = must_encode(image, budget, 1);
      EXPECT_EQ(encoded.width, kWidth);
      EXPECT_LE(encoded.bytes.size(), budget);
      if (encoded.quality == 95) continue;
      EXPECT_GE(static_cast<double>(encoded.bytes.size()), 0.97 * static_cast<double>(budget));
      ++limited;
    }
  }
  EXPECT_EQ(limited, 5);
}

TEST(JpegSink, TellsTheSizeAtTheQualityFloorOfWhatDoesNotFit) {
  const PlanarImage image = photo(400, 400, 3, 3, 20);
  const auto attempt = encode(image, {1024, 95, 95});
  ASSERT_TRUE(attempt.ok());
  EXPECT_FALSE(attempt->file.has_value());
  const auto size = static_cast<double>(must_encode(image, 10'000'000, 95, 95).bytes.size());
  EXPECT_NEAR(static_cast<double>(attempt->bytes_at_floor), size, 0.01 * size);
}

// More symbols than are kept: then the scan is walked once more.
TEST(JpegSink, CodesWhatIsTooLongToBeKept) {
  PlanarImage image = must_make_image(1100, 1100, 1);
  testing::fill_noise(image.planes[0], 1);
  const auto frame = make_frame(image);
  ASSERT_TRUE(frame.ok());
  auto tokens = make_scan_tokens(*frame, 4'000'000);
  ASSERT_TRUE(tokens.ok());
  EXPECT_FALSE(choose_rate(*frame, {4'000'000, 95, 95}, *tokens).is_recorded);
  EXPECT_TRUE(choose_rate(*frame, {200'000, 1, 95}, *tokens).is_recorded);
  const Encoded encoded = must_encode(image, 4'000'000);
  EXPECT_EQ(encoded.quality, 95);
  EXPECT_GT(testing::psnr(image.planes[0], djpeg_luma(encoded.bytes.span())), 30);
}

// cjpeg with our table: the same steps, libjpeg's DCT, its plain rounding and its Huffman tables. What the
// dead zone drops is worth less than what it saves.
TEST(JpegSink, SavesMoreThanItLosesAgainstCjpegWithTheSameTable) {
  const PlanarImage image = photo(512, 384, 1, 77, 1.5);
  const auto frame = make_frame(image);
  ASSERT_TRUE(frame.ok());
  for (const int quality : {94, 85, 65, 33}) {
    ScanTokens none;
    const Candidate candidate = measure_candidate(*frame, percent_of_quality(quality), none);
    std::string text;
    std::array<int, 64> natural{};
    for (std::size_t i = 0; i < 64; ++i) natural[kZigzag[i]] = candidate.quant.luma[i];
    for (const int step : natural) text += std::to_string(step) + "\n";
    const std::string tables = testing::temporary_file("tables");
    testing::write_file(tables, as_bytes(text));
    const auto theirs =
        testing::run_tool("cjpeg -grayscale -optimize -dct int -qtables " + tables + " -quality 50",
                          testing::grey_pnm(image.planes[0]));
    std::remove(tables.c_str());
    const auto same = static_cast<std::uint8_t>(quality);
    const Encoded ours = must_encode(image, 10'000'000, same, same);
    const double loss = testing::psnr(image.planes[0], djpeg_luma(theirs)) -
                        testing::psnr(image.planes[0], djpeg_luma(ours.bytes.span()));
    // With coarser steps the same saving would cost about 8 dB for each factor e.
    const double saved =
        std::log(static_cast<double>(theirs.size()) / static_cast<double>(ours.bytes.size()));
    EXPECT_GT(saved, 0.05) << "at quality " << quality;
    EXPECT_LT(loss, 8 * saved) << "at quality " << quality;
  }
}

TEST(JpegSink, IsCloserThanCjpegAtTheSameBytes) {
  const PlanarImage image = photo(640, 480, 1, 31, 1.5);
  for (const int quality : {40, 60, 75, 88}) {
    const auto theirs =
        testing::run_tool("cjpeg -grayscale -optimize -dct int -quality " + std::to_string(quality),
                          testing::grey_pnm(image.planes[0]));
    const Encoded ours = must_encode(image, theirs.size(), 5, 100);
    EXPECT_LE(ours.bytes.size(), theirs.size());
    EXPECT_GT(testing::psnr(image.planes[0], djpeg_luma(ours.bytes.span())),
              testing::psnr(image.planes[0], djpeg_luma(theirs)))
        << "cjpeg at quality " << quality;
  }
}

}  // namespace
}  // namespace netocr::jpeg
