// Maps the numbers of TIFF 6.0, its supplements and the registry of Adobe and libtiff to a remedy.
#include "image/tiff/compression.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace netocr::tiff {
namespace {

constexpr std::uint16_t kDecoded[] = {
    kCompressionNone,          kCompressionCcittRle, kCompressionCcittG3,    kCompressionCcittG4,
    kCompressionLzw,           kCompressionOldJpeg,  kCompressionJpeg,       kCompressionDeflate,
    kCompressionCcittRleWords, kCompressionPackBits, kCompressionOldDeflate, kCompressionLog,
    kCompressionLog24,
};

struct Problem {
  std::array<std::uint16_t, 4> compressions;  // 0 for none
  const char* text;
};
constexpr Problem kProblems[] = {
    {{9, 10, 34661, 34715},
     "TIFF with JBIG compression is not decoded: save it with LZW or CCITT compression"},
    {{33003, 33004, 33005, 34712},
     "TIFF with JPEG 2000 compression is not decoded: save it with LZW or JPEG compression"},
    {{32766}, "TIFF with NeXT compression is not decoded: save it with LZW or CCITT compression"},
    {{32809}, "TIFF with ThunderScan compression is not decoded: save it with LZW or CCITT compression"},
    {{32908, 32909}, "TIFF with Pixar compression is not decoded: save it with LZW or Deflate compression"},
    {{34887}, "TIFF with LERC compression is not decoded: save it with LZW or Deflate compression"},
    {{34892}, "TIFF with lossy DNG compression is not decoded: save it as JPEG"},
    {{34925}, "TIFF with LZMA compression is not decoded: save it with LZW or Deflate compression"},
    {{34926, 50000}, "TIFF with ZSTD compression is not decoded: save it with LZW or Deflate compression"},
    {{34927, 50001}, "TIFF with WebP compression is not decoded: save it with LZW or JPEG compression"},
    {{50002, 52546}, "TIFF with JPEG XL compression is not decoded: save it with LZW or JPEG compression"},
};

constexpr std::uint16_t kSensors[] = {
    32767,  // Sony
    32769,  // packed sensor data
    32770,  // Samsung
    32772,
    32867,  // Kodak
    34713,  // Nikon
    65000,  // Kodak
    65535,  // Pentax
};

bool is_among(std::uint16_t compression, std::span<const std::uint16_t> list) {
  return std::find(list.begin(), list.end(), compression) != list.end();
}

}  // namespace

const char* compression_problem(std::uint16_t compression) {
  if (is_among(compression, kDecoded)) return nullptr;
  for (const Problem& problem : kProblems) {
    if (compression != 0 && is_among(compression, problem.compressions)) return problem.text;
  }
  return "TIFF with a compression that is not known: save it with LZW or without compression";
}

bool is_sensor_compression(std::uint16_t compression) { return is_among(compression, kSensors); }

}  // namespace netocr::tiff
