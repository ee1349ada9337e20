// ImageResampler: the rows of a decoder go in, the resampled planar picture comes out; the full size is never
// held in memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "image/pixel/planar_image.hpp"
#include "image/pixel/row_source.hpp"
#include "image/scale/filter_table.hpp"
#include "image/scale/orient.hpp"

namespace netocr {

// Resamples one plane as its rows arrive. It stores as many source rows as the vertical filter has taps.
class PlaneResampler {
 public:
  PlaneResampler() = default;
  // With `may_halve` a plane that is reduced by at least kHalvedFrom is first halved by means of 2 x 2
  // samples if its size is even and the picture covers all of it. That is a quarter of the work, for chroma,
  // where the small loss in the finest detail is invisible. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
  static Result<PlaneResampler> create(const AxisGeometry& x, const AxisGeometry& y, bool may_halve = false);
  static constexpr double kHalvedFrom = 4;

  // Consumes the next rows (each of the source's width) and writes every completed row to `out`, which has
  // the size of the two axes' counts and must be the same at every call. Rows beyond the source's height are
  // ignored.
  void push(const PlaneRows& rows, Plane& out);
  bool is_complete() const { return rows_done_ == vertical_.count(); }

 private:
  std::uint8_t* ring_row();
  void emit_complete(Plane& out);
  void emit_row(Plane& out);

  FilterTable horizontal_;
  FilterTable vertical_;
  std::uint32_t source_width_ = 0;  // width of the rows in the ring, halved or not
  std::uint32_t source_height_ = 0;
  bool halves_ = false;
  bool has_upper_ = false;
  Buffer upper_;  // first of two rows that arrive in different calls
  std::uint32_t rows_taken_ = 0;
  std::uint32_t rows_done_ = 0;
  Buffer ring_;  // source row r is at (r % ring rows) * ring_stride_
  std::size_t ring_stride_ = 0;
  Array<const std::uint8_t*> taps_;  // ring rows under the vertical kernel
  Array<std::int16_t> middle_;       // one vertically filtered row
};

class ImageResampler {
 public:
  // From the source's planes to a stored (not yet upright) picture of width x height luma samples. A halved
  // chroma axis is laid so that it is centred after `orientation`: on a mirrored axis of odd length the
  // partial chroma sample is the first one, not the last. `chroma` is that of the stored picture. Errors:
  // IMAGE_TOO_LARGE, OUT_OF_MEMORY.
  static Result<ImageResampler> create(const SourceGeometry& source, std::uint32_t width,
                                       std::uint32_t height, Orientation orientation,
                                       ChromaSubsampling chroma = k420);

  void push(const RowBatch& batch);
  // Returns the finished picture. Errors: CORRUPT_IMAGE when rows are missing.
  Result<PlanarImage> finish();

 private:
  // On the heap, so that moving the resampler takes little code.
  struct State {
    std::array<PlaneResampler, kMaxPlanes> planes{};
    PlanarImage image;
  };
  std::unique_ptr<State> state_;
};

// A smaller version of an upright picture with the same chroma subsampling; width and height are at least 1
// and at most the picture's own.
// Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
Result<PlanarImage> shrink(const PlanarImage& image, std::uint32_t width, std::uint32_t height);

// A chroma plane of an upright 4:4:4 picture, resampled to `chroma`. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
Result<Plane> subsample(const Plane& plane, ChromaSubsampling chroma);

}  // namespace netocr
