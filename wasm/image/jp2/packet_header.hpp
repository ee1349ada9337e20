// Reads packet headers of JPEG 2000 (ISO/IEC 15444-1 B.10) to obtain the length of a packet's body. It
// decodes no samples.
#pragma once

#include <cstdint>
#include <optional>

#include "base/buffer.hpp"

namespace netocr::jp2 {

// Reads bits with a stuffed bit after each byte FF (B.10.1); returns zeroes behind the end.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  std::uint32_t bit();
  std::uint32_t bits(unsigned count);
  // Moves to the next byte, over the stuffed one after FF. Returns the total number of bytes consumed.
  std::size_t align();
  bool is_behind_end() const { return behind_end_; }

 private:
  void next_byte();

  Bytes bytes_;
  std::size_t position_ = 0;
  std::uint32_t byte_ = 0;
  unsigned left_ = 0;  // bits left of the current byte
  bool behind_end_ = false;
};

// State of a tag tree node (B.10.2), zero-initialised: its value is `low` when known, else at least `low`.
struct TagNode {
  std::uint16_t low;
  bool is_known;
};

// State of a code-block, zero-initialised.
struct Block {
  std::uint8_t length_bits;  // Lblock; 0: the block is in no packet yet
  std::uint8_t passes;       // passes so far
};

// One subband's part of a precinct: a grid of code-blocks. The caller owns the memory of its state.
struct BlockGrid {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  TagNode* inclusion = nullptr;  // tag_nodes() nodes each
  TagNode* bit_planes = nullptr;
  Block* blocks = nullptr;  // width * height
};

// Returns the number of nodes of a tag tree over width x height leaves.
std::uint64_t tag_nodes(std::uint64_t width, std::uint64_t height);

// Reads a packet's header and returns the length of its body. Returns nothing when the header ends early or
// is damaged; the grids' state is then unusable. `block_style` is as in ComponentCoding.
std::optional<std::uint64_t> read_packet_header(BitReader& bits, std::span<const BlockGrid> grids,
                                                std::uint32_t layer, std::uint8_t block_style);

}  // namespace netocr::jp2
