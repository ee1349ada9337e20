// Reads the coded parts of a HEIC's primary picture: one, or the tiles of a grid (ISO/IEC 23008-12,
// section 6.6.2.3 and annexes B and E). Another decoder decodes them; planes.hpp reads its samples.
#pragma once

#include "image/heif/clean_aperture.hpp"
#include "image/heif/items.hpp"
#include "image/heif/parameters.hpp"

namespace netocr::heif {

struct CodedPicture {
  Header header;
  Bytes configuration;    // contents of the hvcC or avcC that all tiles share
  Parameters parameters;  // with the coding of nclx where the file has it
  Size tile;
  std::uint32_t columns = 1, rows = 1;
  Rectangle shown;  // part of the canvas of all tiles, before it is turned
  // Returns the tiles, row by row.
  std::span<const Item> tiles() const { return items.all().last(std::size_t{columns} * rows); }
  Items items;

  Size canvas() const { return {tile.width * columns, tile.height * rows}; }
};

// Reads the parts of `file`, which must outlive the result. All sizes are within the limits. Errors:
// IMAGE_TOO_LARGE, CORRUPT_IMAGE, OUT_OF_MEMORY, and UNSUPPORTED_FEATURE for what is left to another decoder:
// transparency, other codings than HEVC and AVC in 4:2:0 with 8 bits, tiles that differ in size or
// configuration, and derived pictures other than grids.
Result<CodedPicture> read_coded_picture(Bytes file, const Limits& limits);

}  // namespace netocr::heif
