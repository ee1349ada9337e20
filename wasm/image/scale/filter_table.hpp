// FilterTable: the fixed-point weights that resample one axis of a plane (area-correct Lanczos3). It is
// computed once per axis from real-valued geometry; the kernels of resample_kernels.hpp use it.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

// The geometry of one axis of a plane. Positions are measured from the left (top) edge of the first sample,
// in samples; sample i covers [i, i + 1). The picture covers [0, source_extent) of the source and [0, extent)
// of the destination grid; destination sample 0 begins at `offset` of that grid (0, or -0.5 for the chroma of
// a mirrored odd axis). Each source sample lies `source_shift` before the middle of its interval.
struct AxisGeometry {
  std::uint32_t source_count = 0;
  double source_extent = 0;
  std::uint32_t count = 0;
  double extent = 0;
  double offset = 0;
  double source_shift = 0;
};

inline constexpr int kWeightBits = 14;  // the weights of one sample sum to exactly 1 << kWeightBits
inline constexpr std::uint32_t kWeightAlignment = 8;  // groups of 8 weights, zero-padded

// The kernel is Lanczos3, widened by the scale when reducing, so that every source sample counts by its area;
// at scale 1 without offset and shift it copies exactly. Taps outside the source are dropped and the others
// are scaled to sum to one.
class FilterTable {
 public:
  // Counts must be at least 1 and extents above 0. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
  static Result<FilterTable> create(const AxisGeometry& geometry);

  std::uint32_t count() const { return static_cast<std::uint32_t>(first_.size()); }
  std::uint32_t first(std::uint32_t index) const { return first_[index]; }
  std::uint32_t taps(std::uint32_t index) const { return taps_[index]; }
  std::uint32_t max_taps() const { return max_taps_; }
  // Returns the distance between the weights of consecutive samples: max_taps rounded up to kWeightAlignment.
  std::uint32_t stride() const { return stride_; }
  // Returns stride() weights for samples first(index)...; those from taps(index) on are zero.
  const std::int16_t* weights(std::uint32_t index) const {
    return weights_.data() + static_cast<std::size_t>(index) * stride_;
  }
  bool is_identity() const { return is_identity_; }

 private:
  Array<std::uint32_t> first_;
  Array<std::uint32_t> taps_;
  Array<std::int16_t> weights_;
  std::uint32_t max_taps_ = 0;
  std::uint32_t stride_ = 0;
  bool is_identity_ = false;
};

}  // namespace netocr
