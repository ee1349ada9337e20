// Reads one image file directory: its tags, and its relation to other directories.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// The contents of one directory: a header, and its relation to other directories.
struct Directory {
  Header header;
  bool has_picture = false;  // width and height are present
  bool is_reduced = false;  // a thumbnail or preview of another picture (NewSubfileType bit 0, SubfileType 2)
  bool is_mask = false;     // a mask of another picture (NewSubfileType bits 2 and 3, or photometric)
  bool is_page = false;     // a page of a document (NewSubfileType bit 1, SubfileType 3, PageNumber)
  bool has_orientation = false;
  bool has_dng_version = false;
  std::uint64_t following = 0;  // offset of the next directory of the chain; 0 for none
  TiffField sub_directories;    // offsets of SubIFDs
};

// Errors: CORRUPT_IMAGE (the file ends in the directory; more entries than any writer creates).
Result<Directory> read_directory(const TiffFile& file, std::uint64_t offset);

}  // namespace netocr::tiff
