// Reads duration and stream types of AVI: RIFF chunks (AVI RIFF File Reference), OpenDML 1.02 for files
// beyond 1 GiB. The walk is flat: it enters the lists that matter and skips every other chunk.
#include <algorithm>
#include <array>

#include "base/fourcc.hpp"
#include "video/containers.hpp"

namespace netocr::detail {
namespace {

constexpr std::uint32_t kOpenSize =
    0xFFFF'FFFF;  // size of RIFF and movi while a recorder is still writing; 0 as well

struct AviStream {
  bool is_video = false;
  std::uint32_t scale = 0;  // rate / scale is samples (frames) per second
  std::uint32_t rate = 0;
  std::uint32_t length = 0;  // number of samples
  std::uint32_t frames = 0;  // number of chunks in movi
};

struct Chunk {
  std::size_t start = 0;
  std::uint32_t id = 0;
  std::uint32_t list_type = 0;  // type of RIFF and LIST
  std::uint64_t end = 0;        // position behind the padding byte
};

bool is_list(std::uint32_t id) { return id == fourcc("RIFF") || id == fourcc("LIST"); }

class Avi {
 public:
  explicit Avi(std::size_t file_bytes) : file_bytes_(file_bytes) {}
  // Errors: CORRUPT_VIDEO at the chunk when it is too short for its fields.
  Status read(const Chunk& chunk, ByteReader reader);
  bool enters(std::uint32_t list_type) const;
  ContainerFacts facts() const;

 private:
  void read_stream_header(ByteReader& reader);
  void count_frame(std::uint32_t id);
  // Returns 0 for an impossible count, as a sample takes at least a byte: FFmpeg writes 2^30 to a pipe when
  // the length is unknown.
  std::uint32_t believable(std::uint32_t count) const { return count > file_bytes_ ? 0 : count; }
  std::uint64_t stream_ms(const AviStream& stream) const;

  std::size_t file_bytes_;
  std::array<AviStream, 32> streams_{};
  std::size_t stream_count_ = 0;
  std::uint32_t frame_us_ = 0;      // avih: microseconds per frame
  std::uint32_t total_frames_ = 0;  // avih: frames of the first RIFF chunk only; dmlh: of the whole file
};

Status Avi::read(const Chunk& chunk, ByteReader reader) {
  if (chunk.id == fourcc("avih")) {
    frame_us_ = reader.u32le();
    reader.skip(12);
    total_frames_ = std::max(total_frames_, believable(reader.u32le()));
  } else if (chunk.id == fourcc("strh")) {
    read_stream_header(reader);
  } else if (chunk.id == fourcc("dmlh")) {
    total_frames_ = std::max(total_frames_, believable(reader.u32le()));
  } else {
    count_frame(chunk.id);
  }
  if (!reader.ok()) return corrupt_video(chunk.start, "a chunk is too short for its fields");
  return {};
}

void Avi::read_stream_header(ByteReader& reader) {
  AviStream stream;
  stream.is_video = reader.u32be() == fourcc("vids");
  reader.skip(16);  // handler, flags, priority and language, initial frames
  stream.scale = reader.u32le();
  stream.rate = reader.u32le();
  reader.skip(4);  // start
  stream.length = believable(reader.u32le());
  if (stream_count_ < streams_.size()) streams_[stream_count_++] = stream;
}

// Frames are chunks "00dc" (compressed) or "00db" with two digits of the stream's number first.
void Avi::count_frame(std::uint32_t id) {
  const std::uint32_t kind = id & 0xFFFF;
  const std::uint32_t tens = (id >> 24) - '0';
  const std::uint32_t ones = (id >> 16 & 0xFF) - '0';
  if ((kind != fourcc("dc") && kind != fourcc("db")) || tens > 9 || ones > 9) return;
  const std::size_t index = tens * 10 + ones;
  if (index < stream_count_) ++streams_[index].frames;
}

bool Avi::enters(std::uint32_t list_type) const {
  if (list_type != fourcc("movi") && list_type != fourcc("rec ")) {
    return list_type == fourcc("AVI ") || list_type == fourcc("AVIX") || list_type == fourcc("hdrl") ||
           list_type == fourcc("strl") || list_type == fourcc("odml");
  }
  // Frames are counted only when no header contains their number.
  for (const AviStream& stream : streams_) {
    if (stream.is_video && stream.length == 0 && total_frames_ == 0) return true;
  }
  return false;
}

std::uint64_t Avi::stream_ms(const AviStream& stream) const {
  std::uint64_t length = stream.length;
  if (stream.is_video) length = std::max(length, std::uint64_t{total_frames_});
  if (length == 0) length = stream.frames;
  if (stream.scale != 0 && stream.rate != 0) return ticks_to_ms(length * stream.scale, stream.rate);
  return stream.is_video ? ticks_to_ms(length * frame_us_, 1'000'000) : 0;
}

ContainerFacts Avi::facts() const {
  ContainerFacts facts;
  facts.duration_ms = 0;
  for (const AviStream& stream : streams_) {
    facts.has_video = facts.has_video || stream.is_video;
    facts.duration_ms = std::max(*facts.duration_ms, stream_ms(stream));
  }
  return facts;
}

// Reads u32 id | u32 size, little-endian | payload | a padding byte when the size is odd
Result<Chunk> read_chunk(ByteReader& reader, std::uint64_t parent_end) {
  Chunk chunk;
  chunk.start = reader.position();
  chunk.id = reader.u32be();
  const std::uint32_t size = reader.u32le();
  if (is_list(chunk.id)) chunk.list_type = reader.u32be();
  if (!reader.ok()) return corrupt_video(chunk.start, "a chunk is cut off in its header");
  const bool may_be_open = chunk.id == fourcc("RIFF") || chunk.list_type == fourcc("movi");
  const bool is_open = may_be_open && (size == 0 || size == kOpenSize);
  chunk.end = is_open ? parent_end : chunk.start + 8 + std::uint64_t{size};
  // Some writers include the header of the file in its size.
  const std::uint64_t slack = chunk.id == fourcc("RIFF") ? 8 : 0;
  if (chunk.end > parent_end + slack)
    return corrupt_video(chunk.start, "a chunk is longer than the file or than the list around it");
  chunk.end = std::min(chunk.end + (chunk.end - chunk.start) % 2, parent_end);
  if (chunk.end < reader.position()) return corrupt_video(chunk.start, "a list is shorter than its type");
  return chunk;
}

}  // namespace

Result<ContainerFacts> probe_avi(Bytes bytes, StepBudget& steps) {
  Avi file(bytes.size());
  bool has_frames = false;
  ByteReader reader(bytes);
  Nesting nesting(bytes.size());
  for (;;) {
    nesting.close_until(reader.position());
    const std::size_t start = reader.position();
    if (nesting.end() - start < 8) {
      if (nesting.depth() == 0) break;
      reader.seek(nesting.end());
      continue;
    }
    if (nesting.depth() == 0 && !bytes_at(bytes, start, "RIFF")) break;  // data after the last RIFF chunk
    if (!steps.take()) return corrupt_video(start, "more chunks than a video has");
    NETOCR_ASSIGN(const Chunk& chunk, read_chunk(reader, nesting.end()));
    has_frames = has_frames || chunk.list_type == fourcc("movi");
    if (is_list(chunk.id) && file.enters(chunk.list_type)) {
      if (!nesting.open(chunk.end)) return corrupt_video(start, "lists are nested too deeply");
      continue;
    }
    const ByteReader payload(bytes.first(static_cast<std::size_t>(chunk.end)), reader.position());
    NETOCR_TRY(file.read(chunk, payload));
    reader.seek(chunk.end);
  }
  if (!has_frames) return corrupt_video(bytes.size(), "the list of frames (movi) is missing");
  return file.facts();
}

}  // namespace netocr::detail
