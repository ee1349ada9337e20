// Measures how much of a tile a truncated codestream holds, by walking the packets without decoding them.
#pragma once

#include <span>

#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

struct TileExtent {
  // The first row of the reference grid with a relevant missing packet: one of the first layer of a wanted
  // component, in the lower half of the file's resolutions and among the decoded ones. It is the tile's end
  // when all of these are present.
  std::uint32_t end = 0;
  bool is_whole = false;      // every packet is present, of any component, resolution and layer
  std::size_t bytes = 0;      // size of the tile's data up to the end of the last complete packet
  std::uint64_t missing = 0;  // packets after it; without EPH markers the count stops early
};

// `reduce` and `components` are as in TileDecoder::create. `header` and `tiles` must have been read without
// an error and be within the limits (check_cost). Errors: OUT_OF_MEMORY.
Result<TileExtent> measure_tile(const Header& header, const Tiles& tiles, std::uint32_t tile,
                                std::uint32_t reduce, std::span<const std::uint32_t> components);

}  // namespace netocr::jp2
