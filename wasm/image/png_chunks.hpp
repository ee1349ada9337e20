// Our own walk over a PNG's chunks (PNG specification, third edition): what inspect_image and the decoder
// need to know, and the few chunks that libpng gets to see. Decodes no pixels.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr {

struct PngHeader {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t bit_depth = 0;
  std::uint8_t color_type = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  bool has_transparency = false;  // an alpha channel or tRNS
  std::uint8_t orientation = 1;   // of the eXIf chunk
  Bytes profile_chunk;            // iCCP: its name and the deflated profile
  bool has_cicp = false;          // ... which goes before iCCP
  std::uint8_t cicp_primaries = 0;
  std::uint8_t cicp_transfer = 0;
  bool foreign_color = false;    // gAMA, with neither of these nor sRGB, says that it is not sRGB
  bool has_metadata = false;     // what ImageInfo::has_metadata says
  bool complete = false;         // IEND was found
  std::uint64_t data_bytes = 0;  // of all IDAT chunks
};

// Errors: CORRUPT_IMAGE for a bad signature or IHDR (its CRC included) or when there is no IDAT or a flood of
// chunks; UNSUPPORTED_FEATURE for Apple's CgBI variant.
Result<PngHeader> read_png_header(Bytes bytes);

// The ICC profile of an iCCP chunk. Errors: CORRUPT_IMAGE (also when it has more than 4 MiB), OUT_OF_MEMORY.
Result<Buffer> inflate_png_profile(Bytes chunk);

// A PNG of only the chunks that carry pixels: IHDR, PLTE, tRNS, IDAT, IEND. When the file ends inside an
// IDAT, that chunk gets a header with the length that is there, so that a decoder does not wait for the rest
// before it uses what it has.
class PngPixelChunks {
 public:
  explicit PngPixelChunks(Bytes bytes) : bytes_(bytes) {}
  // The next part of the stream, valid until the next call; empty after the last one.
  Bytes next();

 private:
  Bytes shorten(Bytes data);

  Bytes bytes_;
  Bytes pending_;                             // data of a shortened chunk
  std::array<std::uint8_t, 8> new_header_{};  // its length and type
  std::size_t position_ = 0;
};

}  // namespace netocr
