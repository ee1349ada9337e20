// The planes of a batch: where their rows are, and which of them are handed out.
#include "image/pixel/plane_batch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace netocr {
namespace {

TEST(PlaneBatchTest, KeepsEachPlaneInRowsOfItsOwnWidth) {
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    PlaneBatch batch;
    ASSERT_TRUE(batch.allocate(full_size_planes(planes, 7, 100)).ok());
    for (std::uint32_t row = 0; row < kBatchRows; ++row) {
      for (std::uint8_t plane = 0; plane < planes; ++plane)
        std::fill_n(batch.row(plane, row), 7, static_cast<std::uint8_t>(plane * 64 + row));
    }
    const RowBatch all = batch.first(kBatchRows);
    for (std::uint8_t plane = 0; plane < 3; ++plane) {
      ASSERT_EQ(all[plane].count, plane < planes ? kBatchRows : 0U);
      for (std::uint32_t row = 0; row < all[plane].count; ++row) {
        const std::uint8_t* const samples = all[plane].rows + row * all[plane].stride;
        EXPECT_EQ(std::vector<std::uint8_t>(samples, samples + 7),
                  std::vector<std::uint8_t>(7, static_cast<std::uint8_t>(plane * 64 + row)));
      }
    }
  }
}

TEST(PlaneBatchTest, HasNoRowsOfPlanesThatAreNotThere) {
  PlaneBatch batch;
  ASSERT_TRUE(batch.allocate(full_size_planes(1, 5, 5)).ok());
  const YccRow row = batch.ycc_row(3);
  EXPECT_EQ(row.y, batch.row(0, 3));
  EXPECT_EQ(row.cb, nullptr);
  EXPECT_EQ(row.cr, nullptr);
}

// 4:2:0 of an odd height: the last row of luma has a row of chroma to itself.
TEST(PlaneBatchTest, HalvesTheRowsOfChromaAndRoundsThemUp) {
  SourceGeometry geometry = full_size_planes(3, 9, 21);
  for (const std::size_t plane : {1U, 2U}) geometry.planes[plane] = {5, 11, 4.5, 10.5};
  PlaneBatch batch;
  ASSERT_TRUE(batch.allocate(geometry).ok());
  const RowBatch whole = batch.first(16);
  EXPECT_EQ(whole[0].count, 16U);
  EXPECT_EQ(whole[1].count, 8U);
  EXPECT_EQ(whole[2].count, 8U);
  EXPECT_EQ(whole[0].stride, 9U);
  EXPECT_EQ(whole[2].stride, 5U);
  const RowBatch last = batch.first(5);
  EXPECT_EQ(last[0].count, 5U);
  EXPECT_EQ(last[1].count, 3U);
  EXPECT_EQ(batch.first(0)[0].count, 0U);
}

TEST(PlaneBatchTest, RefusesPlanesThatNoMemoryCanHold) {
  PlaneBatch batch;
  const Status made = batch.allocate(full_size_planes(3, 0x8000'0000, 1));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::kImageTooLarge);
}

TEST(FillWhiteTest, WritesWhiteInYcc) {
  std::vector<std::uint8_t> y(10, 7), cb(10, 7), cr(10, 7);
  fill_white({y.data(), cb.data(), cr.data()}, 9);
  EXPECT_EQ(y, (std::vector<std::uint8_t>{255, 255, 255, 255, 255, 255, 255, 255, 255, 7}));
  EXPECT_EQ(cb, (std::vector<std::uint8_t>{128, 128, 128, 128, 128, 128, 128, 128, 128, 7}));
  EXPECT_EQ(cr, cb);
  fill_white({y.data(), nullptr, nullptr}, 10);
  EXPECT_EQ(y, std::vector<std::uint8_t>(10, 255));
}

TEST(FullSizePlanesTest, AllHaveTheSizeOfThePicture) {
  const SourceGeometry geometry = full_size_planes(4, 12, 34);
  EXPECT_EQ(geometry.plane_count, 4U);
  for (const PlaneGeometry& plane : geometry.planes) {
    EXPECT_EQ(plane.width, 12U);
    EXPECT_EQ(plane.height, 34U);
    EXPECT_EQ(plane.extent_width, 12.0);
    EXPECT_EQ(plane.extent_height, 34.0);
  }
}

}  // namespace
}  // namespace netocr
