// Decides which JPEGs are searched for a DNL marker (ITU-T T.81 B.2.5), which defines the number of lines
// after the first scan.
#pragma once

#include "image/jpeg/decode/header.hpp"

namespace netocr::jpeg {

// Returns whether the first scan, of `components`, may be followed by a DNL marker that matters. Finding one
// requires a walk over all entropy-coded data of that scan, so a file is searched only
// - when the frame header has no height, or one that libjpeg rejects: scanners with a document feeder write
//   65535 when they do not know it yet;
// - when the file has less than two bits for each 8x8 block of such a height, fewer than any picture has;
// - when there are more scans, of which the first has a small part of the data: progressive files and those
//   with one component per scan;
// - when the file ends with one: in a file of a single scan EOI follows it.
bool may_define_lines(Bytes bytes, const Header& header, std::uint8_t components);

}  // namespace netocr::jpeg
