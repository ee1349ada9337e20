// Boxes of ISO base media files (ISO/IEC 14496-12 section 4.2; ISO/IEC 15444-1 section I.4 for JPEG 2000):
// the frame around HEIF, JP2 and MP4.
#pragma once

#include "base/bytes.hpp"
#include "base/fourcc.hpp"

namespace netocr {

struct IsoBox {
  std::uint32_t type = 0;       // a four-character code
  ByteReader payload{Bytes{}};  // ends where the box ends, or with the bytes; its positions are the file's
  bool is_whole = false;        // the bytes reach to the end of the box
};

// Reads the header of the box at `reader` and moves behind the box, or to the end of the bytes when the box
// is longer than they are: the caller decides whether that is an error. What `reader` ends with is the box
// around this one, or the file. Every call consumes at least 8 bytes. Errors: `damaged`, at the box (the
// header is cut off, or the size is smaller than the header).
Result<IsoBox> read_iso_box(ByteReader& reader, ErrorCode damaged);

}  // namespace netocr
