// PNG specification sections 5 (datastream), 11 (chunks). zlib is used for IHDR's CRC and for iCCP
// profiles.
#include "image/png_chunks.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#define ZLIB_CONST  // next_in is a pointer to const
#include <zlib.h>

#include "base/bytes.hpp"
#include "image/exif.hpp"

namespace netocr {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t kChunkOverhead = 12;  // length, type, CRC
constexpr std::size_t kHeaderData = 13;
// Matrix profiles have 0.5 to 4 KiB, those with tables of printers some hundreds.
constexpr std::size_t kFirstProfileRoom = 16U << 10;
constexpr std::size_t kMaxProfile = 4U << 20;
// gAMA is 100000 / gamma; 45455 is sRGB's approximation.
constexpr std::uint32_t kMinSrgbGamma = 43000;
constexpr std::uint32_t kMaxSrgbGamma = 48000;

// Writers make chunks of 4 KiB or more, so that the largest file has 16384 of them.
constexpr std::uint32_t kMaxChunks = 1U << 17;

struct Chunk {
  std::string_view type;  // 4 letters
  Bytes data;             // shorter than `length` when the file is cut off
  std::uint32_t length = 0;
  bool whole = false;  // data and CRC are there
};

Chunk read_chunk(ByteReader& reader) {
  Chunk chunk;
  chunk.length = reader.u32be();
  chunk.type = as_text(reader.take(4));
  chunk.whole = reader.remaining() >= std::uint64_t{chunk.length} + 4;
  chunk.data = reader.take(std::min<std::uint64_t>(chunk.length, reader.remaining()));
  reader.skip(std::min<std::size_t>(4, reader.remaining()));
  return chunk;
}

bool is_pixel_chunk(std::string_view type) {
  return type == "IHDR" || type == "PLTE" || type == "tRNS" || type == "IDAT" || type == "IEND";
}

// What the colour chunks say; by precedence cICP, iCCP, sRGB, gAMA (PNG specification, 4.3).
struct ColorClaims {
  bool has_srgb = false;
  bool foreign_gamma = false;

  void note(const Chunk& chunk, PngHeader& header) {
    ByteReader reader(chunk.data);
    if (chunk.type == "cICP") {
      header.has_cicp = true;
      header.cicp_primaries = reader.u8();
      header.cicp_transfer = reader.u8();
    } else if (chunk.type == "iCCP") {
      header.profile_chunk = chunk.data;
    } else if (chunk.type == "sRGB") {
      has_srgb = true;
    } else if (chunk.type == "gAMA") {
      const std::uint32_t gamma = reader.u32be();
      foreign_gamma = gamma < kMinSrgbGamma || gamma > kMaxSrgbGamma;
    }
  }
};

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

Result<PngHeader> parse_header_chunk(Bytes bytes) {
  ByteReader reader(bytes, kSignature.size());
  if (bytes_at(bytes, kSignature.size() + 4, "CgBI")) {
    return Error{ErrorCode::kUnsupportedFeature, 0, "Apple's CgBI variant of PNG is not decoded"};
  }
  const std::uint32_t length = reader.u32be();
  const Bytes covered = reader.take(4 + kHeaderData);  // type and data
  const std::uint32_t crc = reader.u32be();
  if (!reader.ok() || length != kHeaderData || !bytes_at(covered, 0, "IHDR"))
    return corrupt(8, "no PNG header chunk");
  if (crc32(0, covered.data(), static_cast<uInt>(covered.size())) != crc)
    return corrupt(8, "PNG header chunk is damaged");
  ByteReader data(covered, 4);
  PngHeader header;
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

}  // namespace

Result<PngHeader> read_png_header(Bytes bytes) {
  if (!bytes_at(bytes, 0, kSignature)) return corrupt(0, "no PNG signature");
  auto parsed = parse_header_chunk(bytes);
  if (!parsed.ok()) return parsed;
  PngHeader header = *parsed;
  ColorClaims color;
  bool has_data = false;
  bool has_exif = false;
  std::uint32_t chunks = 0;
  ByteReader reader(bytes, kSignature.size() + kChunkOverhead + kHeaderData);
  while (reader.remaining() >= 8 && !header.complete) {
    const Chunk chunk = read_chunk(reader);
    if (++chunks > kMaxChunks) return corrupt(reader.position(), "the PNG has more than 131072 chunks");
    if (chunk.type == "IDAT") {
      has_data = true;
      header.data_bytes += chunk.data.size();
    } else if (chunk.type == "tRNS") {
      header.has_transparency = true;
    } else if (chunk.type == "IEND") {
      header.complete = true;
      header.has_metadata = header.has_metadata || reader.remaining() > 0;
    } else if (chunk.type == "eXIf" && chunk.whole) {
      if (!has_exif) header.orientation = exif_orientation(chunk.data);
      has_exif = true;
    } else if (chunk.whole) {
      color.note(chunk, header);
    }
    header.has_metadata = header.has_metadata || (!is_pixel_chunk(chunk.type) && chunk.type != "sRGB");
  }
  if (!has_data) return corrupt(reader.position(), "the PNG has no image data");
  const bool has_profile = header.has_cicp || !header.profile_chunk.empty();
  header.foreign_color = color.foreign_gamma && !color.has_srgb && !has_profile;
  return header;
}

Result<Buffer> inflate_png_profile(Bytes chunk) {
  constexpr std::size_t kMaxName = 80;  // with its terminating zero
  const Bytes head = chunk.first(std::min(kMaxName, chunk.size()));
  const auto name_end = std::find(head.begin(), head.end(), std::uint8_t{0});
  const auto start = static_cast<std::size_t>(name_end - head.begin()) + 2;  // the zero and the method
  if (start > chunk.size() || chunk[start - 1] != 0) return corrupt(0, "the PNG's iCCP chunk is damaged");
  Buffer profile;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return Error{ErrorCode::kOutOfMemory, 0, "no memory to inflate"};
  stream.next_in = chunk.data() + start;
  stream.avail_in = static_cast<uInt>(chunk.size() - start);
  int outcome = Z_OK;
  for (std::size_t room = kFirstProfileRoom; outcome == Z_OK && room <= kMaxProfile; room *= 4) {
    if (!profile.resize(room).ok()) break;
    stream.next_out = profile.data() + stream.total_out;
    stream.avail_out = static_cast<uInt>(room - stream.total_out);
    outcome = inflate(&stream, Z_NO_FLUSH);
  }
  const std::size_t size = stream.total_out;
  inflateEnd(&stream);
  if (outcome != Z_STREAM_END) return corrupt(0, "the PNG's ICC profile is damaged or over 4 MiB");
  if (const Status shrunk = profile.resize(size); !shrunk.ok()) return shrunk.error();
  return profile;
}

Bytes PngPixelChunks::next() {
  if (!pending_.empty()) return std::exchange(pending_, Bytes{});
  if (position_ == 0) {
    position_ = kSignature.size();
    return bytes_.first(std::min(kSignature.size(), bytes_.size()));
  }
  ByteReader reader(bytes_, position_);
  while (reader.remaining() >= 8) {
    const std::size_t start = reader.position();
    const Chunk chunk = read_chunk(reader);
    if (!is_pixel_chunk(chunk.type)) continue;
    position_ = reader.position();
    if (chunk.type == "IDAT" && chunk.data.size() < chunk.length) return shorten(chunk.data);
    return bytes_.subspan(start, position_ - start);
  }
  position_ = bytes_.size();
  return {};
}

Bytes PngPixelChunks::shorten(Bytes data) {
  for (std::size_t i = 0; i < 4; ++i) new_header_[i] = static_cast<std::uint8_t>(data.size() >> (24 - 8 * i));
  std::copy_n("IDAT", 4, new_header_.begin() + 4);
  pending_ = data;
  return new_header_;
}

}  // namespace netocr
