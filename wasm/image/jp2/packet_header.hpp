// Packet headers of JPEG 2000 (ISO/IEC 15444-1 B.10): how long a packet's body is. Decodes no samples.
#pragma once

#include <cstdint>
#include <optional>

#include "base/buffer.hpp"

namespace netocr::jp2 {

// Bits with a stuffed one after each byte FF (B.10.1); zeroes behind the end.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  std::uint32_t bit();
  std::uint32_t bits(unsigned count);
  // Moves to the next byte, over the stuffed one after FF. Returns how many were taken in all.
  std::size_t align();
  bool is_behind_end() const { return behind_end_; }

 private:
  void next_byte();

  Bytes bytes_;
  std::size_t position_ = 0;
  std::uint32_t byte_ = 0;
  unsigned left_ = 0;  // bits of it
  bool behind_end_ = false;
};

// What is known of a node of a tag tree (B.10.2), zeroed at first: its value is `low`, or at least that.
struct TagNode {
  std::uint16_t low;
  bool is_known;
};

// What is known of a code-block, zeroed at first.
struct Block {
  std::uint8_t length_bits;  // Lblock; 0: it is in no packet yet
  std::uint8_t passes;       // so far
};

// One subband's part of a precinct: a grid of code-blocks. Its state lies in the caller's memory.
struct BlockGrid {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  TagNode* inclusion = nullptr;  // tag_nodes() each
  TagNode* bit_planes = nullptr;
  Block* blocks = nullptr;  // width * height
};

// Nodes of a tag tree over width x height leaves.
std::uint64_t tag_nodes(std::uint64_t width, std::uint64_t height);

// Reads a packet's header and returns the length of its body. Nothing when the header ends early or is
// damaged; the grids' state is of no use then. `block_style` as in ComponentCoding.
std::optional<std::uint64_t> read_packet_header(BitReader& bits, std::span<const BlockGrid> grids,
                                                std::uint32_t layer, std::uint8_t block_style);

}  // namespace netocr::jp2
