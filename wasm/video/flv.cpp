// Reads duration and stream types of FLV: Adobe Flash Video File Format 10.1, annex E; script data is AMF0.
#include <algorithm>
#include <bit>
#include <cmath>

#include "video/containers.hpp"

namespace netocr::detail {
namespace {

enum TagType : std::uint8_t { kAudio = 8, kVideo = 9, kScript = 18 };
enum Amf : std::uint8_t {
  kNumber = 0,
  kBoolean = 1,
  kString = 2,
  kObject = 3,
  kNull = 5,
  kUndefined = 6,
  kReference = 7,
  kEcmaArray = 8,
  kStrictArray = 10,
  kDate = 11,
  kLongString = 12,
};

// Skips a value without nested values; returns false for any other or unknown type, as the end of those
// cannot be found.
bool skip_scalar(ByteReader& reader, std::uint8_t type) {
  switch (type) {
    case kNumber:
      reader.skip(8);
      return true;
    case kBoolean:
      reader.skip(1);
      return true;
    case kString:
      reader.skip(reader.u16be());
      return true;
    case kNull:
    case kUndefined:
      return true;
    case kReference:
      reader.skip(2);
      return true;
    case kDate:
      reader.skip(10);
      return true;
    case kLongString:
      reader.skip(reader.u32be());
      return true;
    default:
      return false;
  }
}

// Returns the top-level property "duration" of onMetaData in seconds; 0 when it is missing. Writers put it in
// front: the search ends at the first property that is an object or array (a seek index).
double metadata_duration(Bytes payload, StepBudget& steps) {
  ByteReader reader(payload);
  if (reader.u8() != kString || as_text(reader.take(reader.u16be())) != "onMetaData") return 0;
  const std::uint8_t type = reader.u8();
  if (type == kEcmaArray) reader.skip(4);
  if (type != kEcmaArray && type != kObject) return 0;
  while (reader.ok() && reader.remaining() > 0 && steps.take()) {
    const std::string_view key = as_text(reader.take(reader.u16be()));
    const std::uint8_t value_type = reader.u8();
    if (key == "duration" && value_type == kNumber) {
      const double seconds = std::bit_cast<double>(reader.u64be());
      return reader.ok() && std::isfinite(seconds) ? seconds : 0;
    }
    if (!skip_scalar(reader, value_type)) return 0;
  }
  return 0;
}

class Flv {
 public:
  void read_tag(std::uint8_t type, std::uint32_t time_ms, Bytes payload, StepBudget& steps);
  ContainerFacts facts() const;

 private:
  struct Times {  // times of one kind of tag, in ms
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint64_t count = 0;
    void add(std::uint32_t time);
    std::uint64_t end() const;
  };
  Times audio_;
  Times video_;
  double duration_s_ = 0;
};

void Flv::Times::add(std::uint32_t time) {
  first = count == 0 ? time : std::min(first, time);
  last = std::max(last, time);
  ++count;
}

// The duration of the last tag is the mean of all tags.
std::uint64_t Flv::Times::end() const {
  const std::uint64_t span = last - first;
  return count < 2 ? last : last + (span + (count - 1) / 2) / (count - 1);
}

void Flv::read_tag(std::uint8_t type, std::uint32_t time_ms, Bytes payload, StepBudget& steps) {
  constexpr std::uint8_t kTypeBits = 0x1F;  // bit 5 marks an encrypted tag
  switch (type & kTypeBits) {
    case kAudio:
      audio_.add(time_ms);
      break;
    case kVideo:
      video_.add(time_ms);
      break;
    case kScript:
      if (duration_s_ <= 0) duration_s_ = metadata_duration(payload, steps);
      break;
    default:
      break;
  }
}

ContainerFacts Flv::facts() const {
  ContainerFacts facts;
  facts.has_video = video_.count > 0;
  facts.duration_ms = clamp_ms(duration_s_ * 1000);
  if (*facts.duration_ms > 0) return facts;
  const std::uint64_t begin = audio_.count == 0 ? video_.first : std::min(video_.first, audio_.first);
  facts.duration_ms = std::max(audio_.count == 0 ? 0 : audio_.end(), video_.end()) - begin;
  return facts;
}

}  // namespace

// A file has (E.2) "FLV" 1 | flags | u32 header size | u32 0, then tags:
//   u8 type | u24 size | u24 time, low bits | u8 time, high bits | u24 stream | payload | u32 size of this
//   tag
Result<ContainerFacts> probe_flv(Bytes bytes, StepBudget& steps) {
  Flv file;
  ByteReader reader(bytes, 5);
  reader.seek(std::uint64_t{reader.u32be()} + 4);
  if (!reader.ok()) return corrupt_video(0, "the file ends within its header");
  while (reader.remaining() > 0) {
    const std::size_t start = reader.position();
    if (!steps.take()) return corrupt_video(start, "more tags than a video has");
    const std::uint8_t type = reader.u8();
    const std::uint32_t size = reader.u24be();
    const std::uint32_t low = reader.u24be();
    const std::uint32_t time_ms = std::uint32_t{reader.u8()} << 24 | low;
    reader.skip(3);
    const Bytes payload = reader.take(size);
    if (!reader.ok()) return corrupt_video(start, "a tag is longer than the file");
    file.read_tag(type, time_ms, payload, steps);
    if (reader.remaining() < 4) break;  // some recorders omit the last back pointer
    reader.skip(4);
  }
  return file.facts();
}

}  // namespace netocr::detail
