// Builds the head of a tile's stream in memory; the data is read from the file.
#include "image/jp2/tile_stream.hpp"

#include <algorithm>
#include <cstring>

namespace netocr::jp2 {
namespace {

// The max total size of the main header's segments that the library reads again for every tile.
constexpr std::uint64_t kMaxRepeatedHeader = 64ULL << 20;
constexpr std::size_t kMaxPacked = 65'532;  // max size of the packet headers in one PPT segment
constexpr std::uint8_t kEnd[] = {0xFF, 0xD9};
constexpr std::uint8_t kEmptyPacket[] = {0, 0xFF, 0x92};  // a packet header of one bit, and EPH

Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

bool is_coding(std::uint16_t marker) {
  return marker == kCod || marker == kCoc || marker == kQcd || marker == kQcc || marker == kRgn ||
         marker == kPoc;
}

void put(std::uint8_t*& target, Bytes bytes) {
  if (!bytes.empty()) std::memcpy(target, bytes.data(), bytes.size());
  target += bytes.size();
}

// Copies the segments that the library needs, in the order of the file.
Result<Buffer> kept_segments(Bytes segments) {
  NETOCR_ASSIGN(auto kept, Buffer::create(segments.size()));
  std::uint8_t* end = kept.data();
  for (std::size_t position = 0; position < segments.size();) {
    const std::size_t start = position;
    NETOCR_ASSIGN(const auto& segment, next_segment(segments, position));
    if (is_coding(segment.marker) || segment.marker == kCap) {
      put(end, segments.subspan(start, position - start));
    }
  }
  NETOCR_TRY(kept.resize(static_cast<std::size_t>(end - kept.data())));
  return kept;
}

}  // namespace

Result<TileStream> TileStream::create(const Header& header, const Tiles& tiles) {
  TileStream stream(header, tiles);
  NETOCR_ASSIGN(stream.main_, kept_segments(header.segments));
  if (std::uint64_t{stream.main_.size()} * header.tile_count() > kMaxRepeatedHeader) {
    return corrupt("JPEG 2000 header is too long for so many tiles");
  }
  return stream;
}

Status TileStream::append(Bytes bytes) {
  if (bytes.size() > head_.size() - head_size_) {
    const std::size_t wanted = std::max(head_.size() * 2, head_size_ + bytes.size());
    NETOCR_TRY(head_.resize(wanted));
  }
  if (!bytes.empty()) std::memcpy(head_.data() + head_size_, bytes.data(), bytes.size());
  head_size_ += bytes.size();
  return {};
}

Status TileStream::append_u16(std::uint32_t value) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  return append(bytes);
}

Status TileStream::append_u32(std::uint32_t value) {
  NETOCR_TRY(append_u16(value >> 16));
  return append_u16(value);
}

Status TileStream::append_segment(std::uint16_t marker, Bytes before, Bytes contents) {
  NETOCR_TRY(append_u16(marker));
  const std::size_t length = 2 + before.size() + contents.size();
  NETOCR_TRY(append_u16(static_cast<std::uint32_t>(length)));
  NETOCR_TRY(append(before));
  return append(contents);
}

// Appends SIZ for a picture of one tile that covers `area`. The tile begins with the picture: if the file's
// tile began before it, its part outside the picture had no samples.
Status TileStream::append_size(const Rect& area) {
  const std::uint32_t fields[] = {area.x1,      area.y1,       area.x0, area.y0,
                                  area.width(), area.height(), area.x0, area.y0};
  NETOCR_TRY(append_u16(kSiz));
  NETOCR_TRY(append_u16(38 + 3 * header_->component_count));
  NETOCR_TRY(append(header_->segments.subspan(4, 2)));
  for (const std::uint32_t field : fields) {
    NETOCR_TRY(append_u32(field));
  }
  NETOCR_TRY(append_u16(header_->component_count));
  return append(header_->component_fields);
}

// Appends packet headers of PPM as PPT; PPM and PPT never occur together. `packed_index` counts over the
// whole tile.
Status TileStream::append_packed(Bytes packet_headers, std::uint32_t& packed_index) {
  while (!packet_headers.empty()) {
    if (packed_index > 255) return corrupt("JPEG 2000 tile has too many packed packet headers");
    const auto number = static_cast<std::uint8_t>(packed_index++);
    const std::size_t part = std::min(packet_headers.size(), kMaxPacked);
    NETOCR_TRY(append_segment(kPpt, Bytes(&number, 1), packet_headers.first(part)));
    packet_headers = packet_headers.subspan(part);
  }
  return {};
}

Status TileStream::append_part_header(const TilePart& part, std::uint32_t& packed_index) {
  for (std::size_t position = 0; position < part.segments.size();) {
    const std::size_t start = position;
    NETOCR_ASSIGN(const auto& segment, next_segment(part.segments, position));
    if (!is_coding(segment.marker) && segment.marker != kPpt) continue;
    NETOCR_TRY(append(part.segments.subspan(start, position - start)));
  }
  return append_packed(part.packet_headers, packed_index);
}

Status TileStream::append_headers(std::uint32_t tile, std::uint64_t data_size) {
  head_size_ = 0;
  NETOCR_TRY(append_u16(kSoc));
  NETOCR_TRY(append_size(header_->tile(tile)));
  NETOCR_TRY(append(main_.span()));
  const std::size_t sot = head_size_;
  // The segment is that of tile 0, part 0 of 1; its length is filled in later.
  constexpr std::uint8_t kSot[] = {0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1};
  NETOCR_TRY(append(kSot));
  std::uint32_t packed_index = 0;
  for (std::uint32_t number = first_part_; number != 0; number = tiles_->parts[number - 1].next) {
    NETOCR_TRY(append_part_header(tiles_->parts[number - 1], packed_index));
  }
  NETOCR_TRY(append_u16(kSod));
  const std::uint64_t length = head_size_ - sot + data_size;
  for (std::size_t i = 0; i < 4; ++i) head_[sot + 6 + i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
  return {};
}

Result<bool> TileStream::select(std::uint32_t tile, const TileCut& cut) {
  first_part_ = tiles_->first[tile];
  data_size_ = 0;
  for (std::uint32_t number = first_part_; number != 0; number = tiles_->parts[number - 1].next) {
    data_size_ += tiles_->parts[number - 1].data.size();
  }
  data_size_ = std::min(data_size_, cut.data_bytes);
  if (data_size_ == 0) return false;
  padding_ = cut.empty_packets * sizeof kEmptyPacket;
  NETOCR_TRY(append_headers(tile, data_size_ + padding_));
  size_ = head_size_ + data_size_ + padding_ + sizeof kEnd;
  position_ = 0;
  return true;
}

std::size_t TileStream::read(MutableBytes target) {
  std::size_t done = 0;
  std::uint64_t start = 0;  // start of the current piece
  const auto copy_from = [&](Bytes piece) {
    if (position_ < start + piece.size() && done < target.size()) {
      const Bytes left = piece.subspan(static_cast<std::size_t>(position_ - start));
      const std::size_t part = std::min(left.size(), target.size() - done);
      std::memcpy(target.data() + done, left.data(), part);
      done += part;
      position_ += part;
    }
    start += piece.size();
  };
  copy_from(Bytes(head_.data(), head_size_));
  std::uint64_t wanted = data_size_;
  for (std::uint32_t number = first_part_; number != 0 && wanted > 0;
       number = tiles_->parts[number - 1].next) {
    const Bytes data = tiles_->parts[number - 1].data;
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), wanted));
    copy_from(data.first(part));
    wanted -= part;
  }
  const std::uint64_t padded = start + padding_;
  for (; position_ >= start && position_ < padded && done < target.size(); ++position_) {
    target[done++] = kEmptyPacket[(position_ - start) % sizeof kEmptyPacket];
  }
  start = padded;
  copy_from(kEnd);
  return done;
}

}  // namespace netocr::jp2
