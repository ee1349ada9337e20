// Reads the coding style of one tile of a JPEG 2000 codestream: the structure and order of its packets. It is
// needed only for truncated files; openjpeg reads the same for itself.
#pragma once

#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

// The coding style of one component (COD, COC). Sizes are exponents of two; precincts are listed by
// resolution, 0 is the lowest.
struct ComponentCoding {
  std::uint8_t levels = 0;  // decomposition levels: there are levels + 1 resolutions
  std::uint8_t block_width = 0;
  std::uint8_t block_height = 0;
  std::uint8_t block_style = 0;
  std::array<std::uint8_t, kMaxLevels + 1> precinct_width{};
  std::array<std::uint8_t, kMaxLevels + 1> precinct_height{};
};

// Bits of ComponentCoding::block_style (table A.19, and ISO/IEC 15444-15).
enum BlockStyle : std::uint8_t { kBypass = 1, kTerminateAll = 4, kHighThroughput = 0x40 };

enum class Order : std::uint8_t { kLrcp, kRlcp, kRpcl, kPcrl, kCprl };

// A run of packets (POC, A.6.6). Ends are exclusive.
struct Progression {
  Order order = Order::kLrcp;
  std::uint32_t first_resolution = 0;
  std::uint32_t end_resolution = kMaxLevels + 1;
  std::uint32_t first_component = 0;
  std::uint32_t end_component = 0;
  std::uint32_t end_layer = 0;
};

struct TileCoding {
  Array<ComponentCoding> components;
  Array<Progression> progressions;
  bool may_have_sop = false;
  bool has_eph = false;
};

// `header` and `tiles` must have been read without an error. Errors: OUT_OF_MEMORY.
Result<TileCoding> read_tile_coding(const Header& header, const Tiles& tiles, std::uint32_t tile);

}  // namespace netocr::jp2
