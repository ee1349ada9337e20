// In which JPEGs a DNL marker (ITU-T T.81 B.2.5) is looked for, which gives the number of lines after the
// first scan.
#pragma once

#include "image/jpeg/decode/header.hpp"

namespace netocr::jpeg {

// Whether the first scan, of `components`, may be followed by a DNL marker that matters. To find one, all
// entropy-coded data of that scan has to be walked over, so it is looked for only
// - when the frame header has no height, or one that libjpeg refuses: scanners with a document feeder write
//   65535 where they do not know it yet;
// - when the file has less than two bits for each 8x8 block of such a height, which no picture is coded in;
// - when there are more scans, of which the first has a small part of the data: progressive files and those
//   with one component a scan;
// - when the file ends with one: in a file of a single scan EOI follows it.
bool may_define_lines(Bytes bytes, const Header& header, std::uint8_t components);

}  // namespace netocr::jpeg
