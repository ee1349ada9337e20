// Values of the tag Compression (259), and which of them are decoded.
#pragma once

#include <cstdint>

namespace netocr::tiff {

// Those that the decoder asks for.
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

// What to do about a compression that is not decoded; null for one that is.
const char* compression_problem(std::uint16_t compression);

// Whether it is a camera's own, for its sensor data.
bool is_sensor_compression(std::uint16_t compression);

}  // namespace netocr::tiff
