// Reads what the boxes of a HEIC or AVIF file (HEIF, ISO/IEC 23008-12) say about its primary picture. The
// browser decodes the pixels.
#pragma once

#include <cstdint>

#include "base/limits.hpp"

namespace netocr::heif {

struct Size {
  std::uint32_t width = 0, height = 0;
};

// An orientation as "mirror left to right, then rotate clockwise": every chain of rotations and mirrors
// reduces to one.
struct Turns {
  std::uint8_t quarters = 0;  // quarter turns, modulo 4
  bool mirrored = false;
};

// Appends what the boxes irot (quarter turns to the left) and imir do.
void turn_left(Turns& turns, std::uint8_t count);
void mirror(Turns& turns, bool left_to_right);

inline constexpr std::uint8_t kUnspecified = 2;  // code point of H.273

// A field keeps its default when the boxes lack it or are too damaged.
struct Header {
  Size coded;
  Size clean;  // clean aperture, with width and height as they are coded; 0 when there is none
  std::uint8_t channels = 0, bits = 0;
  Turns turns;  // orientation of the primary picture; the file's EXIF does not apply (HEIF 6.5.10)
  Bytes icc;    // ICC profile, a view of the file
  std::uint8_t color_primaries = kUnspecified, transfer = kUnspecified;
  bool has_alpha = false;     // an auxiliary picture is its transparency
  bool has_metadata = false;  // EXIF or XMP
  bool is_cut_off = false;    // the file ends inside its descriptions or its coded pictures
};

Header read_header(Bytes bytes);

// Checks before another decoder reads the file that the primary picture as it is coded, without its clean
// aperture, is within the limits at 4 bytes a pixel. Errors: IMAGE_TOO_LARGE.
Status check_size(const Header& header, const Limits& limits);

}  // namespace netocr::heif
