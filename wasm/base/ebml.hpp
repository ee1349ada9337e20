// EBML, the encoding under Matroska and WebM: variable-length integers and element headers (RFC 8794).
#pragma once

#include "base/bytes.hpp"

namespace netocr {

struct EbmlInt {
  std::uint64_t value = 0;  // without the length marker
  bool all_ones = false;
  unsigned length = 0;  // bytes, 1 to 8; 0 when it is invalid or truncated
};

struct EbmlElement {
  std::uint32_t id = 0;  // with its length marker, as specifications print it
  std::uint64_t size = 0;
  bool unknown_size = false;  // live recording: ends at the next element of its or a higher level
};

// Reads a variable-size integer (section 4): the number of leading zero bits is the number of bytes that
// follow the first.
EbmlInt read_ebml_int(ByteReader& reader);

// Reads the header of the element at the reader and leaves the reader at the payload. The size is not checked
// against the file. Errors: CORRUPT_VIDEO at the element.
Result<EbmlElement> read_ebml_element(ByteReader& reader);

// Reads a big-endian integer of 0 to 8 bytes (section 7.2).
std::uint64_t read_ebml_unsigned(Bytes payload);

// Reads a float of 4 or 8 bytes (section 7.3); returns 0 for any other length.
double read_ebml_float(Bytes payload);

}  // namespace netocr
