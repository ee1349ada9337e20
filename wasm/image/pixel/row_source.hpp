// RowSource: a decoder that delivers planes row by row, so that no picture is ever held at full size. The
// flow is codec -> resample -> orient -> DCT; this is the interface between the first two.
#pragma once

#include <array>
#include <cstdint>

#include "base/limits.hpp"

namespace netocr {

// One plane of 8-bit samples. `width` x `height` samples are delivered; the picture itself covers
// `extent_width` x `extent_height` of them, measured from the top left corner of the first sample: a 4001 px
// wide 4:2:0 JPEG has a chroma plane of width 2001 and extent 2000.5; decoded at 1/2 its luma plane has width
// 2001 and extent 2000.5.
struct PlaneGeometry {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  double extent_width = 0;
  double extent_height = 0;
};

inline constexpr std::size_t kMaxPlanes = 4;

// One plane is grey; three are Y, Cb, Cr (full range BT.601 as in JFIF), each with its own size (chroma
// subsampling). Four, of one size, are the inks cyan, magenta, yellow and black as Adobe inverts them (255 =
// no ink): only for a picture whose CMYK profile is converted.
struct SourceGeometry {
  std::uint8_t plane_count = 0;
  std::array<PlaneGeometry, kMaxPlanes> planes{};
  // How far chroma samples lie left of and above the middle of their areas, in chroma samples: 0.25 in 4:2:0
  // on the left or upper one of two luma samples.
  double chroma_shift_x = 0;
  double chroma_shift_y = 0;
};

// Rows of one plane, valid until the next call of next(). Row i starts at rows + i * stride.
struct PlaneRows {
  const std::uint8_t* rows = nullptr;
  std::size_t stride = 0;  // bytes
  std::uint32_t count = 0;
};
using RowBatch = std::array<PlaneRows, kMaxPlanes>;

class RowSource {
 public:
  RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;
  virtual ~RowSource() = default;

  virtual const SourceGeometry& geometry() const = 0;
  // Returns the next rows of each plane, top to bottom, every row once; all counts are zero after the last
  // one. It must not be called again after an error or the end. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY,
  // UNSUPPORTED_FEATURE.
  virtual Result<RowBatch> next() = 0;
  // Returns how many rows of geometry().planes[0], counted from the top, were decoded from the file; those
  // below were filled in because the file is truncated or damaged there. (A BMP that stores its rows
  // bottom-up lacks those at the top, and they are counted from the bottom.) The value is final after the
  // end.
  virtual std::uint32_t decoded_rows() const { return geometry().planes[0].height; }
  // Returns the ImageWarning bits found so far; complete after the end.
  virtual std::uint32_t warnings() const { return 0; }
};

// The min size at which the picture is needed, in stored (not oriented) pixels. A codec that can decode at a
// reduced size chooses, of those that are not below it in either dimension, the one with the fewest samples.
struct WantedSize {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

}  // namespace netocr
