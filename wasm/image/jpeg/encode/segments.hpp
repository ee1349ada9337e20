// Writes the marker segments around the scan of a baseline JPEG (ITU-T T.81 annex B, JFIF 1.02), without
// metadata beyond JFIF's.
#pragma once

#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

inline constexpr std::size_t kMaxHeaderBytes = 2048;  // includes four full Huffman tables
inline constexpr std::size_t kEndOfImageBytes = 2;

// Returns the number of bytes from SOI to the end of SOS.
std::size_t header_size(const Frame& frame, const QuantTables& quant, const ScanTables& tables);

// Writes these bytes; `out` has room for kMaxHeaderBytes. Returns their number, header_size().
std::size_t write_header(const Frame& frame, const QuantTables& quant, const ScanTables& tables,
                         MutableBytes out);

// Writes EOI into the first kEndOfImageBytes of `out`.
void write_end_of_image(MutableBytes out);

}  // namespace netocr::jpeg
