// Computes the dimensions of components (T.81 A.1.1) and MCUs (A.2), with every length scaled by n/8.
#include "image/jpeg/decode/planes.hpp"

#include <algorithm>

namespace netocr::jpeg {
namespace {

constexpr std::uint64_t kFull = 8;

std::uint32_t ceil_ratio(std::uint64_t value, std::uint64_t divisor) {
  return static_cast<std::uint32_t>((value + divisor - 1) / divisor);
}

// Returns the smallest n of 1, 2, 4 and 8 for which length * n / (8 * divisor) is not below `wanted`; 8 when
// there is none.
std::uint32_t smallest_scale(std::uint64_t length, std::uint64_t divisor, std::uint32_t wanted) {
  std::uint32_t n = 1;
  while (n < kFull && ceil_ratio(length * n, kFull * divisor) < wanted) n *= 2;
  return n;
}

}  // namespace

bool has_own_decoder(const Header& header) {
  const ColorModel model = color_model(header);
  const bool planar = model == ColorModel::kGrey || model == ColorModel::kYcbcr;
  return planar && !header.arithmetic;
}

Status Planes::create(const Tables& tables, const WantedSize& wanted) {
  const auto components = std::span(tables.components()).first(tables.component_count());
  std::uint32_t max_h = 1;
  std::uint32_t max_v = 1;
  const bool single = components.size() == 1;
  for (const FrameComponent& component : components) {
    max_h = std::max<std::uint32_t>(max_h, single ? 1 : component.h);
    max_v = std::max<std::uint32_t>(max_v, single ? 1 : component.v);
  }
  mcus_wide_ = ceil_ratio(tables.width(), kFull * max_h);
  mcus_high_ = ceil_ratio(tables.height(), kFull * max_v);
  geometry_.plane_count = static_cast<std::uint8_t>(components.size());
  for (std::size_t i = 0; i < components.size(); ++i) {
    BlockPlane& plane = planes_[i];
    plane.h = single ? 1 : components[i].h;
    plane.v = single ? 1 : components[i].v;
    const std::uint32_t share = i == 0 ? 1 : 2;  // the resampled picture is 4:2:0
    const std::uint64_t width = std::uint64_t{tables.width()} * plane.h;
    const std::uint64_t height = std::uint64_t{tables.height()} * plane.v;
    const std::uint32_t n = std::max(smallest_scale(width, max_h, ceil_ratio(wanted.width, share)),
                                     smallest_scale(height, max_v, ceil_ratio(wanted.height, share)));
    const double scale = static_cast<double>(n) / kFull;
    geometry_.planes[i] = {ceil_ratio(width * n, kFull * max_h), ceil_ratio(height * n, kFull * max_v),
                           static_cast<double>(width) * scale / max_h,
                           static_cast<double>(height) * scale / max_v};
    plane.size = static_cast<int>(n);
    plane.transform = inverse_dct(plane.size);
    plane.layout = make_block_layout(plane.size, *tables.quant(components[i].quant));
    plane.blocks_wide = mcus_wide_ * plane.h;
    plane.blocks_high = mcus_high_ * plane.v;
    plane.own_blocks_wide = ceil_ratio(ceil_ratio(width, max_h), kFull);
    plane.own_blocks_high = ceil_ratio(ceil_ratio(height, max_v), kFull);
    plane.stride = std::size_t{plane.blocks_wide} * n;
    NETOCR_ASSIGN(auto rows, Buffer::create(plane.stride * plane.v * n));
    plane.rows = std::move(rows);
  }
  return {};
}

std::uint64_t Planes::block_count() const {
  std::uint64_t blocks = 0;
  for (const BlockPlane& plane : std::span(planes_).first(count()))
    blocks += std::uint64_t{plane.blocks_wide} * plane.blocks_high;
  return blocks;
}

RowBatch Planes::give() {
  RowBatch batch;
  for (std::size_t i = 0; i < count(); ++i) {
    BlockPlane& plane = planes_[i];
    const std::uint32_t rows = plane.v * static_cast<std::uint32_t>(plane.size);
    const std::uint32_t given = std::min(rows, geometry_.planes[i].height - plane.rows_given);
    plane.rows_given += given;
    batch[i] = {plane.rows.data(), plane.stride, given};
  }
  return batch;
}

}  // namespace netocr::jpeg
