// Converts rows of libtiff's packed samples to rows of pixels with the needed samples, 16 bits each.
#pragma once

#include "image/tiff/color.hpp"
#include "image/tiff/reader.hpp"
#include "image/tiff/samples.hpp"

namespace netocr::tiff {

class Pixels {
 public:
  // Creates a converter for rows of this reader. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE.
  static Result<Pixels> create(const Reader& reader, const Colors& colors, const Limits& limits);

  // Returns the row that reader.load(y) was called for: width * colors.samples() values, alpha last. Pieces
  // that could not be decoded keep their previous values. The row is valid until the next call.
  const std::uint16_t* unpack(const Reader& reader, std::uint32_t y);

 private:
  // Returns whether the samples of a pixel differ from the needed ones in number or order.
  bool needs_gathering(const Header& header) const {
    return !header.planar && header.samples_per_pixel != samples_;
  }
  void unpack_piece(const Reader& reader, std::uint32_t piece, std::uint32_t y);
  void gather(const Header& header, const std::uint8_t* packed, std::uint32_t count, std::uint16_t* out);

  SampleCoding coding_;
  std::size_t samples_ = 1;
  Array<std::uint16_t> unpacked_;  // one piece with all its samples
  Array<std::uint16_t> pixels_;    // one row
};

}  // namespace netocr::tiff
