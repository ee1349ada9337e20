// Parses RFC 9649 section 2: simple files have one chunk, extended ones list the following chunks in VP8X.
#include "image/webp/chunks.hpp"

#include "base/bytes.hpp"
#include "image/meta/exif.hpp"

namespace netocr::webp {
namespace {

constexpr std::size_t kChunkHeader = 8;
constexpr std::size_t kFrameHeader = 16;  // size of ANMF's fields before its chunks

Error corrupt(std::size_t position, const char* detail) {
  return {ErrorCode::kCorruptImage, position, detail};
}

std::uint32_t u24le(ByteReader& in) {
  const std::uint32_t low = in.u16le();
  return low | static_cast<std::uint32_t>(in.u8()) << 16;
}

struct Chunk {
  std::string_view type;
  Bytes contents;         // available part of the contents
  std::size_t start = 0;  // position of its header
  std::size_t end = 0;    // position behind the available part
  bool whole = false;
};

// Returns the chunk at the reader, which moves behind it and its padding. The reader is at its end afterwards
// when less than a header was left.
Chunk next_chunk(ByteReader& in, Bytes bytes) {
  Chunk chunk;
  chunk.start = in.position();
  chunk.type = as_text(in.take(4));
  const std::uint32_t size = in.u32le();
  chunk.whole = in.ok() && size <= in.remaining();
  const std::size_t there = chunk.whole ? size : in.remaining();
  chunk.contents = bytes.subspan(in.position(), there);
  chunk.end = in.position() + there;
  in.skip(there);
  if (size % 2 != 0 && in.remaining() > 0) in.skip(1);
  return chunk;
}

// Reads the frame header of RFC 6386 section 9.1.
Status read_lossy_size(const Chunk& chunk, Header& header) {
  ByteReader in(chunk.contents);
  const std::uint32_t tag = u24le(in);
  const std::uint32_t start_code = u24le(in);
  const std::uint16_t width = in.u16le();
  const std::uint16_t height = in.u16le();
  if (!in.ok()) return corrupt(chunk.end, "WebP picture ends in its header");
  if ((tag & 1) != 0 || start_code != 0x2a019d)
    return corrupt(chunk.start, "WebP picture is not a VP8 key frame");
  header.frame_width = width & 0x3FFF;  // the upper bits request upscaling, which no decoder does
  header.frame_height = height & 0x3FFF;
  return {};
}

// Reads the header of RFC 9649 section 3.4.
Status read_lossless_size(const Chunk& chunk, Header& header) {
  ByteReader in(chunk.contents);
  const std::uint8_t signature = in.u8();
  const std::uint32_t bits = in.u32le();
  if (!in.ok()) return corrupt(chunk.end, "WebP picture ends in its header");
  if (signature != 0x2f || bits >> 29 != 0) return corrupt(chunk.start, "WebP picture is not VP8L");
  header.frame_width = (bits & 0x3FFF) + 1;
  header.frame_height = (bits >> 14 & 0x3FFF) + 1;
  header.has_alpha = (bits >> 28 & 1) != 0;
  header.lossless = true;
  return {};
}

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  Result<Header> read() {
    ByteReader in(bytes_);
    in.skip(4);
    const std::uint64_t end = std::uint64_t{in.u32le()} + kChunkHeader;
    in.skip(4);
    if (!in.ok()) return corrupt(0, "WebP file is cut off");
    header_.complete = end <= bytes_.size();
    header_.has_metadata = end < bytes_.size();
    const std::size_t length = header_.complete ? static_cast<std::size_t>(end) : bytes_.size();
    NETOCR_TRY(walk(in.position(), length));
    if (!found_) return corrupt(length, "WebP file has no picture");
    NETOCR_TRY(place());
    return header_;
  }

 private:
  Status walk(std::size_t start, std::size_t end) {
    const Bytes bytes = bytes_.first(end);
    ByteReader in(bytes, start);
    while (in.remaining() >= kChunkHeader) {
      const Chunk chunk = next_chunk(in, bytes);
      NETOCR_TRY(take(chunk, end));
    }
    return {};
  }

  Status take(const Chunk& chunk, std::size_t end) {
    if (chunk.type == "VP8X") return take_canvas(chunk);
    if (chunk.type == "VP8 " || chunk.type == "VP8L") return found_ ? Status{} : take_picture(chunk);
    if (chunk.type == "ALPH") {
      if (!found_ && alpha_start_ == 0) alpha_start_ = chunk.start;
    } else if (chunk.type == "ANMF") {
      if (found_ || in_frame_) header_.has_metadata = true;
      return found_ || in_frame_ ? Status{} : take_frame(chunk, end);
    } else if (chunk.type != "ANIM") {
      header_.has_metadata = true;
      if (chunk.type == "ICCP") header_.profile = chunk.contents;
      if (chunk.type == "EXIF") header_.orientation = exif_orientation(chunk.contents);
    }
    return {};
  }

  Status take_canvas(const Chunk& chunk) {
    ByteReader in(chunk.contents);
    in.skip(4);  // flags: the chunks themselves decide
    header_.width = u24le(in) + 1;
    header_.height = u24le(in) + 1;
    if (!in.ok()) return corrupt(chunk.start, "WebP canvas is cut off");
    has_canvas_ = true;
    return {};
  }

  Status take_picture(const Chunk& chunk) {
    header_.lossless = chunk.type == "VP8L";
    NETOCR_TRY(header_.lossless ? read_lossless_size(chunk, header_) : read_lossy_size(chunk, header_));
    const bool with_alpha = !header_.lossless && alpha_start_ != 0;
    header_.has_alpha = header_.has_alpha || with_alpha;
    const std::size_t start = with_alpha ? alpha_start_ : chunk.start;
    header_.picture = bytes_.subspan(start, chunk.end - start);
    header_.complete = header_.complete && chunk.whole;
    found_ = true;
    return {};
  }

  Status take_frame(const Chunk& chunk, std::size_t end) {
    ByteReader in(chunk.contents);
    header_.frame_x = u24le(in) * 2;
    header_.frame_y = u24le(in) * 2;
    const std::uint32_t width = u24le(in) + 1;
    const std::uint32_t height = u24le(in) + 1;
    in.skip(4);  // duration, flags: the first frame is drawn on an empty canvas
    if (!in.ok()) return corrupt(chunk.start, "WebP frame is cut off");
    alpha_start_ = 0;
    in_frame_ = true;
    const std::size_t first = chunk.start + kChunkHeader + kFrameHeader;
    NETOCR_TRY(walk(first, chunk.end < end ? chunk.end : end));
    in_frame_ = false;
    if (!found_) return corrupt(chunk.start, "WebP frame has no picture");
    if (width != header_.frame_width || height != header_.frame_height) {
      return corrupt(chunk.start, "WebP frame and its picture differ in size");
    }
    return {};
  }

  // Checks that the picture lies inside the canvas.
  Status place() {
    if (!has_canvas_) {
      header_.width = header_.frame_width;
      header_.height = header_.frame_height;
    }
    if (header_.frame_width == 0 || header_.frame_height == 0) return corrupt(0, "WebP picture has no size");
    if (std::uint64_t{header_.frame_x} + header_.frame_width > header_.width ||
        std::uint64_t{header_.frame_y} + header_.frame_height > header_.height) {
      return corrupt(0, "WebP picture is larger than its canvas");
    }
    return {};
  }

  Bytes bytes_;
  Header header_;
  std::size_t alpha_start_ = 0;  // position of an ALPH chunk whose picture follows; 0: none
  bool has_canvas_ = false;
  bool in_frame_ = false;  // frames cannot be nested
  bool found_ = false;
};

}  // namespace

Result<Header> read_header(Bytes bytes) {
  if (!bytes_at(bytes, 0, "RIFF") || !bytes_at(bytes, 8, "WEBP")) return corrupt(0, "not a WebP file");
  return Reader(bytes).read();
}

}  // namespace netocr::webp
