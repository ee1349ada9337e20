// What the boxes of a HEIC or AVIF file (HEIF, ISO/IEC 23008-12) say of its primary picture. Decodes no
// pixels: that is for the browser.
#pragma once

#include <cstdint>

#include "base/limits.hpp"

namespace netocr::heif {

struct Size {
  std::uint32_t width = 0, height = 0;
};

// An orientation as "mirror left to right, then turn clockwise": every chain of turns and mirrors is one.
struct Turns {
  std::uint8_t quarters = 0;  // modulo 4
  bool mirrored = false;
};

inline constexpr std::uint8_t kUnspecified = 2;  // of H.273

// What the boxes do not tell, or are too damaged to tell, stays as it is here.
struct Header {
  Size coded;
  Size clean;  // the clean aperture, with width and height as they are coded; 0 where there is none
  std::uint8_t channels = 0, bits = 0;
  Turns turns;  // of the primary picture; the file's own EXIF has no say in it (HEIF 6.5.10)
  Bytes icc;    // in the file
  std::uint8_t color_primaries = kUnspecified, transfer = kUnspecified;
  bool has_alpha = false;     // another picture is its transparency
  bool has_metadata = false;  // EXIF or XMP
};

Header read_header(Bytes bytes);

// Before another decoder gets the file: whether the primary picture as it is coded, without its clean
// aperture, is within the limits, at 4 bytes a pixel. Errors: IMAGE_TOO_LARGE.
Status check_size(const Header& header, const Limits& limits);

}  // namespace netocr::heif
