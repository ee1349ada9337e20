// PlaneBatch: the planes that a RowSource fills and returns, a few rows at a time.
#pragma once

#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr {

// The number of the picture's rows in a batch. It is even, as a row of halved chroma belongs to two of luma.
inline constexpr std::uint32_t kBatchRows = 16;

// Returns the geometry of planes that all have the size of the picture.
SourceGeometry full_size_planes(std::uint8_t plane_count, std::uint32_t width, std::uint32_t height);

// Fills a row with white where nothing was decoded, in the row's colours; cb and cr may be null.
void fill_white(YccRow row, std::size_t width);

class PlaneBatch {
 public:
  // Allocates kBatchRows uninitialised rows of each plane. Chroma planes have all rows of the picture, or
  // half of them, rounded up. `colors` are those of ycc_row(). Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
  Status allocate(const SourceGeometry& geometry, PlaneColors colors = PlaneColors::kYcc);

  // Returns a row of the batch; null when there is no such plane.
  std::uint8_t* row(std::size_t plane, std::uint32_t index) {
    return plane < plane_count_ ? planes_[plane].data() + std::size_t{index} * widths_[plane] : nullptr;
  }
  // Returns the same row of every plane; all planes must have the size of the picture.
  YccRow ycc_row(std::uint32_t index) { return {row(0, index), row(1, index), row(2, index), colors_}; }

  // Returns the first `count` rows of the picture, and the corresponding rows of the other planes. Row 0 of
  // the batch is an even row of the picture.
  RowBatch first(std::uint32_t count) const;

 private:
  std::array<Buffer, kMaxPlanes> planes_;
  std::array<std::uint32_t, kMaxPlanes> widths_{};
  std::array<std::uint32_t, kMaxPlanes> divisors_{};  // rows of the picture per row of the plane
  std::size_t plane_count_ = 0;
  PlaneColors colors_ = PlaneColors::kYcc;
};

}  // namespace netocr
