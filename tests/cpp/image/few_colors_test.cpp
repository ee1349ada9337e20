// What goes out as a PNG, and that pngtopnm finds the picture's own samples in it.
#include "image/few_colors.hpp"

#include <gtest/gtest.h>

#include "cpp/image/pictures.hpp"
#include "cpp/image/tools.hpp"
#include "image/pixel/color.hpp"

namespace netocr {
namespace {

using testing::ByteVector;
using testing::must_make_image;

constexpr std::uint32_t kWidth = 331;
constexpr std::uint32_t kHeight = 207;
constexpr char kDecode[] = "sh -c 'pngtopnm -quiet \"$0\" | pamdepth -quiet 255'";

// Bars of `count` colours, a few pixels wide.
std::uint32_t bar(std::uint32_t x, std::uint32_t y, std::uint32_t count) {
  return (x / 5 + kWidth / 5 * (y / 9)) % count;
}

PlanarImage grey_bars(std::uint32_t count) {
  PlanarImage image = must_make_image(kWidth, kHeight, 1);
  testing::fill(image.planes[0],
                [&](std::uint32_t x, std::uint32_t y) { return 255 - 7 * bar(x, y, count) % 256; });
  return image;
}

// Any RGB; the first are pure.
void rgb_of(std::uint32_t number, std::uint8_t* rgb) {
  constexpr std::uint32_t kFirst[] = {0xFFFFFF, 0x000000, 0xFF0000, 0x00FF00,
                                      0x0000FF, 0xFFFF00, 0x00FFFF, 0xFF00FF};
  const std::uint32_t color = number < std::size(kFirst) ? kFirst[number] : number * 2654435761U >> 8;
  for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>(color >> (16 - 8 * c));
}

ByteVector color_bars_rgb(std::uint32_t count) {
  ByteVector rgb(3UL * kWidth * kHeight);
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    for (std::uint32_t x = 0; x < kWidth; ++x) rgb_of(bar(x, y, count), &rgb[3UL * (y * kWidth + x)]);
  }
  return rgb;
}

PlanarImage planes_of(const ByteVector& rgb) {
  PlanarImage image = must_make_image(kWidth, kHeight, 3, k444);
  for (std::size_t i = 0; i < 3; ++i) {
    testing::fill(image.planes[i],
                  [&](std::uint32_t x, std::uint32_t y) { return rgb[3 * (y * kWidth + x) + i]; });
  }
  return image;
}

PlanarImage image_of(const ByteVector& rgb) {
  PlanarImage image = must_make_image(kWidth, kHeight, 3, k444);
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    rgb_to_ycc(&rgb[3UL * y * kWidth], kWidth,
               {image.planes[0].row(y), image.planes[1].row(y), image.planes[2].row(y)});
  }
  return image;
}

std::optional<Buffer> written(const PlanarImage& image, std::size_t max_bytes = 204'800,
                              PlaneColors colors = PlaneColors::kYcc) {
  if (!may_have_few_colors(image)) return std::nullopt;
  auto file = write_few_colors(image, colors, max_bytes);
  EXPECT_TRUE(file.ok());
  return std::move(*file);
}

TEST(FewColors, GreysAreExactAtEveryDepth) {
  for (const std::uint32_t count : {1U, 2U, 3U, 4U, 5U, 16U, 17U, 200U}) {
    const PlanarImage image = grey_bars(count);
    const auto file = written(image);
    ASSERT_TRUE(file.has_value()) << count;
    const testing::Pnm decoded = testing::parse_pnm(testing::run_tool(kDecode, file->span()));
    ASSERT_EQ(decoded.width, kWidth);
    ASSERT_EQ(decoded.height, kHeight);
    for (std::uint32_t y = 0; y < kHeight; ++y) {
      for (std::uint32_t x = 0; x < kWidth; ++x) {
        ASSERT_EQ(decoded.samples[decoded.channels * (y * kWidth + x)], image.planes[0].row(y)[x]) << count;
      }
    }
  }
}

TEST(FewColors, ColoursGiveTheirSamplesAgainAndPureOnesThemselves) {
  for (const std::uint32_t count : {2U, 8U, 16U, 60U, 256U}) {
    const ByteVector rgb = color_bars_rgb(count);
    const PlanarImage image = image_of(rgb);
    const auto file = written(image);
    ASSERT_TRUE(file.has_value()) << count;
    const testing::Pnm decoded = testing::parse_pnm(testing::run_tool(kDecode, file->span()));
    ASSERT_EQ(decoded.samples.size(), count == 2 ? rgb.size() / 3 : rgb.size());
    if (count == 2) continue;  // black and white: told by the test above
    const PlanarImage again = image_of(decoded.samples);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(testing::same_samples(image.planes[i], again.planes[i]));
    for (std::size_t i = 0; i < rgb.size(); ++i) ASSERT_NEAR(decoded.samples[i], rgb[i], count == 8 ? 0 : 2);
  }
}

TEST(FewColors, RedGreenAndBlueStayAsTheyAre) {
  for (const std::uint32_t count : {3U, 8U, 60U, 256U}) {
    const ByteVector rgb = color_bars_rgb(count);
    const auto file = written(planes_of(rgb), 204'800, PlaneColors::kRgb);
    ASSERT_TRUE(file.has_value()) << count;
    EXPECT_EQ(testing::parse_pnm(testing::run_tool(kDecode, file->span())).samples, rgb) << count;
  }
  EXPECT_FALSE(written(planes_of(color_bars_rgb(257)), 204'800, PlaneColors::kRgb).has_value());
}

TEST(FewColors, EqualPicturesGiveEqualFiles) {
  const auto a = written(image_of(color_bars_rgb(60)));
  const auto b = written(image_of(color_bars_rgb(60)));
  ASSERT_TRUE(a && b);
  EXPECT_TRUE(std::equal(a->span().begin(), a->span().end(), b->span().begin(), b->span().end()));
}

TEST(FewColors, OtherPicturesAreLeftToJpeg) {
  EXPECT_FALSE(written(testing::photo(400, 300, 1, 1)).has_value());
  EXPECT_FALSE(written(testing::photo(400, 300, 3, 1, 1, k444)).has_value());
  EXPECT_FALSE(written(image_of(color_bars_rgb(257))).has_value());
  EXPECT_FALSE(written(grey_bars(200), 500).has_value());           // over the budget
  EXPECT_FALSE(written(must_make_image(200, 100, 1)).has_value());  // tiny
  PlanarImage halved = must_make_image(kWidth, kHeight, 3);
  for (Plane& plane : halved.planes) testing::fill(plane, [](auto, auto) { return 128; });
  EXPECT_FALSE(written(halved).has_value());
  PlanarImage no_rgb = must_make_image(kWidth, kHeight, 3, k444);
  for (Plane& plane : no_rgb.planes) testing::fill(plane, [](auto, auto) { return 255; });
  EXPECT_FALSE(written(no_rgb).has_value());
}

}  // namespace
}  // namespace netocr
