// Reads and sets fields of the library's own structure. Private to this folder.
#pragma once

#include "image/jpeg/library/picture.hpp"
#include "image/jpeg/library/row_count.hpp"
#include "image/pixel/row_source.hpp"

struct jpeg_decompress_struct;  // NOLINT(readability-identifier-naming): of jpeglib.h

namespace netocr::jpeg {

// Chooses the scale with the fewest samples among those of 1/8, 1/4, 1/2 and 1 at which the picture is not
// below `wanted`. It calls the library, so it must run under a guard.
void choose_scale(jpeg_decompress_struct& cinfo, const WantedSize& wanted);

// Returns the picture at the chosen scale.
Picture read_picture(const jpeg_decompress_struct& cinfo);

// Returns the state of the current scan, between two rows of MCUs.
ScanState read_scan_state(const jpeg_decompress_struct& cinfo);

// Returns true while no row of blocks of the first scan is complete.
bool is_in_first_row(const jpeg_decompress_struct& cinfo);

// Returns the number of blocks of the whole picture, padded to whole MCUs.
std::uint64_t count_blocks(const jpeg_decompress_struct& cinfo);

// Returns the number of blocks of the current scan, with the padding of a scan of several components.
std::uint64_t count_scan_blocks(const jpeg_decompress_struct& cinfo);

// Returns whether bits of a coefficient, or the quantisation table of a component, are missing from the file.
bool lacks_scans(const jpeg_decompress_struct& cinfo);

}  // namespace netocr::jpeg
