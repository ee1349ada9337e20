// PlaneBatch: the planes that a RowSource fills and hands out, a few rows at a time.
#pragma once

#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr {

// Rows of the picture in a batch. It is even: a row of halved chroma stands beside two of luma.
inline constexpr std::uint32_t kBatchRows = 16;

// Planes that all have the size of the picture.
SourceGeometry full_size_planes(std::uint8_t plane_count, std::uint32_t width, std::uint32_t height);

// White where nothing was decoded; cb and cr may be null.
void fill_white(YccRow row, std::size_t width);

class PlaneBatch {
 public:
  // Makes room for kBatchRows rows of each plane, not initialised. Chroma planes have all rows of the
  // picture, or half of them, rounded up. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
  Status allocate(const SourceGeometry& geometry);

  // A row of the batch; null where there is no such plane.
  std::uint8_t* row(std::size_t plane, std::uint32_t index) {
    return plane < plane_count_ ? planes_[plane].data() + std::size_t{index} * widths_[plane] : nullptr;
  }
  // The same row of every plane: of planes that all have the size of the picture.
  YccRow ycc_row(std::uint32_t index) { return {row(0, index), row(1, index), row(2, index)}; }

  // The first `count` rows of the picture, and the rows of the other planes beside them. Row 0 of the batch
  // is an even row of the picture.
  RowBatch first(std::uint32_t count) const;

 private:
  std::array<Buffer, 3> planes_;
  std::array<std::uint32_t, 3> widths_{};
  std::array<std::uint32_t, 3> divisors_{};  // rows of the picture for each row of the plane
  std::size_t plane_count_ = 0;
};

}  // namespace netocr
