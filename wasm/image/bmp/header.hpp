// The headers of a BMP file: OS/2 1.x and 2.x, Windows INFO, V2, V3, V4 and V5. Decodes no pixels.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::bmp {

enum class Coding : std::uint8_t {
  kIndexed,  // 1, 2, 4 or 8 bits a pixel into the palette
  kRle4,
  kRle8,
  kRle24,    // OS/2 2.x
  kHuffman,  // OS/2 2.x: 1 bit a pixel, modified Huffman
  kBgr,      // 24 bits a pixel
  kBgrx,     // 32 bits a pixel, the fourth byte is unused
  kMasks,    // 16 or 32 bits a pixel, channels by bit mask
  kBgra64,   // blue, green, red, alpha of 16 bits: signed, 8192 is 1.0, linear light
  kJpeg,     // `pixels` is a JPEG file
  kPng,      // `pixels` is a PNG file
};

struct Header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  bool top_down = false;
  std::uint8_t bits_per_pixel = 0;
  Coding coding = Coding::kIndexed;
  std::array<std::uint32_t, 4> masks{};  // red, green, blue, alpha (0: opaque)
  Bytes palette;                         // entries of palette_entry_bytes: blue, green, red(, unused)
  std::uint8_t palette_entry_bytes = 4;
  std::uint32_t palette_count = 0;  // at most 256, all inside `palette`
  Bytes pixels;                     // from the first pixel byte to the end of the file; may be too short
  std::uint64_t row_bytes = 0;      // size of a row with padding to 4; only for uncompressed pixels
  Bytes profile;                    // the embedded ICC profile
  bool lost_profile = false;        // the header announces a profile that the file does not contain
  bool has_metadata = false;        // an ICC profile, or bytes after the pixels
};

// Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE for CMYK. Dimensions are not checked against limits; those of an
// embedded JPEG or PNG are not read.
Result<Header> read_header(Bytes bytes);

// Returns whether pixels are indices into the palette.
bool has_palette(Coding coding);

// Returns whether rows are decoded to indices. RLE rows are decoded to colours, because pixels may be
// missing.
bool has_indices(Coding coding);

// Returns whether the core leaves the coding to the codecs module: Huffman 1D and RLE24, which only OS/2
// wrote, and 64 bits a pixel.
bool is_rare(Coding coding);

// Returns the number of complete rows in the file, as stored, for uncompressed pixels. The last one may lack
// its padding.
std::uint32_t rows_in_file(const Header& header);

// Returns the bits of an index or of the widest channel, for ImageInfo.
std::uint8_t bits_per_sample(const Header& header);

}  // namespace netocr::bmp
