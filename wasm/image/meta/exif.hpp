// Reads the EXIF orientation from a TIFF structure, as found in JPEG's APP1, PNG's eXIf chunk and WebP's EXIF
// chunk.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

// Returns the TIFF structure in an APP1 segment named "Exif"; empty when the segment has another name, or the
// structure does not begin with a byte order mark ("II*\0" or "MM\0*"). It accepts what Chromium and exiftool
// accept: of the two zeroes behind the name the second may be any byte (Chromium), the name may be in
// capitals, and up to four other bytes may precede it (exiftool).
Bytes find_exif(Bytes segment);

// `exif` starts at the byte order mark, or is a whole APP1 segment, as some writers embed it in other
// formats. Reads tag 0x0112 of the first directory (IFD0) only; the thumbnail's directory is ignored. Returns
// 1..8; 1 when the tag is absent, damaged or out of range.
std::uint8_t exif_orientation(Bytes exif);

}  // namespace netocr
