// Reads duration and stream types of ASF (WMV): Advanced Systems Format Specification 01.20.03.
#include <algorithm>

#include "video/containers.hpp"

namespace netocr::detail {
namespace {

// GUIDs as they are stored in the file (section 10).
constexpr std::string_view kDataObject{"\x36\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C",
                                       16};
constexpr std::string_view kFileProperties{"\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11\x8E\xE4\x00\xC0\x0C\x20\x53\x65",
                                           16};
constexpr std::string_view kVideoMedia{"\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11\xA8\xFD\x00\x80\x5F\x5C\x44\x2B",
                                       16};
constexpr std::size_t kObjectHeader = 24;  // GUID and u64 size
constexpr std::size_t kHeaderFields = 6;   // count of objects and two reserved bytes

struct Object {
  std::size_t start = 0;
  std::uint64_t end = 0;
  Bytes guid;
};

struct FileProperties {
  std::uint64_t play_duration = 0;  // unit 100 ns, with the preroll
  std::uint64_t preroll_ms = 0;
  bool broadcast = false;  // written live: the durations are not valid
};

// Reads the File Properties Object (3.2); the reader is behind the object's header.
FileProperties read_file_properties(ByteReader& reader) {
  FileProperties properties;
  reader.skip(16 + 8 + 8 + 8);  // file id, file size, creation date, packet count
  properties.play_duration = reader.u64le();
  reader.skip(8);  // send duration
  properties.preroll_ms = reader.u64le();
  properties.broadcast = (reader.u32le() & 1) != 0;
  return properties;
}

// The reader is at an object, with at least its header ahead. A data object may be endless in a broadcast.
Result<Object> read_object(ByteReader& reader, std::uint64_t parent_end, bool broadcast) {
  Object object;
  object.start = reader.position();
  object.guid = reader.take(16);
  const std::uint64_t size = reader.u64le();
  const bool is_data = bytes_at(object.guid, 0, kDataObject);
  const bool is_open = is_data && (size == 0 || broadcast);
  if (!is_open && size < kObjectHeader)
    return corrupt_video(object.start, "an object is smaller than its header");
  if (!is_open && size > parent_end - object.start) {
    return corrupt_video(object.start, "an object is longer than the file or than the header around it");
  }
  object.end = is_open ? parent_end : object.start + size;
  return object;
}

// The media type of a stream is in a Stream Properties Object (3.3), which may be embedded in an Extended
// Stream Properties Object (4.1): a search for the GUID finds both.
bool names_video(Bytes header) {
  const std::string_view text = as_text(header);
  return text.find(kVideoMedia) != std::string_view::npos;
}

ContainerFacts facts_of(const FileProperties& properties, bool has_video) {
  constexpr std::uint32_t kTicksPerSecond = 10'000'000;
  ContainerFacts facts;
  facts.has_video = has_video;
  const std::uint64_t played_ms = ticks_to_ms(properties.play_duration, kTicksPerSecond);
  if (!properties.broadcast && played_ms > properties.preroll_ms)
    facts.duration_ms = played_ms - properties.preroll_ms;
  return facts;
}

}  // namespace

Result<ContainerFacts> probe_asf(Bytes bytes, StepBudget& steps) {
  FileProperties properties;
  bool has_video = false;
  bool has_data = false;
  ByteReader reader(bytes);
  Nesting nesting(bytes.size());
  for (;;) {
    nesting.close_until(reader.position());
    const std::size_t start = reader.position();
    if (nesting.end() - start < kObjectHeader) {
      if (nesting.depth() == 0) break;
      reader.seek(nesting.end());
      continue;
    }
    if (has_data && nesting.depth() == 0) break;  // indexes, which players do not need, or foreign bytes
    if (!steps.take()) return corrupt_video(start, "more objects than a video has");
    NETOCR_ASSIGN(const Object& object, read_object(reader, nesting.end(), properties.broadcast));
    has_data = has_data || bytes_at(object.guid, 0, kDataObject);
    if (start == 0) {
      reader.skip(kHeaderFields);
      has_video = names_video(bytes.first(static_cast<std::size_t>(object.end)));
      if (object.end < reader.position() || !nesting.open(object.end)) {
        return corrupt_video(start, "the header object is too short for its fields");
      }
      continue;
    }
    if (bytes_at(object.guid, 0, kFileProperties)) {
      ByteReader payload(bytes.first(static_cast<std::size_t>(object.end)), reader.position());
      properties = read_file_properties(payload);
      if (!payload.ok()) return corrupt_video(start, "an object is too short for its fields");
    }
    reader.seek(object.end);
  }
  if (!has_data) return corrupt_video(bytes.size(), "the data object is missing: the recording was cut off");
  return facts_of(properties, has_video);
}

}  // namespace netocr::detail
