// Walks the packets in the order of the file until the data ends.
#include "image/jp2/packets.hpp"

#include <cstring>

#include "base/bytes.hpp"
#include "image/jp2/packet_header.hpp"
#include "image/jp2/progression.hpp"

namespace netocr::jp2 {
namespace {

constexpr std::size_t kSopBytes = 6;
constexpr std::size_t kEphBytes = 2;

// A growing array of zero-initialised elements.
template <typename T>
class Pool {
 public:
  Status add(std::uint64_t count) {
    NETOCR_ASSIGN(const auto wanted, checked_product(size_ + count, 1));
    if (wanted > elements_.size()) {
      NETOCR_TRY(elements_.resize(std::max(wanted, elements_.size() / 2 * 3)));
    }
    if (count > 0) std::memset(elements_.data() + size_, 0, (wanted - size_) * sizeof(T));
    size_ = wanted;
    return {};
  }
  void clear() { size_ = 0; }
  T* at(std::size_t index) { return elements_.data() + index; }
  std::size_t size() const { return size_; }
  Bytes span() const { return Bytes(elements_.data(), size_); }

 private:
  Array<T> elements_;
  std::size_t size_ = 0;
};

// Counts the layers of a precinct that were seen, and locates the state of its code-blocks.
struct Precinct {
  std::uint16_t seen_layers;
  bool is_there;  // the first layer is complete
  std::uint32_t first_node;
  std::uint32_t first_block;
};

class PacketWalk {
 public:
  PacketWalk(const TileLayout& layout, std::uint32_t layers) : layout_(layout), layers_(layers) {}

  // Joins the data and the packed headers of the tile's parts, and creates the precincts.
  Status prepare(const Tiles& tiles, std::uint32_t tile) {
    std::array<Bytes, 256> packed{};  // contents of PPT by index, as any order is allowed
    for (std::uint32_t part = tiles.first[tile]; part != 0; part = tiles.parts[part - 1].next) {
      const TilePart& taken = tiles.parts[part - 1];
      NETOCR_TRY(append(data_, taken.data));
      NETOCR_TRY(append(packed_, taken.packet_headers));
      find_packed(taken.segments, packed);
    }
    for (const Bytes headers : packed) {
      NETOCR_TRY(append(packed_, headers));
    }
    NETOCR_ASSIGN(precincts_, Array<Precinct>::create_zeroed(layout_.precinct_count()));
    return {};
  }

  Status run() {
    for (const Progression& progression : layout_.coding().progressions.span()) {
      const auto visit = [this](const Packet& packet) { return take(packet); };
      if (!PacketOrder(layout_, progression, visit).run()) break;
    }
    return status_;
  }

  std::uint64_t missing() const { return missing_; }
  std::size_t bytes() const { return position_; }

  std::uint64_t end_of(std::uint32_t component, std::uint32_t resolutions) const {
    std::uint64_t end = layout_.area().y1;
    for (std::uint32_t number = 0; number < resolutions; ++number) {
      const Resolution& resolution = *layout_.resolution(component, number);
      const std::uint32_t row = first_missing_row(resolution);
      if (row < resolution.down) end = std::min(end, layout_.precinct_top(component, resolution, row));
    }
    return end;
  }

 private:
  static void find_packed(Bytes segments, std::array<Bytes, 256>& packed) {
    for (std::size_t position = 0; position < segments.size();) {
      const auto segment = next_segment(segments, position);
      if (!segment.ok()) return;
      if (segment->marker == kPpt && !segment->contents.empty())
        packed[segment->contents[0]] = segment->contents.subspan(1);
    }
  }

  static Status append(Pool<std::uint8_t>& pool, Bytes bytes) {
    const std::size_t end = pool.size();
    NETOCR_TRY(pool.add(bytes.size()));
    if (!bytes.empty()) std::memcpy(pool.at(end), bytes.data(), bytes.size());
    return {};
  }

  // A packet that an earlier progression contained is skipped. Behind the end of the data packets are only
  // counted, and only if the caller needs the count (EPH).
  bool take(const Packet& packet) {
    Precinct& precinct = precincts_[packet.resolution->first_precinct + packet.precinct];
    if (packet.layer != precinct.seen_layers) return true;
    ++precinct.seen_layers;
    if (missing_ > 0) {
      ++missing_;
      return layout_.coding().has_eph;
    }
    const BlockCounts counts = layout_.block_counts(packet.component, *packet.resolution, packet.precinct);
    if (packet.layer == 0) status_ = add_blocks(counts, precinct);
    if (!status_.ok()) return false;
    if (read(packet, counts, precinct)) {
      precinct.is_there = true;
    } else {
      missing_ = 1;
    }
    return true;
  }

  // Adds state for a precinct's code-blocks; with a single layer it is reused for the next precinct.
  Status add_blocks(const BlockCounts& counts, Precinct& precinct) {
    if (layers_ == 1) {
      nodes_.clear();
      blocks_.clear();
    }
    precinct.first_node = static_cast<std::uint32_t>(nodes_.size());
    precinct.first_block = static_cast<std::uint32_t>(blocks_.size());
    for (std::uint32_t i = 0; i < counts.subbands; ++i) {
      if (counts.width[i] == 0) continue;
      NETOCR_TRY(nodes_.add(2 * tag_nodes(counts.width[i], counts.height[i])));
      NETOCR_TRY(blocks_.add(std::uint64_t{counts.width[i]} * counts.height[i]));
    }
    return {};
  }

  std::array<BlockGrid, 3> grids_of(const BlockCounts& counts, const Precinct& precinct) {
    std::array<BlockGrid, 3> grids{};
    std::size_t node = precinct.first_node;
    std::size_t block = precinct.first_block;
    for (std::uint32_t i = 0; i < counts.subbands; ++i) {
      if (counts.width[i] == 0) continue;
      const auto nodes = static_cast<std::size_t>(tag_nodes(counts.width[i], counts.height[i]));
      grids[i] = {counts.width[i], counts.height[i], nodes_.at(node), nodes_.at(node + nodes),
                  blocks_.at(block)};
      node += 2 * nodes;
      block += std::size_t{counts.width[i]} * counts.height[i];
    }
    return grids;
  }

  // Returns whether the packet at the position is complete, and moves behind it if so.
  bool read(const Packet& packet, const BlockCounts& counts, const Precinct& precinct) {
    const TileCoding& coding = layout_.coding();
    const Bytes data = data_.span();
    std::size_t body = position_;
    if (coding.may_have_sop && bytes_at(data, body, "\xff\x91")) body += kSopBytes;
    const bool is_packed = packed_.size() > 0;
    const Bytes headers = is_packed ? packed_.span() : data;
    std::size_t& at = is_packed ? packed_position_ : body;
    if (at >= headers.size()) return false;
    BitReader bits(headers.subspan(at));
    const auto length = read_packet_header(bits, grids_of(counts, precinct), packet.layer,
                                           coding.components[packet.component].block_style);
    if (!length) return false;
    at += bits.align();
    if (bits.is_behind_end()) return false;
    if (coding.has_eph) {
      if (!bytes_at(headers, at, "\xff\x92")) return false;
      at += kEphBytes;
    }
    if (body > data.size() || *length > data.size() - body) return false;
    position_ = body + static_cast<std::size_t>(*length);
    return true;
  }

  // Returns the first row of precincts in which one lacks the first layer.
  std::uint32_t first_missing_row(const Resolution& resolution) const {
    const std::uint32_t count = resolution.across * resolution.down;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!precincts_[resolution.first_precinct + i].is_there) return i / resolution.across;
    }
    return resolution.down;
  }

  const TileLayout& layout_;
  std::uint32_t layers_;
  Pool<std::uint8_t> data_;
  Pool<std::uint8_t> packed_;  // packet headers from PPM or PPT
  std::size_t position_ = 0;
  std::size_t packed_position_ = 0;
  Array<Precinct> precincts_;
  Pool<TagNode> nodes_;
  Pool<Block> blocks_;
  Status status_;
  std::uint64_t missing_ = 0;
};

}  // namespace

Result<TileExtent> measure_tile(const Header& header, const Tiles& tiles, std::uint32_t tile,
                                std::uint32_t reduce, std::span<const std::uint32_t> components) {
  const Rect area = header.tile(tile);
  if (tiles.first[tile] == 0) {
    const bool is_empty = !has_samples(header, tile);
    return TileExtent{is_empty ? area.y1 : area.y0, is_empty, 0, 0};
  }
  NETOCR_ASSIGN(const auto& layout, TileLayout::create(header, tiles, tile));
  PacketWalk walk(layout, header.coding.layers);
  NETOCR_TRY(walk.prepare(tiles, tile));
  NETOCR_TRY(walk.run());
  std::uint64_t end = area.y1;
  for (const std::uint32_t component : components) {
    const std::uint32_t levels = layout.levels(component);
    const std::uint32_t decoded = levels + 1 - std::min(reduce, levels);
    end = std::min(end, walk.end_of(component, std::min((levels + 2) / 2, decoded)));
  }
  return TileExtent{static_cast<std::uint32_t>(end), walk.missing() == 0, walk.bytes(), walk.missing()};
}

}  // namespace netocr::jp2
