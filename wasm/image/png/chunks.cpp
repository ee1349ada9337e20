// Parses PNG specification sections 5 (datastream) and 11 (chunks).
#include "image/png/chunks.hpp"

#include <algorithm>
#include <string_view>

#include "image/meta/exif.hpp"

namespace netocr::png {
namespace {

constexpr std::size_t kHeaderData = 13;
// Writers use chunks of 4 KiB or more, so the largest file has 16384 of them.
constexpr std::uint32_t kMaxChunks = 1U << 17;

Chunk read_chunk(ByteReader& reader) {
  Chunk chunk;
  const std::uint32_t length = reader.u32be();
  chunk.whole = reader.remaining() >= std::uint64_t{length} + 8;
  chunk.covered = reader.take(std::min<std::uint64_t>(std::uint64_t{length} + 4, reader.remaining()));
  chunk.type = as_text(chunk.covered.first(4));
  chunk.data = chunk.covered.subspan(4);
  if (chunk.whole) {
    chunk.crc = reader.u32be();
  } else {
    reader.skip(reader.remaining());
  }
  return chunk;
}

bool is_pixel_chunk(std::string_view type) {
  return type == "IHDR" || type == "PLTE" || type == "tRNS" || type == "IDAT" || type == "IEND";
}

bool is_valid_depth(std::uint8_t color_type, std::uint8_t depth) {
  switch (color_type) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

Error corrupt(std::size_t position, const char* detail) {
  return {ErrorCode::kCorruptImage, position, detail};
}

Result<Header> parse_header_chunk(Bytes bytes) {
  ByteReader reader(bytes, kSignature.size());
  if (bytes_at(bytes, kSignature.size() + 4, "CgBI")) {
    return Error{ErrorCode::kUnsupportedFeature, 0, "Apple's CgBI variant of PNG is not decoded"};
  }
  const std::uint32_t length = reader.u32be();
  const Bytes covered = reader.take(4 + kHeaderData);  // type and data
  const std::uint32_t crc = reader.u32be();
  if (!reader.ok() || length != kHeaderData || !bytes_at(covered, 0, "IHDR"))
    return corrupt(8, "no PNG header chunk");
  if (Crc32().of(covered) != crc) return corrupt(8, "PNG header chunk is damaged");
  ByteReader data(covered, 4);
  Header header;
  header.width = data.u32be();
  header.height = data.u32be();
  header.bit_depth = data.u8();
  header.color_type = data.u8();
  const std::uint8_t compression = data.u8();
  const std::uint8_t filter = data.u8();
  const std::uint8_t interlace = data.u8();
  if (!is_valid_depth(header.color_type, header.bit_depth) || compression != 0 || filter != 0 ||
      interlace > 1) {
    return corrupt(8, "invalid values in the PNG header chunk");
  }
  header.interlaced = interlace == 1;
  header.has_transparency = (header.color_type & 4) != 0;
  return header;
}

constexpr std::size_t kPaletteEntry = 3;
constexpr std::size_t kMaxColors = 256;

bool is_valid_palette(const Chunk& chunk) {
  const std::size_t size = chunk.data.size();
  return size != 0 && size % kPaletteEntry == 0 && size / kPaletteEntry <= kMaxColors;
}

bool is_valid_transparency(const Chunk& chunk, const Header& header) {
  const std::size_t size = chunk.data.size();
  if (header.color_type == 3) return size != 0 && size <= header.palette.size() / kPaletteEntry;
  return (header.color_type == 0 && size == 2) || (header.color_type == 2 && size == 6);
}

bool has_right_crc(const Chunk& chunk) { return chunk.whole && Crc32().of(chunk.covered) == chunk.crc; }

// Records the first valid chunk of each type.
void note_palette(const Chunk& chunk, Header& header) {
  Bytes* target = nullptr;
  if (chunk.type == "PLTE" && is_valid_palette(chunk)) target = &header.palette;
  if (chunk.type == "tRNS" && is_valid_transparency(chunk, header)) target = &header.transparency;
  if (target != nullptr && target->empty() && has_right_crc(chunk)) *target = chunk.data;
}

}  // namespace

Result<Header> read_header(Bytes bytes) {
  if (!bytes_at(bytes, 0, kSignature)) return corrupt(0, "no PNG signature");
  NETOCR_ASSIGN(auto parsed, parse_header_chunk(bytes));
  Header header = parsed;
  bool has_data = false;
  bool has_palette = false;
  bool has_exif = false;
  std::uint32_t chunks = 0;
  ByteReader reader(bytes, kSignature.size() + kChunkOverhead + kHeaderData);
  while (reader.remaining() >= 8 && !header.complete) {
    const std::size_t start = reader.position();
    const Chunk chunk = read_chunk(reader);
    if (++chunks > kMaxChunks) return corrupt(reader.position(), "the PNG has more than 131072 chunks");
    if (!has_data) note_palette(chunk, header);
    has_palette = has_palette || chunk.type == "PLTE";
    if (chunk.type == "IDAT") {
      if (!has_data) header.first_data = start;
      has_data = true;
      header.data_bytes += chunk.data.size();
    } else if (chunk.type == "tRNS") {
      header.has_transparency = true;
    } else if (chunk.type == "IEND") {
      header.complete = true;
      header.has_metadata = header.has_metadata || reader.remaining() > 0;
    } else if (chunk.type == "eXIf" && has_right_crc(chunk)) {
      if (!has_exif) header.orientation = exif_orientation(chunk.data);
      has_exif = true;
    } else if (is_color_chunk(chunk.type)) {
      note_color(chunk.type, chunk.data, !has_data && !has_palette && has_right_crc(chunk), header.color);
    }
    header.has_metadata = header.has_metadata || (!is_pixel_chunk(chunk.type) && chunk.type != "sRGB");
  }
  if (!has_data) return corrupt(reader.position(), "the PNG has no image data");
  return header;
}

Data::Data(Bytes file, std::size_t start) : reader_(file, std::min(file.size(), start)) {}

Bytes Data::next() {
  if (!chunk_.data.empty() && !has_right_crc(chunk_)) ended_ = true;
  chunk_ = {};
  while (!ended_ && reader_.remaining() >= 8) {
    position_ = reader_.position();
    const Chunk chunk = read_chunk(reader_);
    if (chunk.type == "IEND") {
      ended_ = true;
      found_end_ = has_right_crc(chunk);
    } else if (chunk.type == "IDAT" && !chunk.data.empty()) {
      chunk_ = chunk;
      return chunk_.data;
    }
  }
  ended_ = true;
  return {};
}

bool Data::is_whole() {
  while (!next().empty()) {
  }
  return found_end_;
}

}  // namespace netocr::png
