// Computes where the precincts of a tile lie and how many code-blocks they have (ISO/IEC 15444-1 B.5 to B.7).
#pragma once

#include <optional>

#include "base/limits.hpp"
#include "image/jp2/coding.hpp"

namespace netocr::jp2 {

// One resolution of one component inside a tile.
struct Resolution {
  Rect rect;                        // samples at this resolution
  std::uint32_t number = 0;         // 0 is the lowest
  std::uint32_t halvings = 0;       // halvings from the component's full size
  std::uint8_t precinct_width = 0;  // exponent of two
  std::uint8_t precinct_height = 0;
  std::uint32_t across = 0;  // number of precincts; 0 when there are no samples
  std::uint32_t down = 0;
  std::uint32_t first_precinct = 0;  // index in the numbering of all precincts of the tile
};

// The numbers of code-blocks of a precinct, by subband: LL, or HL, LH and HH. An empty subband has 0 x 0.
struct BlockCounts {
  std::uint32_t subbands = 0;
  std::array<std::uint32_t, 3> width{};
  std::array<std::uint32_t, 3> height{};
};

class TileLayout {
 public:
  // Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE.
  static Result<TileLayout> create(const Header& header, const Tiles& tiles, std::uint32_t tile);

  const Rect& area() const { return area_; }
  const TileCoding& coding() const { return coding_; }
  std::uint32_t component_count() const { return static_cast<std::uint32_t>(coding_.components.size()); }
  Component component(std::uint32_t index) const { return header_->component(index); }
  std::uint32_t levels(std::uint32_t component) const { return coding_.components[component].levels; }
  std::size_t precinct_count() const { return precinct_count_; }

  // Returns resolution `number` of `component`; null when the component has fewer resolutions.
  const Resolution* resolution(std::uint32_t component, std::uint32_t number) const;

  // Returns the precinct that begins at a place of the reference grid (B.12.1.3) as its number within the
  // resolution; nothing when none begins there.
  std::optional<std::uint32_t> precinct_at(std::uint32_t component, const Resolution& resolution,
                                           std::uint64_t x, std::uint64_t y) const;

  BlockCounts block_counts(std::uint32_t component, const Resolution& resolution,
                           std::uint32_t precinct) const;

  // Returns the first row of the reference grid that precinct row `row` covers.
  std::uint64_t precinct_top(std::uint32_t component, const Resolution& resolution, std::uint32_t row) const;

 private:
  explicit TileLayout(const Header& header, std::uint32_t tile)
      : header_(&header), area_(header.tile(tile)) {}
  Status lay_out();

  const Header* header_;
  Rect area_;
  TileCoding coding_;
  Array<std::uint32_t> first_;     // index of each component's first resolution, and the end
  Array<Resolution> resolutions_;  // resolutions of all components
  std::size_t precinct_count_ = 0;
};

}  // namespace netocr::jp2
