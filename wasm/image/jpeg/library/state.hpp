// Private to this folder: what is read from, and asked of, the library's own structure.
#pragma once

#include "image/jpeg/library/picture.hpp"
#include "image/jpeg/library/row_count.hpp"
#include "image/pixel/row_source.hpp"

struct jpeg_decompress_struct;  // NOLINT(readability-identifier-naming): of jpeglib.h

namespace netocr::jpeg {

// Chooses of the scales 1/8, 1/4, 1/2 and 1 at which the picture is not below what is wanted the one with the
// fewest samples. Calls the library: under a guard only.
void choose_scale(jpeg_decompress_struct& cinfo, const WantedSize& wanted);

// The picture at the scale that was chosen.
Picture read_picture(const jpeg_decompress_struct& cinfo);

// The scan that is being read, between two rows of MCUs.
ScanState read_scan_state(const jpeg_decompress_struct& cinfo);

// True while no row of blocks of the first scan is complete.
bool is_in_first_row(const jpeg_decompress_struct& cinfo);

// Blocks of the whole picture, padded to whole MCUs.
std::uint64_t count_blocks(const jpeg_decompress_struct& cinfo);

// Blocks of the scan that is being read, with the padding of a scan of several components.
std::uint64_t count_scan_blocks(const jpeg_decompress_struct& cinfo);

// Whether bits of a coefficient, or the quantisation table of a component, never came.
bool lacks_scans(const jpeg_decompress_struct& cinfo);

}  // namespace netocr::jpeg
