// Allocates the rows of a batch and returns those that are ready.
#include "image/pixel/plane_batch.hpp"

#include <cstring>

namespace netocr {

SourceGeometry full_size_planes(std::uint8_t plane_count, std::uint32_t width, std::uint32_t height) {
  SourceGeometry geometry;
  geometry.plane_count = plane_count;
  for (std::size_t i = 0; i < plane_count; ++i) {
    geometry.planes[i] = {width, height, static_cast<double>(width), static_cast<double>(height)};
  }
  return geometry;
}

void fill_white(YccRow row, std::size_t width) {
  std::memset(row.y, 255, width);
  const int neutral = row.colors == PlaneColors::kRgb ? 255 : 128;
  if (row.cb != nullptr) std::memset(row.cb, neutral, width);
  if (row.cr != nullptr) std::memset(row.cr, neutral, width);
}

Status PlaneBatch::allocate(const SourceGeometry& geometry, PlaneColors colors) {
  colors_ = colors;
  plane_count_ = geometry.plane_count;
  for (std::size_t i = 0; i < plane_count_; ++i) {
    widths_[i] = geometry.planes[i].width;
    divisors_[i] = geometry.planes[i].height < geometry.planes[0].height ? 2 : 1;
    NETOCR_TRY(allocate_product(planes_[i], widths_[i], kBatchRows));
  }
  return {};
}

RowBatch PlaneBatch::first(std::uint32_t count) const {
  RowBatch batch;
  for (std::size_t i = 0; i < plane_count_; ++i) {
    batch[i] = {planes_[i].data(), widths_[i], (count + divisors_[i] - 1) / divisors_[i]};
  }
  return batch;
}

}  // namespace netocr
