// Values of the tag Compression (259), and whether they are decoded.
#pragma once

#include <cstdint>

namespace netocr::tiff {

// The values that the decoder checks for.
enum Compression : std::uint16_t {
  kCompressionNone = 1,
  kCompressionCcittRle = 2,
  kCompressionCcittG3 = 3,
  kCompressionCcittG4 = 4,
  kCompressionLzw = 5,
  kCompressionOldJpeg = 6,
  kCompressionJpeg = 7,
  kCompressionDeflate = 8,
  kCompressionCcittRleWords = 32771,
  kCompressionPackBits = 32773,
  kCompressionOldDeflate = 32946,
  kCompressionLog = 34676,
  kCompressionLog24 = 34677,
};

// Returns the remedy for a compression that is not decoded; null for one that is decoded.
const char* compression_problem(std::uint16_t compression);

// Returns whether it is a camera's own compression of its sensor data.
bool is_sensor_compression(std::uint16_t compression);

}  // namespace netocr::tiff
