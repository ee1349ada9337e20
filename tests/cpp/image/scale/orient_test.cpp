// All eight EXIF orientations against their definition, sample by sample.
#include "image/scale/orient.hpp"

#include <gtest/gtest.h>

#include "cpp/image/pictures.hpp"

namespace netocr {
namespace {

struct Position {
  std::uint32_t x;
  std::uint32_t y;
};

// Where sample (x, y) of the upright picture is stored: EXIF 2.32 names the edges that the stored row 0 and
// column 0 are (1: top, left; 2: top, right; 3: bottom, right; 4: bottom, left; 5: left, top; 6: right, top;
// 7: right, bottom; 8: left, bottom).
Position stored_position(std::uint8_t exif, std::uint32_t x, std::uint32_t y, const Plane& upright) {
  const std::uint32_t from_right = upright.width - 1 - x;
  const std::uint32_t from_bottom = upright.height - 1 - y;
  switch (exif) {
    case 2:
      return {from_right, y};
    case 3:
      return {from_right, from_bottom};
    case 4:
      return {x, from_bottom};
    case 5:
      return {y, x};
    case 6:
      return {y, from_right};
    case 7:
      return {from_bottom, from_right};
    case 8:
      return {from_bottom, x};
    default:
      return {x, y};
  }
}

TEST(Orient, EveryOrientationAtOddAndEvenSizes) {
  for (std::uint8_t exif = 1; exif <= 8; ++exif) {
    for (const auto& [width, height] :
         {std::pair{1U, 1U}, {1U, 9U}, {7U, 3U}, {8U, 8U}, {16U, 24U}, {17U, 33U}, {64U, 31U}}) {
      for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
        PlanarImage stored = testing::must_make_image(width, height, planes);
        PlanarImage kept = testing::must_make_image(width, height, planes);
        for (std::uint8_t i = 0; i < planes; ++i) {
          testing::fill_noise(stored.planes[i], i + 1U);
          testing::fill_noise(kept.planes[i], i + 1U);
        }
        const auto upright = orient(std::move(stored), orientation_from_exif(exif));
        ASSERT_TRUE(upright.ok());
        for (std::uint8_t i = 0; i < planes; ++i) {
          const Plane& plane = upright->planes[i];
          ASSERT_EQ(plane.width, exif >= 5 ? kept.planes[i].height : kept.planes[i].width);
          for (std::uint32_t y = 0; y < plane.height; ++y) {
            for (std::uint32_t x = 0; x < plane.width; ++x) {
              const Position from = stored_position(exif, x, y, plane);
              ASSERT_EQ(plane.row(y)[x], kept.planes[i].row(from.y)[from.x]) << "EXIF " << int{exif};
            }
          }
        }
      }
    }
  }
}

TEST(Orient, ChromaSubsamplingTurnsWithThePicture) {
  for (std::uint8_t exif = 1; exif <= 8; ++exif) {
    const auto upright = orient(testing::must_make_image(20, 10, 3, k422), orientation_from_exif(exif));
    ASSERT_TRUE(upright.ok());
    EXPECT_EQ(upright->chroma, exif >= 5 ? (ChromaSubsampling{1, 2}) : k422) << int{exif};
    EXPECT_EQ(upright->planes[1].width, 10U);
    EXPECT_EQ(upright->planes[1].height, 10U);
  }
}

TEST(Orient, UnknownOrientationsCountAsUpright) {
  for (const int exif : {0, 9, 255})
    EXPECT_TRUE(orientation_from_exif(static_cast<std::uint8_t>(exif)).is_upright());
  for (std::uint8_t exif = 2; exif <= 8; ++exif) EXPECT_FALSE(orientation_from_exif(exif).is_upright());
}

}  // namespace
}  // namespace netocr
