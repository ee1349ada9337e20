// Reads the main header and walks the tile-parts. Every value that determines an allocation of the library is
// checked here first.
#include "image/jp2/codestream.hpp"

#include <algorithm>
#include <cstring>

#include "base/bytes.hpp"

namespace netocr::jp2 {
namespace {

// The standard allows 65,535 tiles, but the library restarts for each. 16,384 tiles of 128 x 128 are 268
// megapixels.
constexpr std::uint64_t kMaxTiles = 16'384;
// Every tile starts with the parameters of every component, so their product is bounded too.
constexpr std::uint64_t kMaxTileComponents = 200'000;
constexpr std::uint32_t kMaxComponents = 16'384;  // A.5.1
constexpr std::size_t kMaxTileParts = 255 * 1024;
constexpr std::size_t kSotBytes = 12;        // size with the marker
constexpr std::uint8_t kMaxProgression = 4;  // CPRL
// The max number of segments of a valid header: 16,384 components with two segments each, and every index of
// PPM, PLM and TLM.
constexpr std::size_t kMaxSegments = 2 * 16'384 + 3 * 256 + 1024;

Error corrupt(std::size_t position, const char* detail) {
  return {ErrorCode::kCorruptImage, position, detail};
}

constexpr std::uint64_t ceil_divide(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }

Status check_tiling(const Header& header, std::size_t at) {
  const Rect& area = header.area;
  if (area.x0 >= area.x1 || area.y0 >= area.y1) return corrupt(at, "JPEG 2000 picture has no size");
  // The library computes with signed 32-bit numbers.
  if (area.x1 > 0x7FFF'FFFF || area.y1 > 0x7FFF'FFFF) return corrupt(at, "JPEG 2000 picture is out of range");
  if (header.tile_width == 0 || header.tile_height == 0) return corrupt(at, "JPEG 2000 tiles have no size");
  if (header.tile_x0 > area.x0 || header.tile_y0 > area.y0 ||
      std::uint64_t{header.tile_x0} + header.tile_width <= area.x0 ||
      std::uint64_t{header.tile_y0} + header.tile_height <= area.y0) {
    return corrupt(at, "JPEG 2000 tile offset is out of range");
  }
  return {};
}

Status check_components(const Header& header, std::size_t at) {
  for (std::uint32_t i = 0; i < header.component_count; ++i) {
    const Component component = header.component(i);
    if (component.dx == 0 || component.dy == 0) return corrupt(at, "JPEG 2000 subsampling factor is zero");
    if (component.precision > 38) return corrupt(at, "JPEG 2000 component has over 38 bits");
    if (component.precision > 31) {
      return Error{ErrorCode::kUnsupportedFeature, at,
                   "JPEG 2000 component has over 31 bits: convert to 8 or 16"};
    }
    const Rect samples = component_rect(header.area, component, 0);
    if (samples.width() == 0 || samples.height() == 0) {
      return corrupt(at, "JPEG 2000 component has no samples");
    }
  }
  return {};
}

Status read_size(const Segment& segment, std::size_t at, Header& header) {
  ByteReader in(segment.contents);
  in.skip(2);  // capabilities
  header.area.x1 = in.u32be();
  header.area.y1 = in.u32be();
  header.area.x0 = in.u32be();
  header.area.y0 = in.u32be();
  header.tile_width = in.u32be();
  header.tile_height = in.u32be();
  header.tile_x0 = in.u32be();
  header.tile_y0 = in.u32be();
  header.component_count = in.u16be();
  header.component_fields = in.take(std::uint64_t{header.component_count} * 3);
  if (!in.ok() || in.remaining() != 0) return corrupt(at, "JPEG 2000 size segment has a wrong length");
  if (header.component_count == 0 || header.component_count > kMaxComponents) {
    return corrupt(at, "JPEG 2000 component count is out of range");
  }
  NETOCR_TRY(check_tiling(header, at));
  NETOCR_TRY(check_components(header, at));
  const std::uint64_t across = ceil_divide(header.area.x1 - header.tile_x0, header.tile_width);
  const std::uint64_t down = ceil_divide(header.area.y1 - header.tile_y0, header.tile_height);
  if (across * down > kMaxTiles || across * down * header.component_count > kMaxTileComponents) {
    return Error{ErrorCode::kImageTooLarge, at, "JPEG 2000 file has more tiles than the limit"};
  }
  header.tiles_across = static_cast<std::uint32_t>(across);
  header.tiles_down = static_cast<std::uint32_t>(down);
  return {};
}

constexpr std::uint8_t kHtBlocks = 0x40;
constexpr std::uint8_t kMixedBlocks = 0x80;  // HT and others

// Rejects what openjpeg would reject without a distinct error code.
Status check_block_style(std::uint8_t style, std::uint8_t transformation, std::size_t at, Coding& coding) {
  if (transformation > 1) {
    return Error{ErrorCode::kUnsupportedFeature, at, "JPEG 2000 with a wavelet of Part 2: save it as Part 1"};
  }
  if ((style & kMixedBlocks) != 0) {
    return Error{ErrorCode::kUnsupportedFeature, at,
                 "JPEG 2000 with HT and other code-blocks mixed: save it as Part 1"};
  }
  coding.has_ht_blocks = coding.has_ht_blocks || (style & kHtBlocks) != 0;
  return {};
}

// Reads SPcod and SPcoc (table A.20).
Status read_coding_style(ByteReader& in, bool has_precincts, Coding& coding) {
  const std::uint32_t levels = in.u8();
  const std::uint32_t block_width = in.u8() + 2U;
  const std::uint32_t block_height = in.u8() + 2U;
  const std::uint8_t style = in.u8();
  const std::uint8_t transformation = in.u8();
  if (!in.ok() || levels > kMaxLevels) return corrupt(in.position(), "JPEG 2000 level count is out of range");
  NETOCR_TRY(check_block_style(style, transformation, in.position(), coding));
  if (block_width > 10 || block_height > 10 || block_width + block_height > 12) {
    return corrupt(in.position(), "JPEG 2000 code-block size is out of range");
  }
  for (std::uint32_t halvings = levels + 1; has_precincts && halvings-- > 0;) {
    const std::uint8_t size = in.u8();
    const std::uint8_t width = size & 15;
    const std::uint8_t height = size >> 4;
    if (!in.ok() || (halvings != levels && (width == 0 || height == 0))) {
      return corrupt(in.position(), "JPEG 2000 precinct size is out of range");
    }
    coding.min_precinct_width[halvings] = std::min(coding.min_precinct_width[halvings], width);
    coding.min_precinct_height[halvings] = std::min(coding.min_precinct_height[halvings], height);
  }
  coding.max_levels = std::max(coding.max_levels, levels);
  coding.min_levels = std::min(coding.min_levels, levels);
  coding.min_block_width = std::min(coding.min_block_width, block_width);
  coding.min_block_height = std::min(coding.min_block_height, block_height);
  return {};
}

Status read_coding_default(const Segment& segment, Coding& coding) {
  ByteReader in(segment.contents);
  const std::uint8_t style = in.u8();
  const std::uint8_t progression = in.u8();
  const std::uint16_t layers = in.u16be();
  const std::uint8_t transform = in.u8();
  if (!in.ok() || layers == 0 || progression > kMaxProgression || transform > 1)
    return corrupt(in.position(), "JPEG 2000 coding style is damaged");
  coding.may_have_sop = coding.may_have_sop || (style & 2) != 0;
  coding.has_eph = coding.has_eph || (style & 4) != 0;
  coding.layers = std::max<std::uint32_t>(coding.layers, layers);
  coding.transforms_components = coding.transforms_components || transform != 0;
  return read_coding_style(in, (style & 1) != 0, coding);
}

Status read_coding_component(const Segment& segment, std::uint32_t component_count, Coding& coding) {
  ByteReader in(segment.contents);
  in.skip(component_count < 257 ? 1 : 2);
  const std::uint8_t style = in.u8();
  return read_coding_style(in, (style & 1) != 0, coding);
}

// Reads a segment that occurs in main and tile-part headers alike.
Status read_common(const Segment& segment, std::size_t at, Header& header) {
  switch (segment.marker) {
    case kCod:
      return read_coding_default(segment, header.coding);
    case kCoc:
      return read_coding_component(segment, header.component_count, header.coding);
    case kPoc:
      header.coding.changes_progression = true;
      return {};
    case kRgn:
      header.coding.has_roi = true;
      return {};
    case kMct:
    case kMcc:
    case kMco:
      return Error{ErrorCode::kUnsupportedFeature, at,
                   "JPEG 2000 with component transformations of Part 2: save it as Part 1"};
    default:
      return {};
  }
}

// Joins the PPM segments in the order of their index (A.7.4).
Result<Buffer> join_packed_headers(const Header& header) {
  NETOCR_ASSIGN(auto joined, Buffer::create(header.segments.size()));
  std::size_t size = 0;
  for (std::uint32_t index = 0; index < 256; ++index) {
    const std::size_t before = size;
    for (std::size_t position = 0; position < header.segments.size();) {
      NETOCR_ASSIGN(const auto& segment, next_segment(header.segments, position));
      if (segment.marker != kPpm || segment.contents.empty() || segment.contents[0] != index) continue;
      std::memcpy(joined.data() + size, segment.contents.data() + 1, segment.contents.size() - 1);
      size += segment.contents.size() - 1;
    }
    if (size == before) break;  // indices have no gaps
  }
  NETOCR_TRY(joined.resize(size));
  return joined;
}

// Assigns to each tile-part the next run of packet headers.
void share_packed_headers(Tiles& tiles) {
  const Bytes joined = tiles.packed_headers.span();
  ByteReader in(joined);
  for (TilePart& part : tiles.parts.span()) {
    const std::uint32_t length = in.u32be();
    part.packet_headers = in.take(std::min<std::uint64_t>(length, in.remaining()));
  }
}

class TilePartWalk {
 public:
  TilePartWalk(Bytes bytes, Header& header, Tiles& tiles)
      : bytes_(bytes), header_(header), tiles_(tiles), position_(header.first_tile_part) {}

  Status run() {
    NETOCR_ASSIGN(last_, Array<std::uint32_t>::create_zeroed(header_.tile_count()));
    NETOCR_ASSIGN(tiles_.first, Array<std::uint32_t>::create_zeroed(header_.tile_count()));
    tiles_.truncated = true;  // until the end marker is seen
    for (bool more = true; more;) {
      NETOCR_ASSIGN(auto went_on, step());
      more = went_on;
    }
    NETOCR_TRY(tiles_.parts.resize(count_));
    if (count_ == 0) return corrupt(position_, "JPEG 2000 file has no tile");
    for (std::uint32_t tile = 0; tile < header_.tile_count(); ++tile) {
      if (tiles_.first[tile] == 0 && has_samples(header_, tile)) tiles_.truncated = true;
    }
    return {};
  }

 private:
  // Returns false at the end of the readable data.
  Result<bool> step() {
    ByteReader in(bytes_, position_);
    const std::uint16_t marker = in.u16be();
    if (marker == kEoc) tiles_.truncated = cut_off_;
    if (!in.ok() || marker != kSot) return false;
    in.skip(2);  // the length, which is always 10
    const std::uint32_t tile = in.u16be();
    const std::uint32_t length = in.u32be();
    in.skip(2);  // numbers of the part and of all parts: their order in the file counts
    if (!in.ok() || tile >= header_.tile_count() || (length != 0 && length < kSotBytes + 2)) return false;
    const std::size_t left = bytes_.size() - position_;
    std::size_t size = std::min<std::size_t>(length, left);
    if (length == 0) size = bytes_at(bytes_, bytes_.size() - 2, "\xff\xd9") ? left - 2 : left;
    const Bytes part = bytes_.subspan(position_, size);
    NETOCR_ASSIGN(auto taken, take_part(part, tile));
    cut_off_ = cut_off_ || length > left;
    position_ += size;
    return taken;
  }

  Result<bool> take_part(Bytes bytes, std::uint32_t tile) {
    std::size_t position = kSotBytes;
    while (!bytes_at(bytes, position, "\xff\x93")) {
      const std::size_t at = position;
      const auto segment = next_segment(bytes, position);
      if (!segment.ok()) return false;  // truncated inside the header: nothing to decode
      NETOCR_TRY(read_common(*segment, position_ + at, header_));
    }
    TilePart part;
    part.segments = bytes.subspan(kSotBytes, position - kSotBytes);
    part.data = bytes.subspan(position + 2);
    if (count_ == kMaxTileParts)
      return Error{ErrorCode::kImageTooLarge, position_, "too many JPEG 2000 tile-parts"};
    if (count_ == tiles_.parts.size()) {
      NETOCR_TRY(tiles_.parts.resize(count_ * 2 + 16));
    }
    tiles_.parts[count_++] = part;
    const auto number = static_cast<std::uint32_t>(count_);
    if (last_[tile] != 0) tiles_.parts[last_[tile] - 1].next = number;
    if (tiles_.first[tile] == 0) tiles_.first[tile] = number;
    last_[tile] = number;
    return true;
  }

  Bytes bytes_;
  Header& header_;
  Tiles& tiles_;
  Array<std::uint32_t> last_;  // by tile: its last part so far, plus 1
  std::size_t position_;
  std::size_t count_ = 0;
  bool cut_off_ = false;
};

}  // namespace

Component Header::component(std::uint32_t index) const {
  const Bytes field = component_fields.subspan(std::size_t{index} * 3, 3);
  return {static_cast<std::uint8_t>((field[0] & 0x7F) + 1), (field[0] & 0x80) != 0, field[1], field[2]};
}

Rect Header::tile(std::uint32_t index) const {
  const std::uint64_t left = tile_x0 + std::uint64_t{index % tiles_across} * tile_width;
  const std::uint64_t top = tile_y0 + std::uint64_t{index / tiles_across} * tile_height;
  const auto u32 = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
  return {std::max(u32(left), area.x0), std::max(u32(top), area.y0),
          u32(std::min<std::uint64_t>(left + tile_width, area.x1)),
          u32(std::min<std::uint64_t>(top + tile_height, area.y1))};
}

Rect component_rect(const Rect& area, const Component& component, std::uint32_t reduce) {
  const auto scaled = [reduce](std::uint32_t value, std::uint8_t step) {
    return static_cast<std::uint32_t>(ceil_divide(ceil_divide(value, step), std::uint64_t{1} << reduce));
  };
  return {scaled(area.x0, component.dx), scaled(area.y0, component.dy), scaled(area.x1, component.dx),
          scaled(area.y1, component.dy)};
}

bool has_samples(const Header& header, std::uint32_t tile) {
  for (std::uint32_t i = 0; i < header.component_count; ++i) {
    const Rect rect = component_rect(header.tile(tile), header.component(i), 0);
    if (rect.width() != 0 && rect.height() != 0) return true;
  }
  return false;
}

Result<Segment> next_segment(Bytes bytes, std::size_t& position) {
  ByteReader in(bytes, position);
  Segment segment;
  segment.marker = in.u16be();
  if (in.ok() && segment.marker >= 0xFF30 &&
      segment.marker <= 0xFF3F) {  // reserved, without a length (A.1.4)
    position = in.position();
    return segment;
  }
  const std::uint16_t length = in.u16be();
  if (!in.ok() || segment.marker < 0xFF00 || length < 2)
    return corrupt(position, "JPEG 2000 marker expected");
  segment.contents = in.take(length - 2U);
  if (!in.ok()) return corrupt(position, "JPEG 2000 segment is cut off");
  position = in.position();
  return segment;
}

Result<Header> read_header(Bytes bytes) {
  Header header;
  header.coding.min_precinct_width.fill(15);
  header.coding.min_precinct_height.fill(15);
  if (!bytes_at(bytes, 0, "\xff\x4f\xff\x51"))
    return corrupt(0, "JPEG 2000 codestream does not begin with SOC and SIZ");
  bool has_coding = false;
  bool has_quantisation = false;
  std::size_t position = 2;
  for (std::size_t count = 0; !bytes_at(bytes, position, "\xff\x90"); ++count) {
    const std::size_t at = position;
    if (count == kMaxSegments) return corrupt(at, "JPEG 2000 header has too many segments");
    NETOCR_ASSIGN(const auto& segment, next_segment(bytes, position));
    if (segment.marker == kSiz) {
      if (at != 2) return corrupt(at, "JPEG 2000 codestream has two size segments");
      NETOCR_TRY(read_size(segment, at, header));
    }
    has_coding = has_coding || segment.marker == kCod;
    has_quantisation = has_quantisation || segment.marker == kQcd;
    header.has_comment = header.has_comment || segment.marker == kCom;
    NETOCR_TRY(read_common(segment, at, header));
  }
  if (!has_coding || !has_quantisation)
    return corrupt(position, "JPEG 2000 coding style or quantisation is missing");
  header.segments = bytes.subspan(2, position - 2);
  header.first_tile_part = position;
  return header;
}

Result<Tiles> read_tiles(Bytes bytes, Header& header) {
  Tiles tiles;
  NETOCR_TRY(TilePartWalk(bytes, header, tiles).run());
  if (header.coding.has_ht_blocks && header.coding.has_roi) {
    return Error{ErrorCode::kUnsupportedFeature, 0,
                 "JPEG 2000 with a region of interest in HT code-blocks: save it as Part 1"};
  }
  NETOCR_ASSIGN(tiles.packed_headers, join_packed_headers(header));
  if (!tiles.packed_headers.empty()) share_packed_headers(tiles);
  return tiles;
}

}  // namespace netocr::jp2
