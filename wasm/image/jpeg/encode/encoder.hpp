// An upright planar picture -> a baseline JPEG of its size and of at most so many bytes.
#pragma once

#include <cstdint>
#include <optional>

#include "image/jpeg/encode/effort.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr::jpeg {

struct Options {
  std::size_t max_bytes = 0;
  std::uint8_t min_quality = 30;  // a file that does not fit at it is not written
  std::uint8_t max_quality = 95;
  Effort effort = Effort::kDefault;
};

struct Encoded {
  Buffer bytes;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t quality = 0;  // IJG scale, rounded down
};

struct Attempt {
  std::optional<Encoded> file;     // nothing when the picture does not fit at min_quality
  std::size_t bytes_at_floor = 0;  // without a file: the size that it would have at min_quality
};

// 4:2:0 or grey, JFIF, optimal Huffman tables. Errors: OUT_OF_MEMORY.
Result<Attempt> encode(const PlanarImage& image, const Options& options);

}  // namespace netocr::jpeg
