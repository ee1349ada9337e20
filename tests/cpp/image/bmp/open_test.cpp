// What is said of BMP files.
#include "image/bmp/open.hpp"

#include <gtest/gtest.h>

#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/joined.hpp"
#include "cpp/image/profile_seen.hpp"

namespace netocr::testing {
namespace {

TEST(InspectBmp, TellsAllOfTheHeader) {
  struct Case {
    std::uint16_t bits;
    std::uint8_t per_sample;
    ColorModel model;
  };
  const Case cases[] = {{1, 1, ColorModel::kPalette}, {4, 4, ColorModel::kPalette},
                        {8, 8, ColorModel::kPalette}, {16, 5, ColorModel::kRgb},
                        {24, 8, ColorModel::kRgb},    {32, 8, ColorModel::kRgb}};
  for (const Case& c : cases) {
    BmpSpec spec = bmp_spec(c.bits, 31, 17);
    spec.top_down = true;
    const ImageInfo info = must_inspect(make_bmp(spec));
    EXPECT_EQ(info.format, ImageFormat::kBmp);
    EXPECT_EQ(info.width, 31U);
    EXPECT_EQ(info.height, 17U);
    EXPECT_EQ(info.bits_per_sample, c.per_sample);
    EXPECT_EQ(info.color_model, c.model);
    EXPECT_FALSE(info.has_alpha);
    EXPECT_FALSE(info.has_metadata);
    EXPECT_TRUE(info.decodable);
    EXPECT_EQ(info.orientation, 1);
  }
  BmpSpec alpha = bmp_spec(32, 4, 4);
  alpha.header_size = 56;
  alpha.compression = 3;
  alpha.masks = {0xff0000, 0xff00, 0xff, 0xff000000};
  EXPECT_TRUE(must_inspect(make_bmp(alpha)).has_alpha);
}

// A V5 header with a profile after the pixels.
ByteVector profiled_bmp(std::uint32_t color_space, const ByteVector& profile, std::size_t claimed_size) {
  BmpSpec spec = bmp_spec(24, 4, 4);
  spec.header_size = 124;
  ByteVector file = make_bmp(spec);
  const auto set32 = [&file](std::size_t at, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i) file[14 + at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  };
  set32(56, color_space);
  set32(112, file.size() - 14);
  set32(116, claimed_size);
  append(file, profile);
  return file;
}

TEST(InspectBmp, TellsTheProfile) {
  constexpr std::uint32_t kEmbedded = 0x4d424544, kLinked = 0x4c494e4b, kWindows = 0x57696e20;
  const ByteVector& p3 = named_p3();
  const ByteVector srgb = srgb_profile();
  EXPECT_EQ(profile_of(profiled_bmp(kEmbedded, p3, p3.size())), kSeenP3);
  EXPECT_EQ(profile_of(profiled_bmp(kEmbedded, srgb, srgb.size())),
            (ProfileSeen{ProfileUse::kSrgb, "", false}));
  EXPECT_EQ(profile_of(profiled_bmp(kEmbedded, p3, p3.size() + 1)), kSeenIgnored);
  EXPECT_EQ(profile_of(profiled_bmp(kLinked, p3, p3.size())), kSeenIgnored);
  EXPECT_EQ(profile_of(profiled_bmp(kWindows, {}, 0)), kNoProfile);
  EXPECT_TRUE(must_inspect(profiled_bmp(kEmbedded, srgb, srgb.size())).has_metadata);
}

}  // namespace
}  // namespace netocr::testing
