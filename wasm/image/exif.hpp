// EXIF orientation out of a TIFF structure, as found in JPEG's APP1 and PNG's eXIf chunk.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

// `tiff` starts at the byte order mark ("II*\0" or "MM\0*"). Looks for tag 0x0112 in the first directory
// (IFD0) only; the thumbnail's directory is not asked. 1..8; 1 when it is absent, damaged or out of range.
std::uint8_t exif_orientation(Bytes tiff);

}  // namespace netocr
