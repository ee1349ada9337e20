// Computes tracks and time of ISO base media files. Clauses are those of ISO/IEC 14496-12.
#include "video/iso_movie.hpp"
#include "base/fourcc.hpp"

#include <algorithm>

namespace netocr::detail {
namespace {

// The version byte and the flags that start every full box (4.2).
struct FullBox {
  std::uint8_t version;
  std::uint32_t flags;
};

FullBox read_full_box(ByteReader& reader) {
  const std::uint8_t version = reader.u8();
  return {version, reader.u24be()};
}

// Reads 32 bits in version 0, 64 bits in version 1.
std::uint64_t read_versioned(ByteReader& reader, std::uint8_t version) {
  return version == 1 ? reader.u64be() : reader.u32be();
}

// Reads the version of a box whose fields begin with the times of creation and modification, and skips these.
std::uint8_t read_dated_box(ByteReader& reader) {
  const std::uint8_t version = read_full_box(reader).version;
  reader.skip(version == 1 ? 16 : 8);
  return version;
}

// All ones mean "unknown" (8.2.2.3).
std::optional<std::uint64_t> read_duration(ByteReader& reader, std::uint8_t version) {
  const std::uint64_t duration = read_versioned(reader, version);
  if (duration == (version == 1 ? ~0ULL : 0xFFFF'FFFFULL)) return std::nullopt;
  return duration;
}

}  // namespace

Status IsoMovie::read(std::uint32_t type, ByteReader reader, std::size_t position, StepBudget& steps) {
  switch (type) {
    case fourcc("moov"):
      seen_moov_ = true;
      break;
    case fourcc("cmov"):  // QuickTime before 2005 could deflate moov; what is in there stays unknown
      compressed_ = true;
      break;
    case fourcc("mvhd"):
      read_movie_header(reader);
      break;
    case fourcc("trak"):
      begin_track();
      break;
    case fourcc("tkhd"):
      read_track_header(reader);
      break;
    case fourcc("mdhd"):
      read_media_header(reader);
      break;
    case fourcc("hdlr"):
      reader.skip(8);
      if (reader.u32be() == fourcc("vide") && track_ != nullptr) track_->is_video = true;
      break;
    case fourcc("stsz"):
    case fourcc("stz2"):
      reader.skip(8);
      if (reader.u32be() > 0 && track_ != nullptr) track_->has_samples = true;
      break;
    case fourcc("mehd"):
      fragments_duration_ = read_duration(reader, read_full_box(reader).version).value_or(0);
      break;
    case fourcc("trex"):
      read_track_defaults(reader);
      break;
    case fourcc("traf"):
      fragment_ = nullptr;
      break;
    case fourcc("tfhd"):
      begin_fragment(reader);
      break;
    case fourcc("tfdt"):
      read_fragment_time(reader);
      break;
    case fourcc("trun"):
      NETOCR_TRY(read_run(reader, position, steps));
      break;
    default:
      return {};
  }
  if (!reader.ok()) return corrupt_video(position, "a box is too short for its fields");
  return {};
}

void IsoMovie::read_movie_header(ByteReader& reader) {
  const std::uint8_t version = read_dated_box(reader);
  timescale_ = reader.u32be();
  duration_ = read_duration(reader, version);
}

void IsoMovie::begin_track() { track_ = track_count_ < tracks_.size() ? &tracks_[track_count_++] : nullptr; }

void IsoMovie::read_track_header(ByteReader& reader) {
  const std::uint8_t version = read_dated_box(reader);
  const std::uint32_t id = reader.u32be();
  reader.skip(4);
  const std::uint64_t duration = read_duration(reader, version).value_or(0);
  if (track_ == nullptr) return;
  track_->id = id;
  track_->movie_duration = duration;
}

void IsoMovie::read_media_header(ByteReader& reader) {
  const std::uint8_t version = read_dated_box(reader);
  const std::uint32_t timescale = reader.u32be();
  const std::uint64_t duration = read_duration(reader, version).value_or(0);
  if (track_ == nullptr) return;
  track_->timescale = timescale;
  track_->media_duration = duration;
}

// Reads trex (8.8.3).
void IsoMovie::read_track_defaults(ByteReader& reader) {
  reader.skip(4);
  IsoTrack* const track = find_track(reader.u32be());
  reader.skip(4);
  const std::uint32_t duration = reader.u32be();
  if (track != nullptr) track->default_sample_duration = duration;
}

// Reads tfhd (8.8.7).
void IsoMovie::begin_fragment(ByteReader& reader) {
  constexpr std::uint32_t kBaseDataOffset = 1;
  constexpr std::uint32_t kSampleDescription = 2;
  constexpr std::uint32_t kSampleDuration = 8;
  const std::uint32_t flags = read_full_box(reader).flags;
  fragment_ = find_track(reader.u32be());
  if ((flags & kBaseDataOffset) != 0) reader.skip(8);
  if ((flags & kSampleDescription) != 0) reader.skip(4);
  const std::uint32_t given = (flags & kSampleDuration) != 0 ? reader.u32be() : 0;
  if (fragment_ == nullptr) return;
  fragment_sample_duration_ = (flags & kSampleDuration) != 0 ? given : fragment_->default_sample_duration;
  if (!fragment_->first_time.has_value() && fragment_->has_samples) {
    fragment_->first_time = 0;
    fragment_->next_time = fragment_->media_duration;
  }
}

// Reads tfdt (8.8.12).
void IsoMovie::read_fragment_time(ByteReader& reader) {
  const std::uint64_t time = read_versioned(reader, read_full_box(reader).version);
  if (fragment_ == nullptr) return;
  fragment_->next_time = time;
}

// Reads trun (8.8.8). Without durations of their own all samples of the run have the default duration of the
// fragment or the track.
Status IsoMovie::read_run(ByteReader& reader, std::size_t position, StepBudget& steps) {
  constexpr std::uint32_t kDuration = 0x100;
  const std::uint32_t flags = read_full_box(reader).flags;
  const std::uint32_t count = reader.u32be();
  if ((flags & 1) != 0) reader.skip(4);  // data offset
  if ((flags & 4) != 0) reader.skip(4);  // flags of the first sample
  std::uint32_t fields = 0;
  for (const std::uint32_t flag : {0x100U, 0x200U, 0x400U, 0x800U}) fields += (flags & flag) != 0 ? 1 : 0;
  if (std::uint64_t{count} * fields * 4 > reader.remaining())
    return corrupt_video(position, "a run is longer than its box");
  std::uint64_t total = std::uint64_t{count} * fragment_sample_duration_;
  if ((flags & kDuration) != 0) {
    if (!steps.take(count)) return corrupt_video(position, "more samples than a video has");
    total = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      total += reader.u32be();
      reader.skip((fields - 1) * std::uint64_t{4});
    }
  }
  if (fragment_ == nullptr) return {};
  if (!fragment_->first_time.has_value()) fragment_->first_time = fragment_->next_time;
  fragment_->next_time = saturating_add(fragment_->next_time, total);
  fragment_->end_time = std::max(fragment_->end_time, fragment_->next_time);
  return {};
}

IsoTrack* IsoMovie::find_track(std::uint32_t id) {
  for (std::size_t i = 0; i < track_count_; ++i) {
    if (tracks_[i].id == id) return &tracks_[i];
  }
  return nullptr;
}

std::uint64_t IsoMovie::fragments_ms() const {
  std::uint64_t longest = 0;
  for (const IsoTrack& track : tracks_) {
    const std::uint64_t first = track.first_time.value_or(0);
    if (track.timescale == 0 || track.end_time <= first) continue;
    longest = std::max(longest, ticks_to_ms(track.end_time - first, track.timescale));
  }
  return longest;
}

std::uint64_t IsoMovie::tracks_ms() const {
  std::uint64_t longest = 0;
  for (const IsoTrack& track : tracks_) {
    if (timescale_ != 0) longest = std::max(longest, ticks_to_ms(track.movie_duration, timescale_));
    if (track.timescale != 0) longest = std::max(longest, ticks_to_ms(track.media_duration, track.timescale));
  }
  return longest;
}

ContainerFacts IsoMovie::facts() const {
  ContainerFacts facts;
  facts.has_video = compressed_;
  for (const IsoTrack& track : tracks_) facts.has_video = facts.has_video || track.is_video;
  const bool header_says = timescale_ != 0 && duration_.has_value();
  std::uint64_t longest = std::max(header_says ? ticks_to_ms(*duration_, timescale_) : 0, fragments_ms());
  if (longest == 0 && timescale_ != 0) longest = ticks_to_ms(fragments_duration_, timescale_);
  if (longest == 0) longest = tracks_ms();
  // A movie with zero in its header and empty tracks has the duration zero; without a value in the header it
  // is unknown.
  if (longest > 0 || header_says) facts.duration_ms = longest;
  return facts;
}

}  // namespace netocr::detail
