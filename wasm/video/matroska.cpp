// Reads duration and track types of Matroska and WebM: the elements are those of RFC 9559. The walk is flat:
// it enters the master elements that matter and skips all others; as element ids are unique in the whole
// document, the parent of a child does not matter.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/ebml.hpp"
#include "video/containers.hpp"

namespace netocr::detail {
namespace {

enum Id : std::uint32_t {
  kSegment = 0x18538067,
  kInfo = 0x1549A966,
  kTimestampScale = 0x2AD7B1,
  kDuration = 0x4489,
  kTracks = 0x1654AE6B,
  kTrackEntry = 0xAE,
  kTrackNumber = 0xD7,
  kTrackType = 0x83,
  kDefaultDuration = 0x23E383,
  kCluster = 0x1F43B675,
  kTimestamp = 0xE7,
  kSimpleBlock = 0xA3,
  kBlockGroup = 0xA0,
  kBlock = 0xA1,
  kBlockDuration = 0x9B,
};

// Times are in ticks of the segment's TimestampScale.
struct MatroskaTrack {
  std::uint64_t number = 0;
  std::uint64_t type = 0;
  std::uint64_t frame_ns = 0;  // DefaultDuration; 0 when missing
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::uint64_t last_duration = 0;  // BlockDuration of the last block; 0 when missing
  std::uint64_t count = 0;
};

constexpr std::uint64_t kVideoType = 1;
constexpr std::uint64_t kAudioType = 2;

bool is_master(std::uint32_t id) {
  return id == kSegment || id == kInfo || id == kTracks || id == kTrackEntry || id == kCluster ||
         id == kBlockGroup;
}

class Matroska {
 public:
  // Reads one element that is not a master. Errors: CORRUPT_VIDEO at `position`, the element's start.
  Status read(std::uint32_t id, Bytes payload, std::size_t position);
  void begin_track() { track_ = track_count_ < tracks_.size() ? &tracks_[track_count_++] : nullptr; }
  bool duration_is_known() const { return std::isfinite(duration_) && duration_ > 0; }
  ContainerFacts facts() const;

 private:
  Status read_number(std::uint32_t id, std::uint64_t value, std::size_t position);
  Status read_block(Bytes payload, std::size_t position);
  double frame_ticks(const MatroskaTrack& track) const;
  double span_of_blocks() const;

  std::array<MatroskaTrack, 32> tracks_{};
  std::size_t track_count_ = 0;
  MatroskaTrack* track_ = nullptr;  // track of the open TrackEntry
  MatroskaTrack* block_track_ =
      nullptr;  // track of the last block read, if the block is the latest of its track
  std::uint64_t scale_ns_ = 1'000'000;
  double duration_ = 0;
  std::int64_t cluster_time_ = 0;
};

Status Matroska::read(std::uint32_t id, Bytes payload, std::size_t position) {
  switch (id) {
    case kDuration:
      duration_ = read_ebml_float(payload);
      return {};
    case kSimpleBlock:
    case kBlock:
      return read_block(payload, position);
    case kTimestampScale:
    case kTrackNumber:
    case kTrackType:
    case kDefaultDuration:
    case kTimestamp:
    case kBlockDuration:
      if (payload.size() > 8) return corrupt_video(position, "a number of more than eight bytes");
      return read_number(id, read_ebml_unsigned(payload), position);
    default:
      return {};
  }
}

Status Matroska::read_number(std::uint32_t id, std::uint64_t value, std::size_t position) {
  constexpr std::uint64_t kMaxTime = 1ULL << 60;
  if (id == kTimestampScale) {
    if (value == 0) return corrupt_video(position, "a timestamp scale of zero");
    scale_ns_ = value;
  } else if (id == kTimestamp) {
    if (value > kMaxTime) return corrupt_video(position, "a cluster time out of range");
    cluster_time_ = static_cast<std::int64_t>(value);
  } else if (id == kBlockDuration) {
    if (block_track_ != nullptr) block_track_->last_duration = value;
  } else if (track_ != nullptr) {
    if (id == kTrackNumber) track_->number = value;
    if (id == kTrackType) track_->type = value;
    if (id == kDefaultDuration) track_->frame_ns = value;
  }
  return {};
}

// A block (RFC 9559, 10.1) has a track number, the time relative to the cluster (signed 16 bits), flags,
// frames.
Status Matroska::read_block(Bytes payload, std::size_t position) {
  ByteReader reader(payload);
  const EbmlInt number = read_ebml_int(reader);
  const auto relative = static_cast<std::int16_t>(reader.u16be());
  if (number.length == 0 || !reader.ok())
    return corrupt_video(position, "a block is shorter than its header");
  const std::int64_t time = cluster_time_ + relative;
  block_track_ = nullptr;
  for (std::size_t i = 0; i < track_count_; ++i) {
    MatroskaTrack& track = tracks_[i];
    if (track.number != number.value) continue;
    track.first = track.count == 0 ? time : std::min(track.first, time);
    if (track.count++ != 0 && time <= track.last) break;
    track.last = time;
    track.last_duration = 0;
    block_track_ = &track;
    break;
  }
  return {};
}

// Returns the duration of the last block of a track: the declared one, else the mean distance of the track's
// blocks.
double Matroska::frame_ticks(const MatroskaTrack& track) const {
  if (track.last_duration > 0) return static_cast<double>(track.last_duration);
  if (track.frame_ns > 0) return static_cast<double>(track.frame_ns) / static_cast<double>(scale_ns_);
  return track.count < 2
             ? 0
             : static_cast<double>(track.last - track.first) / static_cast<double>(track.count - 1);
}

// Returns the ticks from the first block of any track to the end of the last one; zero without blocks.
double Matroska::span_of_blocks() const {
  double end = 0;
  double begin = 0;
  bool any = false;
  for (const MatroskaTrack& track : tracks_) {
    if (track.count == 0 || (track.type != kVideoType && track.type != kAudioType)) continue;
    const double track_end = static_cast<double>(track.last) + frame_ticks(track);
    begin = any ? std::min(begin, static_cast<double>(track.first)) : static_cast<double>(track.first);
    end = any ? std::max(end, track_end) : track_end;
    any = true;
  }
  return end - begin;
}

ContainerFacts Matroska::facts() const {
  ContainerFacts facts;
  for (const MatroskaTrack& track : tracks_) facts.has_video = facts.has_video || track.type == kVideoType;
  const double ticks = duration_is_known() ? duration_ : span_of_blocks();
  if (ticks > 0) facts.duration_ms = clamp_ms(ticks * static_cast<double>(scale_ns_) / 1e6);
  return facts;
}

// Returns whether the walk enters the element. With a known duration clusters are only skipped.
bool is_entered(const EbmlElement& element, const Matroska& file) {
  if (element.id == kCluster && file.duration_is_known()) return element.unknown_size;
  return is_master(element.id);
}

}  // namespace

Result<ContainerFacts> probe_matroska(Bytes bytes, StepBudget& steps) {
  Matroska file;
  ByteReader reader(bytes);
  Nesting nesting(bytes.size());
  bool in_segment = false;
  for (;;) {
    nesting.close_until(reader.position());
    const std::size_t start = reader.position();
    if (start == bytes.size() || (in_segment && nesting.depth() == 0))
      break;  // ignores bytes behind the segment
    if (!steps.take()) return corrupt_video(start, "more elements than a video has");
    NETOCR_ASSIGN(const EbmlElement& element, read_ebml_element(reader));
    const bool entered = is_entered(element, file);
    if (element.unknown_size && element.id != kSegment && element.id != kCluster)
      return corrupt_video(start, "an element without an end");
    const std::uint64_t end = element.unknown_size ? nesting.end() : reader.position() + element.size;
    if (end < reader.position() || end > nesting.end()) {
      return corrupt_video(start, "an element is longer than the file or than the element around it");
    }
    // Only elements of a known size form a level: an endless one ends with its parent.
    const bool is_level = element.id == kSegment || !element.unknown_size;
    if (entered && is_level && !nesting.open(end))
      return corrupt_video(start, "elements are nested too deeply");
    if (element.id == kTrackEntry) file.begin_track();
    in_segment = in_segment || element.id == kSegment;
    if (entered) continue;
    const Bytes payload = bytes.subspan(reader.position(), static_cast<std::size_t>(element.size));
    NETOCR_TRY(file.read(element.id, payload, start));
    reader.seek(end);
  }
  if (!in_segment) return corrupt_video(bytes.size(), "the segment is missing");
  return file.facts();
}

}  // namespace netocr::detail
