// Decodes one JPEG stream of a TIFF, clipped to its strip or tile.
#pragma once

#include <memory>

#include "image/pixel/row_source.hpp"
#include "image/tiff/embedded_jpeg.hpp"
#include "image/tiff/old_jpeg.hpp"

namespace netocr::tiff {

// The sizes of a JPEG's planes relative to the picture.
struct JpegShape {
  struct Plane {
    std::uint32_t across = 1, max_across = 1;  // sampling factors
    std::uint32_t down = 1, max_down = 1;
  };
  std::uint8_t plane_count = 1;
  std::array<Plane, 3> planes{};
  bool is_converted = false;  // already Y, Cb, Cr of JFIF: the tags on colour do not apply

  // Returns the plane's geometry for a picture of this size, rounded up.
  PlaneGeometry plane(std::size_t index, std::uint32_t width, std::uint32_t height) const;
  bool operator==(const JpegShape&) const;
};

class JpegPiece {
 public:
  // The limits must outlive the piece. Errors: those of `open_jpeg`, CORRUPT_IMAGE (narrower than `width`).
  static Result<JpegPiece> open(JpegStream stream, std::uint32_t width, std::uint32_t height,
                                const Limits& limits, OpenEmbeddedJpeg open_jpeg);

  const JpegShape& shape() const { return shape_; }
  // Returns the next rows of each plane, clipped to the piece. All counts are zero after the last row, or
  // when no more can be decoded. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE, UNSUPPORTED_FEATURE.
  Result<RowBatch> next();
  // Return the number of rows of plane `index` that were delivered, and after the end that of plane 0 that
  // the stream's data contained.
  std::uint32_t given(std::size_t index) const { return given_[index]; }
  std::uint32_t decoded_rows() const { return std::min(source_->decoded_rows(), given_[0]); }
  std::uint32_t warnings() const { return source_->warnings(); }

 private:
  JpegStream stream_;
  std::unique_ptr<RowSource> source_;
  JpegShape shape_;
  std::array<std::uint32_t, 3> rows_{};  // rows of each plane
  std::array<std::uint32_t, 3> given_{};
};

}  // namespace netocr::tiff
