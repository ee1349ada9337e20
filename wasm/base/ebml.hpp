// EBML, the encoding under Matroska and WebM: variable-length integers and element headers (RFC 8794).
#pragma once

#include "base/bytes.hpp"

namespace netocr {

struct EbmlInt {
  std::uint64_t value = 0;  // without the length marker
  bool all_ones = false;
  unsigned length = 0;  // in bytes, 1 to 8; 0 when it is not valid or cut off
};

struct EbmlElement {
  std::uint32_t id = 0;  // with its length marker, as specifications print it
  std::uint64_t size = 0;
  bool unknown_size = false;  // a live recording: up to the next element of the same or a higher level
};

// Section 4: the number of leading zero bits says how many bytes follow.
EbmlInt read_ebml_int(ByteReader& reader);

// The header of the element at the reader, which is left at the payload. The size is not checked against the
// file. Errors: CORRUPT_VIDEO at the element.
Result<EbmlElement> read_ebml_element(ByteReader& reader);

// Section 7.2: big-endian, 0 to 8 bytes.
std::uint64_t read_ebml_unsigned(Bytes payload);

// Section 7.3: 4 or 8 bytes; 0 for any other length.
double read_ebml_float(Bytes payload);

}  // namespace netocr
