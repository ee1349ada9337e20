// The chunks of a WebP file (RFC 9649): where the first picture is and what is said about it. Decodes no
// pixels.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::webp {

struct Header {
  std::uint32_t width = 0;  // of the canvas
  std::uint32_t height = 0;
  std::uint32_t frame_x = 0;  // the picture on the canvas; both are even
  std::uint32_t frame_y = 0;
  std::uint32_t frame_width = 0;
  std::uint32_t frame_height = 0;
  Bytes picture;  // ALPH (if any) and VP8 or VP8L, with their chunk headers; may be cut off by the end of the
                  // file
  bool lossless = false;
  bool has_alpha = false;
  std::uint8_t orientation = 1;  // EXIF
  Bytes profile;                 // ICC, in the file
  bool has_metadata = false;     // EXIF, XMP, ICC, unknown chunks, more frames, bytes behind the file
  bool complete = false;         // the picture's chunks and the file have the length they claim
};

// Errors: CORRUPT_IMAGE.
Result<Header> read_header(Bytes bytes);

}  // namespace netocr::webp
