// Reads boxes of ISO base media files (ISO/IEC 14496-12 section 4.2; ISO/IEC 15444-1 section I.4 for JPEG
// 2000), the container structure of HEIF, JP2 and MP4.
#pragma once

#include "base/bytes.hpp"
#include "base/fourcc.hpp"

namespace netocr {

struct IsoBox {
  std::uint32_t type = 0;       // a four-character code
  ByteReader payload{Bytes{}};  // ends with the box or the bytes; positions are those of the file
  bool is_whole = false;        // the bytes contain the complete box
};

// Reads the header of the box at `reader` and moves behind the box, or to the end of the bytes when the box
// is longer: the caller decides whether that is an error. `reader` ends with the enclosing box or the file.
// Every call consumes at least 8 bytes. Errors: `damaged`, at the box (the header is truncated, or the size
// is smaller than the header).
Result<IsoBox> read_iso_box(ByteReader& reader, ErrorCode damaged);

}  // namespace netocr
