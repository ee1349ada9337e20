// Which pictures keep full chroma, and which subsampling they get.
#include "image/chroma.hpp"

#include <gtest/gtest.h>

#include "cpp/image/pictures.hpp"

namespace netocr {
namespace {

using testing::must_make_image;
using testing::photo;

SourceGeometry source_of(std::uint32_t width, std::uint32_t height, ChromaSubsampling chroma,
                         std::uint8_t plane_count = 3) {
  SourceGeometry source;
  source.plane_count = plane_count;
  for (std::size_t i = 0; i < plane_count; ++i) {
    const auto [x, y] = i == 0 ? k444 : chroma;
    source.planes[i] = {(width + x - 1) / x, (height + y - 1) / y, 1.0 * width / x, 1.0 * height / y};
  }
  return source;
}

TEST(WantedChroma, IsFullWhereItIsThereAndThePictureSmall) {
  struct {
    SourceGeometry source;
    std::uint32_t width, height;
    std::size_t max_bytes;
    ChromaSubsampling expected;
  } const cases[] = {
      {source_of(1000, 630, k444), 1000, 630, 204'800, k444},
      {source_of(1000, 630, k422), 1000, 630, 204'800, k444},
      {source_of(1000, 630, k420), 1000, 630, 204'800, k420},  // no more than 4:2:0 in it
      {source_of(1001, 631, k420), 1001, 631, 204'800, k420},
      {source_of(2000, 1260, k420), 1000, 630, 204'800, k444},     // made smaller, its chroma is full
      {source_of(1000, 630, k444, 1), 1000, 630, 204'800, k420},   // grey
      {source_of(4000, 3000, k444), 1600, 1200, 204'800, k420},    // a photo at full size
      {source_of(4000, 3000, k444), 1600, 1200, 2'000'000, k444},  // for which there is much room
      {source_of(1600, 1200, k420), 1600, 1200, 2'000'000, k420},
      {source_of(1600, 1200, k444), 1600, 1200, 204'800, k444},  // it may be a screenshot
  };
  for (const auto& [source, width, height, max_bytes, expected] : cases) {
    EXPECT_EQ(wanted_chroma(source, width, height, max_bytes), expected)
        << source.planes[0].width << " to " << width << " into " << max_bytes;
  }
}

ChromaSubsampling choice_of(PlanarImage image, const jpeg::Options& options) {
  const Plane luma = testing::mirrored(image.planes[0]);
  auto chosen = choose_chroma(std::move(image), options);
  EXPECT_TRUE(chosen.ok());
  EXPECT_TRUE(testing::same_samples(testing::mirrored(chosen->planes[0]), luma));
  const std::uint32_t width = (chosen->width() + chosen->chroma.x - 1U) / chosen->chroma.x;
  const std::uint32_t height = (chosen->height() + chosen->chroma.y - 1U) / chosen->chroma.y;
  for (std::size_t i = 1; i < chosen->plane_count; ++i) {
    EXPECT_EQ(chosen->planes[i].width, width);
    EXPECT_EQ(chosen->planes[i].height, height);
  }
  return chosen->chroma;
}

// Strokes in red on grey, `wide` pixels apart, down the picture.
PlanarImage red_print(std::uint32_t wide) {
  PlanarImage image = must_make_image(400, 252, 3, k444);
  const auto is_ink = [&](std::uint32_t x) { return x / wide % 3 == 0; };
  testing::fill(image.planes[0], [&](std::uint32_t x, auto) { return is_ink(x) ? 80 : 200; });
  testing::fill(image.planes[1], [&](std::uint32_t x, auto) { return is_ink(x) ? 100 : 128; });
  testing::fill(image.planes[2], [&](std::uint32_t x, auto) { return is_ink(x) ? 210 : 128; });
  return image;
}

TEST(ChooseChroma, WhatFitsAtTheHighestQualityKeepsAllOfIt) {
  EXPECT_EQ(choice_of(photo(256, 192, 3, 1, 1, k444), {204'800, 30, 100}), k444);
  EXPECT_EQ(choice_of(photo(255, 191, 3, 2, 1, k444), {204'800, 30, 80}), k444);
}

TEST(ChooseChroma, PrintInColoursKeepsItsEdges) {
  for (const std::size_t max_bytes : {20'000U, 60'000U}) {
    EXPECT_EQ(choice_of(red_print(2), {max_bytes, 30, 100}), k444) << max_bytes;
  }
  // These edges run down: 4:2:2 would blur them as 4:2:0 does, but across they keep all.
  PlanarImage across = must_make_image(252, 400, 3, k444);
  const PlanarImage down = red_print(2);
  for (std::size_t i = 0; i < 3; ++i) {
    testing::fill(across.planes[i],
                  [&](std::uint32_t x, std::uint32_t y) { return down.planes[i].row(x)[y]; });
  }
  EXPECT_NE(choice_of(std::move(across), {20'000, 30, 100}), k420);
}

TEST(ChooseChroma, AtATightBudgetAPhotoSpendsItOnLuma) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    EXPECT_EQ(choice_of(photo(400, 300, 3, seed, 3, k444), {12'000, 30, 100}), k420) << seed;
  }
}

TEST(ChooseChroma, WhatFitsWithNoneGetsTheLeast) {
  PlanarImage noise = must_make_image(400, 300, 3, k444);
  for (std::uint32_t i = 0; i < 3; ++i) testing::fill_noise(noise.planes[i], i);
  EXPECT_EQ(choice_of(std::move(noise), {4'000, 80, 100}), k420);
}

TEST(ChooseChroma, OtherPicturesStayAsTheyAre) {
  EXPECT_EQ(choice_of(photo(100, 80, 3, 1, 1, k420), {204'800, 30, 100}), k420);
  EXPECT_EQ(choice_of(photo(100, 80, 1, 1, 1), {204'800, 30, 100}), k420);
}

TEST(ChooseChroma, ALargePictureIsHalved) {
  EXPECT_EQ(choice_of(photo(1300, 900, 3, 1, 0.1, k444), {204'800, 30, 100}), k420);
  EXPECT_EQ(choice_of(photo(1300, 900, 3, 1, 0.1, k444), {2'048'000, 30, 100}), k444);
}

TEST(ChooseChroma, TheSmallestSizesWork) {
  for (const auto& [width, height] : {std::pair{1U, 1U}, {1U, 7U}, {16U, 1U}, {9U, 9U}}) {
    choice_of(photo(width, height, 3, 1, 1, k444), {1'024, 30, 100});
  }
}

}  // namespace
}  // namespace netocr
