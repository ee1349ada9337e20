// Encodes an upright planar picture as a baseline JPEG of its size within a byte budget.
#pragma once

#include <cstdint>
#include <optional>

#include "image/jpeg/encode/effort.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr::jpeg {

struct Options {
  std::size_t max_bytes = 0;
  std::uint8_t min_quality = 30;  // lower limit: a picture that needs less is not encoded
  std::uint8_t max_quality = 100;
  Effort effort = Effort::kDefault;
};

struct Encoded {
  Buffer bytes;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t quality = 0;  // IJG scale, rounded down
};

struct Attempt {
  std::optional<Encoded> file;     // empty when the picture does not fit at min_quality
  std::size_t bytes_at_floor = 0;  // expected size at min_quality when there is no file
};

// JFIF, grey or in the picture's chroma subsampling, optimal Huffman tables. Errors: OUT_OF_MEMORY.
Result<Attempt> encode(const PlanarImage& image, const Options& options);

}  // namespace netocr::jpeg
