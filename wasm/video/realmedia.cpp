// Reads duration and stream types of RealMedia (RM, RMVB): chunks of the RealMedia File Format (RealNetworks,
// 1998).
#include <algorithm>

#include "base/fourcc.hpp"
#include "video/containers.hpp"

namespace netocr::detail {
namespace {

constexpr std::size_t kChunkHeader = 10;  // u32 id, u32 size with this header, u16 version
// FFmpeg's writer counts part of the data chunk's header twice.
constexpr std::uint64_t kDataSlack = 18;

// Reads PROP: six numbers about rates and packets, then the duration in ms.
std::uint32_t read_properties(ByteReader& reader) {
  reader.skip(20);
  return reader.u32be();
}

struct Stream {
  std::uint32_t duration_ms = 0;
  bool is_video = false;
};

// Reads MDPR: stream number, four rates, start, preroll, duration; name and MIME type as u8 length and
// characters.
Stream read_stream(ByteReader& reader) {
  Stream stream;
  reader.skip(2 + 4 * 6);
  stream.duration_ms = reader.u32be();
  reader.skip(reader.u8());
  stream.is_video = as_text(reader.take(reader.u8())).starts_with("video/");
  return stream;
}

bool is_chunk_id(std::uint32_t id) {
  for (const std::string_view name : {".RMF", "PROP", "MDPR", "CONT", "DATA", "INDX"}) {
    if (id == fourcc(name)) return true;
  }
  return false;
}

}  // namespace

Result<ContainerFacts> probe_realmedia(Bytes bytes, StepBudget& steps) {
  ContainerFacts facts;
  std::uint64_t file_ms = 0;
  std::uint64_t streams_ms = 0;
  bool has_data = false;
  ByteReader reader(bytes);
  while (reader.remaining() >= kChunkHeader) {
    const std::size_t start = reader.position();
    if (!steps.take()) return corrupt_video(start, "more chunks than a video has");
    const std::uint32_t id = reader.u32be();
    std::uint64_t size = reader.u32be();
    reader.skip(2);
    if (has_data && !is_chunk_id(id)) break;  // ignores tags that players append
    const std::uint64_t left = bytes.size() - start;
    const bool is_data = id == fourcc("DATA");
    if (is_data && (size == 0 || (size > left && size - left <= kDataSlack))) size = left;
    if (size < kChunkHeader) return corrupt_video(start, "a chunk is smaller than its header");
    if (size > left) return corrupt_video(start, "a chunk is longer than the file");
    has_data = has_data || is_data;
    ByteReader payload(bytes.first(static_cast<std::size_t>(start + size)), reader.position());
    if (id == fourcc("PROP")) file_ms = read_properties(payload);
    if (id == fourcc("MDPR")) {
      const Stream stream = read_stream(payload);
      facts.has_video = facts.has_video || stream.is_video;
      streams_ms = std::max(streams_ms, std::uint64_t{stream.duration_ms});
    }
    if (!payload.ok()) return corrupt_video(start, "a chunk is too short for its fields");
    reader.seek(start + size);
  }
  if (!has_data) return corrupt_video(bytes.size(), "the data chunk is missing: the recording was cut off");
  const std::uint64_t duration = file_ms > 0 ? file_ms : streams_ms;
  if (duration > 0) facts.duration_ms = duration;
  return facts;
}

}  // namespace netocr::detail
