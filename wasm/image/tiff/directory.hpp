// One image file directory: its tags, and what it says of other directories.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// One directory of a file, and what it says of itself and of others.
struct Directory {
  Header header;
  bool has_picture = false;  // with a width and a height
  bool is_reduced = false;   // a thumbnail or preview of another one (NewSubfileType bit 0, SubfileType 2)
  bool is_mask = false;      // NewSubfileType bits 2 and 3, or photometric: where another one is to be seen
  bool is_page = false;      // of a document of several (NewSubfileType bit 1, SubfileType 3, PageNumber)
  bool has_orientation = false;
  bool has_dng_version = false;
  std::uint64_t following = 0;  // offset of the next directory of the chain; 0 for none
  TiffField sub_directories;    // offsets
};

// Errors: CORRUPT_IMAGE (the file ends in the directory; more entries than any writer has).
Result<Directory> read_directory(const TiffFile& file, std::uint64_t offset);

}  // namespace netocr::tiff
