// Reads the chunks of a WebP file (RFC 9649): the position of the first picture and its properties. It
// decodes no pixels.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::webp {

struct Header {
  std::uint32_t width = 0;  // width of the canvas
  std::uint32_t height = 0;
  std::uint32_t frame_x = 0;  // position of the picture on the canvas; both are even
  std::uint32_t frame_y = 0;
  std::uint32_t frame_width = 0;
  std::uint32_t frame_height = 0;
  Bytes picture;  // ALPH (if any) and VP8 or VP8L, with their chunk headers; may be truncated by the end of
                  // the file
  bool lossless = false;
  bool has_alpha = false;
  std::uint8_t orientation = 1;  // EXIF orientation
  Bytes profile;                 // ICC profile, a view of the file
  bool has_metadata = false;     // EXIF, XMP, ICC, unknown chunks, more frames, bytes behind the file
  bool complete = false;         // the picture's chunks and the file have their declared lengths
};

// Errors: CORRUPT_IMAGE.
Result<Header> read_header(Bytes bytes);

}  // namespace netocr::webp
