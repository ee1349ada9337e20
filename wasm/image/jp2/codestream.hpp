// Reads the markers of a JPEG 2000 codestream (ISO/IEC 15444-1 Annex A): sizes, coding styles and the
// position of each tile's data. It decodes no pixels; tile passes the tiles to the library one by one.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::jp2 {

inline constexpr std::size_t kMaxLevels = 32;

enum Marker : std::uint16_t {
  kSoc = 0xFF4F,
  kCap = 0xFF50,
  kSiz = 0xFF51,
  kCod = 0xFF52,
  kCoc = 0xFF53,
  kQcd = 0xFF5C,
  kQcc = 0xFF5D,
  kRgn = 0xFF5E,
  kPoc = 0xFF5F,
  kPpm = 0xFF60,
  kPpt = 0xFF61,
  kCom = 0xFF64,
  kMct = 0xFF74,
  kMcc = 0xFF75,
  kMco = 0xFF77,
  kSot = 0xFF90,
  kSod = 0xFF93,
  kEoc = 0xFFD9,
};

struct Component {
  std::uint8_t precision = 0;  // bits, 1..38
  bool is_signed = false;
  std::uint8_t dx = 1;  // reference grid points per sample
  std::uint8_t dy = 1;
};

// A rectangle of the reference grid, or of a component's samples: x0 <= x < x1.
struct Rect {
  std::uint32_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  std::uint32_t width() const { return x1 - x0; }
  std::uint32_t height() const { return y1 - y0; }
};

// The extremes over all coding styles of a file (COD and COC, main and tile-part headers), which bound the
// cost of decoding it.
struct Coding {
  std::uint32_t layers = 0;                    // max number
  std::uint32_t max_levels = 0;                // wavelet decomposition levels
  std::uint32_t min_levels = kMaxLevels;       // max number of halvings that can be left out
  std::uint32_t min_block_width = kMaxLevels;  // exponent of two
  std::uint32_t min_block_height = kMaxLevels;
  std::array<std::uint8_t, kMaxLevels + 1> min_precinct_width{};  // by halvings from full size
  std::array<std::uint8_t, kMaxLevels + 1> min_precinct_height{};
  bool transforms_components = false;  // the first three are RCT- or ICT-coded
  bool changes_progression = false;    // POC
  bool may_have_sop = false;           // packets may begin with optional SOP markers
  bool has_eph = false;                // packet headers end with EPH markers
  bool has_ht_blocks = false;          // ISO/IEC 15444-15
  bool has_roi = false;                // RGN
};

struct Header {
  Rect area;                  // area of the picture on the reference grid
  std::uint32_t tile_x0 = 0;  // corner of the first tile
  std::uint32_t tile_y0 = 0;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  std::uint32_t tiles_across = 0;
  std::uint32_t tiles_down = 0;
  std::uint32_t component_count = 0;
  Bytes component_fields;           // three bytes per component
  Bytes segments;                   // segments of the main header, after SOC, before the first SOT
  std::size_t first_tile_part = 0;  // position
  bool has_comment = false;
  Coding coding;

  Component component(std::uint32_t index) const;
  std::uint32_t tile_count() const { return tiles_across * tiles_down; }
  Rect tile(std::uint32_t index) const;
};

// Returns the samples of a component inside a rectangle of the reference grid, at 1/2^reduce of its size
// (B-12, B-15).
Rect component_rect(const Rect& area, const Component& component, std::uint32_t reduce);

// Returns whether a tile has samples. A tile can lie between the samples of coarse components; encoders leave
// it out.
bool has_samples(const Header& header, std::uint32_t tile);

// One marker segment: its marker, and the bytes after the length.
struct Segment {
  std::uint16_t marker = 0;
  Bytes contents;
};
// Reads the next segment of a header and advances `position`. Errors: CORRUPT_IMAGE.
Result<Segment> next_segment(Bytes bytes, std::size_t& position);

struct TilePart {
  Bytes segments;          // segments of the part's header, between SOT and SOD
  Bytes data;              // available data of the part
  Bytes packet_headers;    // packet headers from PPM, a view of Tiles::packed_headers
  std::uint32_t next = 0;  // next part of the tile, plus 1; 0: there is none
};

struct Tiles {
  Array<TilePart> parts;
  Array<std::uint32_t> first;  // by tile: its first part, plus 1; 0: the tile is missing
  Buffer packed_headers;       // joined contents of PPM
  bool truncated = false;      // a part is truncated, a tile is missing or there is no end marker
};

// Reads SIZ, COD, COC and all other segments before the first SOT. Errors: CORRUPT_IMAGE; UNSUPPORTED_FEATURE
// (transformations of Part 2, HT code-blocks that are mixed with others or have a region of interest);
// IMAGE_TOO_LARGE (tiles).
Result<Header> read_header(Bytes bytes);

// Walks the tile-parts and extends `header.coding` by their headers. Damage ends the walk. Errors:
// CORRUPT_IMAGE when there is no tile-part, OUT_OF_MEMORY, UNSUPPORTED_FEATURE.
Result<Tiles> read_tiles(Bytes bytes, Header& header);

}  // namespace netocr::jp2
