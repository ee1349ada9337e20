// The end of the image flow: an upright planar picture -> a baseline JPEG of at most so many bytes.
#pragma once

#include <cstdint>

#include "image/effort.hpp"
#include "image/planar_image.hpp"

namespace netocr {

struct JpegOptions {
  std::size_t max_bytes = 0;
  std::uint8_t min_quality = 30;  // below it the picture is made smaller instead
  std::uint8_t max_quality = 95;
  Effort effort = Effort::kDefault;
};

struct EncodedJpeg {
  Buffer bytes;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t quality = 0;  // IJG scale, rounded down
};

// A picture is not made smaller than this along its longer side: a face could not be recognised in it.
inline constexpr std::uint32_t kSmallestLongEdge = 64;

// 4:2:0 or grey, JFIF, optimal Huffman tables. Errors: BUDGET_UNREACHABLE, OUT_OF_MEMORY.
Result<EncodedJpeg> encode_jpeg(const PlanarImage& image, const JpegOptions& options);

}  // namespace netocr
