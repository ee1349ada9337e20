// Reads tag trees, numbers of passes and lengths as B.10 defines them and openjpeg reads them.
#include "image/jp2/packet_header.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "image/jp2/coding.hpp"

namespace netocr::jp2 {
namespace {

constexpr unsigned kFirstLengthBits = 3;
constexpr unsigned kMaxLengthBits = 32;
constexpr std::uint32_t kMaxZeroBitPlanes = 128;  // more than any coefficient has
constexpr std::uint32_t kMaxPasses = 109;         // max number, for 37 bit-planes
constexpr std::uint32_t kPassesBeforeBypass = 10;

std::uint32_t halved(std::uint32_t size) { return size / 2 + size % 2; }

class TagTree {
 public:
  TagTree(TagNode* nodes, std::uint32_t width, std::uint32_t height) : nodes_(nodes) {
    std::size_t offset = 0;
    for (;; width = halved(width), height = halved(height)) {
      levels_[count_++] = {offset, width};
      if (width <= 1 && height <= 1) break;
      offset += std::size_t{width} * height;
    }
  }

  // Returns whether the leaf's value is below `threshold`, and reads only the bits that decide it.
  bool is_below(BitReader& bits, std::uint32_t x, std::uint32_t y, std::uint32_t threshold) {
    std::uint32_t low = 0;
    bool is_known = false;
    for (std::size_t level = count_; level-- > 0;) {
      TagNode& node =
          nodes_[levels_[level].offset + std::size_t{y >> level} * levels_[level].width + (x >> level)];
      low = std::max<std::uint32_t>(low, node.low);
      while (!node.is_known && low < threshold) {
        if (bits.bit() != 0) {
          node.is_known = true;
        } else {
          ++low;
        }
      }
      node.low = static_cast<std::uint16_t>(low);
      is_known = node.is_known;
    }
    return is_known && low < threshold;
  }

 private:
  struct Level {
    std::size_t offset;
    std::uint32_t width;
  };
  TagNode* nodes_;
  std::array<Level, 33> levels_{};
  std::size_t count_ = 0;
};

// Reads the number of passes (table B.4).
std::uint32_t read_pass_count(BitReader& bits) {
  if (bits.bit() == 0) return 1;
  if (bits.bit() == 0) return 2;
  if (const std::uint32_t few = bits.bits(2); few < 3) return 3 + few;
  if (const std::uint32_t more = bits.bits(5); more < 31) return 6 + more;
  return 37 + bits.bits(7);
}

// Returns how many more passes the codeword segment of the next pass can hold (B.10.7.1). An HT block's first
// segment is its cleanup pass.
std::uint32_t segment_room(std::uint32_t passes, std::uint8_t style) {
  if ((style & kHighThroughput) != 0) return passes == 0 ? 1 : kMaxPasses;
  if ((style & kTerminateAll) != 0) return 1;
  if ((style & kBypass) == 0) return kMaxPasses - passes % kMaxPasses;
  if (passes < kPassesBeforeBypass) return kPassesBeforeBypass - passes;
  const std::uint32_t since = (passes - kPassesBeforeBypass) % 3;  // two raw passes, then a coded one
  return since < 2 ? 2 - since : 1;
}

class HeaderReader {
 public:
  HeaderReader(BitReader& bits, std::uint32_t layer, std::uint8_t style)
      : bits_(bits), layer_(layer), style_(style) {}

  bool read(const BlockGrid& grid) {
    if (grid.width == 0 || grid.height == 0) return true;
    TagTree inclusion(grid.inclusion, grid.width, grid.height);
    TagTree bit_planes(grid.bit_planes, grid.width, grid.height);
    for (std::uint32_t y = 0; y < grid.height; ++y) {
      for (std::uint32_t x = 0; x < grid.width; ++x) {
        Block& block = grid.blocks[std::size_t{y} * grid.width + x];
        const bool is_included =
            block.length_bits != 0 ? bits_.bit() != 0 : inclusion.is_below(bits_, x, y, layer_ + 1);
        if (!is_included) continue;
        if (block.length_bits == 0 && !begin(block, bit_planes, x, y)) return false;
        if (!read_lengths(block)) return false;
      }
      if (bits_.is_behind_end()) return false;
    }
    return true;
  }

  std::uint64_t length() const { return length_; }

 private:
  // The number of zero bit-planes is read and ignored.
  bool begin(Block& block, TagTree& bit_planes, std::uint32_t x, std::uint32_t y) {
    block.length_bits = kFirstLengthBits;
    for (std::uint32_t planes = 1; planes <= kMaxZeroBitPlanes; ++planes) {
      if (bit_planes.is_below(bits_, x, y, planes)) return true;
    }
    return false;
  }

  bool read_lengths(Block& block) {
    std::uint32_t passes = read_pass_count(bits_);
    while (bits_.bit() != 0) {
      if (++block.length_bits > kMaxLengthBits) return false;
    }
    while (passes > 0) {
      const std::uint32_t now = std::min(passes, segment_room(block.passes, style_));
      const unsigned width = block.length_bits + static_cast<unsigned>(std::bit_width(now)) - 1;
      if (width > kMaxLengthBits) return false;
      length_ += bits_.bits(width);
      passes -= now;
      block.passes = static_cast<std::uint8_t>(std::min<std::uint32_t>(block.passes + now, 255));
    }
    return !bits_.is_behind_end();
  }

  BitReader& bits_;
  std::uint32_t layer_;
  std::uint8_t style_;
  std::uint64_t length_ = 0;
};

}  // namespace

void BitReader::next_byte() {
  left_ = byte_ == 0xFF ? 7 : 8;
  behind_end_ = behind_end_ || position_ >= bytes_.size();
  byte_ = position_ < bytes_.size() ? bytes_[position_] : 0;
  ++position_;
}

std::uint32_t BitReader::bit() {
  if (left_ == 0) next_byte();
  return byte_ >> --left_ & 1;
}

std::uint32_t BitReader::bits(unsigned count) {
  std::uint32_t value = 0;
  while (count-- > 0) value = value << 1 | bit();
  return value;
}

std::size_t BitReader::align() {
  if (byte_ == 0xFF) next_byte();
  left_ = 0;
  return position_;
}

std::uint64_t tag_nodes(std::uint64_t width, std::uint64_t height) {
  std::uint64_t nodes = width * height;
  while (width > 1 || height > 1) {
    width = width / 2 + width % 2;
    height = height / 2 + height % 2;
    nodes += width * height;
  }
  return nodes;
}

std::optional<std::uint64_t> read_packet_header(BitReader& bits, std::span<const BlockGrid> grids,
                                                std::uint32_t layer, std::uint8_t block_style) {
  HeaderReader reader(bits, layer, block_style);
  if (bits.bit() != 0) {
    for (const BlockGrid& grid : grids) {
      if (!reader.read(grid)) return std::nullopt;
    }
  }
  if (bits.is_behind_end()) return std::nullopt;
  return reader.length();
}

}  // namespace netocr::jp2
