// Rows of a JPEG inside a TIFF whose tags give its samples another meaning than JFIF does.
#pragma once

#include "image/pixel/row_source.hpp"
#include "image/tiff/color.hpp"

namespace netocr::tiff {

// WhiteIsZero; YCbCrCoefficients and ReferenceBlackWhite.
class JpegColor {
 public:
  // Whether planes of this number are to be converted.
  static bool is_needed(const Header& header, std::uint8_t plane_count);
  // For planes of this geometry. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE.
  static Result<JpegColor> create(const Header& header, const SourceGeometry& geometry);

  // Planes of full size from one batch, in which chroma covers the same part of the picture as luma. Valid
  // until the next call. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE.
  Result<RowBatch> convert(const RowBatch& batch);

 private:
  void load_row(const RowBatch& batch, std::uint32_t row);

  SourceGeometry from_;
  Colors colors_;
  Array<std::uint16_t> pixels_;  // a row
  Buffer rgb_;
  std::array<Buffer, 3> rows_;  // a batch
};

}  // namespace netocr::tiff
