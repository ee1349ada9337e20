// The markers of a JPEG 2000 codestream (ISO/IEC 15444-1 Annex A): sizes, coding styles and where each tile's
// data is. Decodes no pixels; jp2_tile hands the tiles to the library one by one.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr {

inline constexpr std::size_t kJ2kMaxLevels = 32;

enum J2kMarker : std::uint16_t {
  kJ2kSoc = 0xFF4F,
  kJ2kCap = 0xFF50,
  kJ2kSiz = 0xFF51,
  kJ2kCod = 0xFF52,
  kJ2kCoc = 0xFF53,
  kJ2kQcd = 0xFF5C,
  kJ2kQcc = 0xFF5D,
  kJ2kRgn = 0xFF5E,
  kJ2kPoc = 0xFF5F,
  kJ2kPpm = 0xFF60,
  kJ2kPpt = 0xFF61,
  kJ2kCom = 0xFF64,
  kJ2kMct = 0xFF74,
  kJ2kMcc = 0xFF75,
  kJ2kMco = 0xFF77,
  kJ2kSot = 0xFF90,
  kJ2kSod = 0xFF93,
  kJ2kEoc = 0xFFD9,
};

struct J2kComponent {
  std::uint8_t precision = 0;  // bits, 1..38
  bool is_signed = false;
  std::uint8_t dx = 1;  // reference grid points a sample
  std::uint8_t dy = 1;
};

// A rectangle of the reference grid, or of a component's samples: x0 <= x < x1.
struct J2kRect {
  std::uint32_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  std::uint32_t width() const { return x1 - x0; }
  std::uint32_t height() const { return y1 - y0; }
};

// The extremes over all coding styles of a file (COD and COC, main and tile-part headers): what its decoding
// may cost.
struct J2kCoding {
  std::uint32_t layers = 0;                       // most
  std::uint32_t max_levels = 0;                   // of wavelet decomposition
  std::uint32_t min_levels = kJ2kMaxLevels;       // so many halvings can be left out
  std::uint32_t min_block_width = kJ2kMaxLevels;  // exponents of two
  std::uint32_t min_block_height = kJ2kMaxLevels;
  std::array<std::uint8_t, kJ2kMaxLevels + 1> min_precinct_width{};  // by halvings from full size
  std::array<std::uint8_t, kJ2kMaxLevels + 1> min_precinct_height{};
  bool transforms_components = false;  // the first three are RCT- or ICT-coded
  bool changes_progression = false;    // POC
  bool may_have_sop = false;           // packets may begin with SOP markers, and may do without
  bool has_eph = false;                // packet headers end with EPH markers
  bool has_ht_blocks = false;          // ISO/IEC 15444-15
  bool has_roi = false;                // RGN
};

struct J2kHeader {
  J2kRect area;               // of the picture on the reference grid
  std::uint32_t tile_x0 = 0;  // the first tile's corner
  std::uint32_t tile_y0 = 0;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  std::uint32_t tiles_across = 0;
  std::uint32_t tiles_down = 0;
  std::uint32_t component_count = 0;
  Bytes component_fields;           // three bytes each
  Bytes segments;                   // of the main header, after SOC, before the first SOT
  std::size_t first_tile_part = 0;  // position
  bool has_comment = false;
  J2kCoding coding;

  J2kComponent component(std::uint32_t index) const;
  std::uint32_t tile_count() const { return tiles_across * tiles_down; }
  J2kRect tile(std::uint32_t index) const;
};

// The samples of a component inside a rectangle of the reference grid, at 1/2^reduce of its size (B-12,
// B-15).
J2kRect j2k_component_rect(const J2kRect& area, const J2kComponent& component, std::uint32_t reduce);

// A tile can lie between the samples of coarse components; encoders leave it out.
bool has_j2k_samples(const J2kHeader& header, std::uint32_t tile);

// One marker segment: its marker, and what follows the length.
struct J2kSegment {
  std::uint16_t marker = 0;
  Bytes contents;
};
// Takes the segments of a header apart; `position` moves. Errors: CORRUPT_IMAGE.
Result<J2kSegment> next_j2k_segment(Bytes bytes, std::size_t& position);

struct J2kTilePart {
  Bytes segments;          // of its header, between SOT and SOD
  Bytes data;              // what is there of it
  Bytes packet_headers;    // out of PPM; in the arrays below
  std::uint32_t next = 0;  // the tile's next part, plus 1; 0: there is none
};

struct J2kTiles {
  Array<J2kTilePart> parts;
  Array<std::uint32_t> first;  // by tile: its first part, plus 1; 0: the tile is missing
  Buffer packed_headers;       // PPM
  bool truncated = false;      // a part is cut off, a tile is missing or there is no end marker
};

// SIZ, COD, COC and the rest up to the first SOT. Errors: CORRUPT_IMAGE; UNSUPPORTED_FEATURE (transformations
// of Part 2, HT code-blocks that are mixed with others or have a region of interest); IMAGE_TOO_LARGE
// (tiles).
Result<J2kHeader> read_j2k_header(Bytes bytes);

// Walks over the tile-parts; `header.coding` is widened by what their headers say. What is damaged ends the
// walk. Errors: CORRUPT_IMAGE when no tile-part is there, OUT_OF_MEMORY, UNSUPPORTED_FEATURE.
Result<J2kTiles> read_j2k_tiles(Bytes bytes, J2kHeader& header);

}  // namespace netocr
