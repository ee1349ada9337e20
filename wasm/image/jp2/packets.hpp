// How much of a tile a cut-off codestream holds: a walk over the packets, which decodes none of them.
#pragma once

#include <span>

#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

struct TileExtent {
  // The first row of the reference grid for which a packet is missing that counts: of the first layer of a
  // wanted component, in the lower half of the file's resolutions, and of those that are decoded. The tile's
  // end when all are there.
  std::uint32_t end = 0;
  bool is_whole = false;      // every packet is there, of whatever component, resolution and layer
  std::size_t bytes = 0;      // of the tile's data, up to the end of the last packet that is there
  std::uint64_t missing = 0;  // packets after it; without EPH markers they are not counted to the end
};

// `reduce` and `components` as in TileDecoder::create. `header` and `tiles` were read without an error and
// within the limits (check_cost). Errors: OUT_OF_MEMORY.
Result<TileExtent> measure_tile(const Header& header, const Tiles& tiles, std::uint32_t tile,
                                std::uint32_t reduce, std::span<const std::uint32_t> components);

}  // namespace netocr::jp2
