// Aligns the destination grids of luma and chroma with the source's planes and runs the kernels as rows
// arrive.
#include "image/scale/resample.hpp"

#include <algorithm>
#include <cstring>

#include "image/scale/resample_kernels.hpp"

namespace netocr {
namespace {

constexpr std::size_t round_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

// Returns the destination grid of one axis: `size` luma samples, of which a plane that is `halved` has half,
// rounded up.
AxisGeometry make_axis(std::uint32_t source_count, double source_extent, std::uint32_t size, bool halved,
                       bool mirrored, double source_shift = 0) {
  if (!halved) return {source_count, source_extent, size, static_cast<double>(size), 0, source_shift};
  const double offset = mirrored && size % 2 != 0 ? -0.5 : 0.0;
  return {source_count, source_extent, (size + 1) / 2, size / 2.0, offset, source_shift};
}

bool can_be_halved(const AxisGeometry& axis) {
  return axis.source_count % 2 == 0 && axis.source_extent == axis.source_count &&
         axis.source_extent >= PlaneResampler::kHalvedFrom * axis.extent;
}

AxisGeometry half_of(AxisGeometry axis) {
  axis.source_count /= 2;
  axis.source_extent /= 2;
  axis.source_shift /= 2;
  return axis;
}

SourceGeometry geometry_of(const PlanarImage& image) {
  SourceGeometry geometry;
  geometry.plane_count = image.plane_count;
  for (std::uint8_t i = 0; i < image.plane_count; ++i) {
    const auto [x, y] = i == 0 ? k444 : image.chroma;
    geometry.planes[i] = {image.planes[i].width, image.planes[i].height,
                          image.width() / static_cast<double>(x), image.height() / static_cast<double>(y)};
  }
  return geometry;
}

}  // namespace

Result<PlaneResampler> PlaneResampler::create(const AxisGeometry& x, const AxisGeometry& y, bool may_halve) {
  if (may_halve && can_be_halved(x) && can_be_halved(y)) {
    NETOCR_ASSIGN(auto halved, create(half_of(x), half_of(y)));
    NETOCR_ASSIGN(halved.upper_, Buffer::create(x.source_count));
    halved.halves_ = true;
    return halved;
  }
  PlaneResampler made;
  NETOCR_ASSIGN(made.horizontal_, FilterTable::create(x));
  NETOCR_ASSIGN(made.vertical_, FilterTable::create(y));
  made.ring_stride_ = round_up(x.source_count, kRowAlignment);
  NETOCR_ASSIGN(const auto ring_bytes, checked_product(made.ring_stride_, made.vertical_.max_taps()));
  NETOCR_ASSIGN(made.ring_, Buffer::create_zeroed(ring_bytes));
  NETOCR_ASSIGN(made.taps_, Array<const std::uint8_t*>::create(made.vertical_.max_taps()));
  NETOCR_ASSIGN(made.middle_,
                Array<std::int16_t>::create_zeroed(made.ring_stride_ + made.horizontal_.stride()));
  made.source_width_ = x.source_count;
  made.source_height_ = y.source_count;
  return made;
}

void PlaneResampler::push(const PlaneRows& rows, Plane& out) {
  const auto row = [&](std::uint32_t i) { return rows.rows + i * rows.stride; };
  for (std::uint32_t i = 0; i < rows.count && rows_taken_ < source_height_; ++i) {
    if (!halves_) {
      std::memcpy(ring_row(), row(i), source_width_);
    } else if (has_upper_) {
      halve_rows(upper_.data(), row(i), source_width_, ring_row());
      has_upper_ = false;
    } else if (i + 1 < rows.count) {
      halve_rows(row(i), row(i + 1), source_width_, ring_row());
      ++i;
    } else {
      std::memcpy(upper_.data(), row(i), upper_.size());
      has_upper_ = true;
      return;
    }
    ++rows_taken_;
    emit_complete(out);
  }
}

std::uint8_t* PlaneResampler::ring_row() {
  return ring_.data() + rows_taken_ % vertical_.max_taps() * ring_stride_;
}

void PlaneResampler::emit_complete(Plane& out) {
  while (rows_done_ < vertical_.count() &&
         vertical_.first(rows_done_) + vertical_.taps(rows_done_) <= rows_taken_) {
    emit_row(out);
  }
}

void PlaneResampler::emit_row(Plane& out) {
  const auto ring_row_at = [&](std::uint32_t source_row) {
    return ring_.data() + source_row % vertical_.max_taps() * ring_stride_;
  };
  const std::uint32_t first = vertical_.first(rows_done_);
  std::uint8_t* const row = out.row(rows_done_);
  if (vertical_.is_identity() && horizontal_.is_identity()) {
    std::memcpy(row, ring_row_at(first), source_width_);
  } else {
    const std::uint32_t taps = vertical_.taps(rows_done_);
    for (std::uint32_t t = 0; t < taps; ++t) taps_[t] = ring_row_at(first + t);
    filter_vertical(taps_.data(), vertical_.weights(rows_done_), taps, source_width_, middle_.data());
    filter_horizontal(middle_.data(), horizontal_, row);
  }
  ++rows_done_;
}

Result<ImageResampler> ImageResampler::create(const SourceGeometry& source, std::uint32_t width,
                                              std::uint32_t height, Orientation orientation,
                                              ChromaSubsampling chroma) {
  NETOCR_ASSIGN(auto image, make_planar_image(width, height, source.plane_count, chroma));
  ImageResampler made;
  NETOCR_ASSIGN(made.state_, make_nothrow<State>());
  made.state_->image = std::move(image);
  for (std::uint8_t i = 0; i < source.plane_count; ++i) {
    const PlaneGeometry& plane = source.planes[i];
    const bool is_chroma = i > 0 && source.plane_count == 3;
    const double shift_x = is_chroma ? source.chroma_shift_x : 0;
    const double shift_y = is_chroma ? source.chroma_shift_y : 0;
    NETOCR_ASSIGN(made.state_->planes[i],
                  PlaneResampler::create(make_axis(plane.width, plane.extent_width, width,
                                                   is_chroma && chroma.x == 2, orientation.mirror_x, shift_x),
                                         make_axis(plane.height, plane.extent_height, height,
                                                   is_chroma && chroma.y == 2, orientation.mirror_y, shift_y),
                                         is_chroma));
  }
  return made;
}

void ImageResampler::push(const RowBatch& batch) {
  for (std::uint8_t i = 0; i < state_->image.plane_count; ++i)
    state_->planes[i].push(batch[i], state_->image.planes[i]);
}

Result<PlanarImage> ImageResampler::finish() {
  for (std::uint8_t i = 0; i < state_->image.plane_count; ++i) {
    if (!state_->planes[i].is_complete()) return Error{ErrorCode::kCorruptImage, 0, "rows are missing"};
  }
  return std::move(state_->image);
}

Result<PlanarImage> shrink(const PlanarImage& image, std::uint32_t width, std::uint32_t height) {
  NETOCR_ASSIGN(ImageResampler resampler,
                ImageResampler::create(geometry_of(image), width, height, Orientation{}, image.chroma));
  RowBatch batch;
  for (std::uint8_t i = 0; i < image.plane_count; ++i) {
    const Plane& plane = image.planes[i];
    batch[i] = {plane.row(0), plane.stride, plane.height};
  }
  resampler.push(batch);
  return resampler.finish();
}

Result<Plane> subsample(const Plane& plane, ChromaSubsampling chroma) {
  const auto axis = [](std::uint32_t size, std::uint8_t factor) {
    return make_axis(size, size, size, factor == 2, false);
  };
  const AxisGeometry x = axis(plane.width, chroma.x);
  const AxisGeometry y = axis(plane.height, chroma.y);
  NETOCR_ASSIGN(auto resampler, PlaneResampler::create(x, y));
  NETOCR_ASSIGN(auto made, make_plane(x.count, y.count));
  resampler.push({plane.row(0), plane.stride, plane.height}, made);
  return made;
}

}  // namespace netocr
