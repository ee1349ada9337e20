// Converts rows of a JPEG inside a TIFF whose tags assign its samples another meaning than JFIF does.
#pragma once

#include "image/pixel/row_source.hpp"
#include "image/tiff/color.hpp"

namespace netocr::tiff {

// Applies WhiteIsZero, YCbCrCoefficients and ReferenceBlackWhite.
class JpegColor {
 public:
  // Returns whether this number of planes must be converted.
  static bool is_needed(const Header& header, std::uint8_t plane_count);
  // Creates a converter for planes of this geometry. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE.
  static Result<JpegColor> create(const Header& header, const SourceGeometry& geometry);

  // Returns planes of full size from one batch, in which chroma must cover the same part of the picture as
  // luma. They are valid until the next call. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE.
  Result<RowBatch> convert(const RowBatch& batch);

 private:
  void load_row(const RowBatch& batch, std::uint32_t row);

  SourceGeometry from_;
  Colors colors_;
  Array<std::uint16_t> pixels_;  // one row
  Buffer rgb_;
  std::array<Buffer, 3> rows_;  // one batch
};

}  // namespace netocr::tiff
