// What inspect tells of a file, and its ICC profile.
#include "image/tiff/header.hpp"
#include "image/tiff/policy.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/tiff/maker.hpp"

namespace netocr::tiff {
namespace {

using namespace netocr::testing;

TEST(TiffHeader, WhatIsTold) {
  struct Case {
    std::uint16_t photometric;
    std::uint32_t bits, samples;
    ColorModel model;
  };
  const Case cases[] = {{0, 1, 1, ColorModel::kGrey}, {1, 16, 1, ColorModel::kGrey},
                        {2, 8, 3, ColorModel::kRgb},  {3, 4, 1, ColorModel::kPalette},
                        {5, 8, 4, ColorModel::kCmyk}, {6, 8, 3, ColorModel::kYcbcr},
                        {8, 8, 3, ColorModel::kLab}};
  for (const Case& c : cases) {
    for (const bool big : {false, true}) {
      TiffSpec spec;
      spec.big_endian = spec.big_tiff = big;
      spec.photometric = c.photometric;
      spec.bits = c.bits;
      spec.samples = c.samples;
      spec.tags[274] = {TiffType::kShort, {6}};
      if (c.photometric == 3) spec.tags[320] = {TiffType::kShort, std::vector<double>(3U << c.bits, 7)};
      const auto info = inspect_image(make_tiff(spec), Limits{});
      ASSERT_TRUE(info.ok()) << c.photometric;
      EXPECT_EQ(info->format, ImageFormat::kTiff);
      EXPECT_EQ(info->width, spec.width);
      EXPECT_EQ(info->height, spec.height);
      EXPECT_EQ(info->orientation, 6);
      EXPECT_EQ(info->bits_per_sample, c.bits);
      EXPECT_EQ(info->color_model, c.model);
      EXPECT_FALSE(info->has_alpha);
      EXPECT_FALSE(info->has_metadata);
      EXPECT_TRUE(info->decodable);
      EXPECT_EQ(info->warnings, 0U);
    }
  }
}

TEST(TiffHeader, AlphaAndMetadata) {
  TiffSpec spec;
  spec.samples = 4;
  spec.photometric = 2;
  spec.tags[338] = {TiffType::kShort, {2}};
  spec.tags[305] = {TiffType::kByte, {65, 66, 0}};  // Software
  const auto info = inspect_image(make_tiff(spec), Limits{});
  ASSERT_TRUE(info.ok());
  EXPECT_TRUE(info->has_alpha);
  EXPECT_TRUE(info->has_metadata);
  spec.tags[338] = {TiffType::kShort, {0}};
  EXPECT_FALSE(inspect_image(make_tiff(spec), Limits{})->has_alpha);
}

TEST(TiffHeader, TheProfileIsFound) {
  for (const bool is_srgb : {true, false}) {
    const ByteVector profile = make_icc({"RGB ", is_srgb ? kSrgbColorants : kP3Colorants, srgb_curve()});
    TiffSpec spec;
    spec.samples = 3;
    spec.photometric = 2;
    spec.tags[34675] = {TiffType::kUndefined, {profile.begin(), profile.end()}};
    const ByteVector file = make_tiff(spec);
    const auto header = read_header(file);
    ASSERT_TRUE(header.ok());
    EXPECT_EQ(ByteVector(header->profile.begin(), header->profile.end()), profile);
    EXPECT_EQ(inspect_image(file, Limits{})->profile, is_srgb ? ProfileUse::kSrgb : ProfileUse::kConverted);
    EXPECT_EQ(inspect_image(file, Limits{})->warnings, 0U);
    EXPECT_EQ(decode(file).warnings, 0U);
  }
  const ByteVector without = make_tiff(TiffSpec{});
  const auto none = read_header(without);
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->profile.empty());
  EXPECT_FALSE(read_header(as_bytes("II*")).ok());
}

TEST(TiffHeader, TagsThatAreNotThereHaveTheirDefaults) {
  TiffSpec spec;
  spec.bits = 1;
  ByteVector file = make_tiff(spec);
  const auto header = read_header(file);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->orientation, 1);
  EXPECT_EQ(header->sample_high, 1);
  EXPECT_FALSE(header->planar);
  EXPECT_EQ(header->piece_height, 5U);
  EXPECT_EQ(header->piece_offsets.values(), 5U);
  EXPECT_TRUE(check_variant(*header).ok());
}

TEST(TiffHeader, ValuesThatAreNotNumbersOfTheTagAreNotBelieved) {
  for (const double orientation : {0.0, 9.0, 65535.0}) {
    TiffSpec spec;
    spec.tags[274] = {TiffType::kShort, {orientation}};
    EXPECT_EQ(inspect_image(make_tiff(spec), Limits{})->orientation, 1);
  }
}

}  // namespace
}  // namespace netocr::tiff
