// Presents one tile of a codestream as a codestream of its own. The library then needs memory for one tile at
// a time in any order of the file's tile-parts, and a missing or damaged tile does not affect the others.
#pragma once

#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

// The end of the data of a truncated tile, so that the bytes behind it do not confuse the library.
struct TileCut {
  std::uint64_t data_bytes = ~std::uint64_t{0};  // size of the data that is used; a whole number of packets
  std::uint64_t empty_packets = 0;  // number of packets with EPH markers that replace the missing ones
};

// The stream that the library reads: SOC, SIZ with this tile as the whole picture (at the same place of the
// reference grid, so that all partitions stay), the coding and quantisation segments, one SOT with the
// headers of all the tile's parts, SOD, their data joined, EOC. Packet headers of PPM become PPT. Index and
// comment segments are left out.
class TileStream {
 public:
  // `header` and `tiles` must outlive the stream. Errors: OUT_OF_MEMORY, CORRUPT_IMAGE (a header that is out
  // of proportion).
  static Result<TileStream> create(const Header& header, const Tiles& tiles);

  // Moves to the beginning of another tile's stream. Returns false when the file has no data of it. Errors:
  // OUT_OF_MEMORY, CORRUPT_IMAGE.
  Result<bool> select(std::uint32_t tile, const TileCut& cut);

  std::uint64_t size() const { return size_; }
  // Copies the next bytes, up to `target`'s size; returns 0 at the end.
  std::size_t read(MutableBytes target);
  void seek(std::uint64_t position) { position_ = position < size_ ? position : size_; }
  std::uint64_t position() const { return position_; }

 private:
  TileStream(const Header& header, const Tiles& tiles) : header_(&header), tiles_(&tiles) {}
  Status append(Bytes bytes);
  Status append_u16(std::uint32_t value);
  Status append_u32(std::uint32_t value);
  Status append_segment(std::uint16_t marker, Bytes before, Bytes contents);
  Status append_size(const Rect& area);
  Status append_part_header(const TilePart& part, std::uint32_t& packed_index);
  Status append_packed(Bytes packet_headers, std::uint32_t& packed_index);
  Status append_headers(std::uint32_t tile, std::uint64_t data_size);

  const Header* header_;
  const Tiles* tiles_;
  Buffer main_;  // the kept segments of the main header
  Buffer head_;  // everything before the data of the selected tile
  std::size_t head_size_ = 0;
  std::uint32_t first_part_ = 0;  // first part of the selected tile, plus 1
  std::uint64_t data_size_ = 0;   // size of the used data
  std::uint64_t padding_ = 0;     // size of the empty packets
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
};

}  // namespace netocr::jp2
