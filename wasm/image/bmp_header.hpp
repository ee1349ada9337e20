// The headers of a BMP file: OS/2 1.x and 2.x, Windows INFO, V2, V3, V4 and V5. Decodes no pixels.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr {

enum class BmpCoding : std::uint8_t {
  kIndexed,  // 1, 2, 4 or 8 bits a pixel into the palette
  kRle4,
  kRle8,
  kBgr,    // 24 bits
  kBgrx,   // 32 bits, the fourth byte means nothing
  kMasks,  // 16 or 32 bits, channels by bit mask
};

struct BmpHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool top_down = false;
  std::uint8_t bits_per_pixel = 0;
  BmpCoding coding = BmpCoding::kIndexed;
  std::array<std::uint32_t, 4> masks{};  // red, green, blue, alpha (0: opaque)
  Bytes palette;                         // entries of palette_entry_bytes: blue, green, red(, unused)
  std::uint8_t palette_entry_bytes = 4;
  std::uint32_t palette_count = 0;  // at most 256, all inside `palette`
  Bytes pixels;                     // from the first pixel byte to the end of the file; may be too short
  std::uint64_t row_bytes = 0;      // with padding to 4; not for RLE
  bool foreign_color = false;       // an ICC profile other than sRGB
  bool has_metadata = false;        // an ICC profile, or bytes after the pixels
};

// Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE with a detail that names it (embedded JPEG or PNG, OS/2 Huffman
// and RLE24, 64 bits, CMYK). Dimensions are not checked against limits.
Result<BmpHeader> read_bmp_header(Bytes bytes);

// The least bits of a channel's range that the file keeps, for ImageInfo: 8, or the widest mask of a 16-bit
// file.
std::uint8_t bmp_bits_per_sample(const BmpHeader& header);

}  // namespace netocr
