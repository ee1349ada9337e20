// What the boxes of an ISO base media file (MP4, MOV, 3GP) say about tracks and time. iso_media.cpp walks the
// boxes and hands each one here; the walk is flat, so "current track" and "current fragment" are state.
#pragma once

#include <array>
#include <optional>

#include "video/containers.hpp"

namespace netocr::detail {

struct IsoTrack {
  std::uint32_t id = 0;
  std::uint32_t timescale = 0;       // ticks per second, of mdhd
  std::uint64_t movie_duration = 0;  // tkhd, in the movie's timescale
  std::uint64_t media_duration = 0;  // mdhd, in ticks
  bool is_video = false;
  bool has_samples = false;                   // in moov itself, not in fragments
  std::uint32_t default_sample_duration = 0;  // trex, in ticks
  std::optional<std::uint64_t> first_time;    // where the samples begin, in ticks
  std::uint64_t next_time = 0;                // where the next fragment continues without a tfdt
  std::uint64_t end_time = 0;                 // where the samples of the fragments end; 0 without fragments
};

class IsoMovie {
 public:
  // Reads the payload of one box; boxes that say nothing about time are ignored. `reader` ends where the box
  // ends. Errors: CORRUPT_VIDEO at `position` (the box) when the payload is too short, or when the step
  // budget is used up.
  Status read(std::uint32_t type, ByteReader reader, std::size_t position, StepBudget& steps);
  bool seen_moov() const { return seen_moov_; }
  // ISO/IEC 14496-12, 8.2.2 and 8.8: the movie header's duration or that of the fragments, whichever is
  // longer; where neither says it, mehd, then the longest track. Nothing when the header says "unknown" and
  // no other place knows.
  ContainerFacts facts() const;

 private:
  void begin_track();
  void begin_fragment(ByteReader& reader);
  void read_movie_header(ByteReader& reader);
  void read_track_header(ByteReader& reader);
  void read_media_header(ByteReader& reader);
  void read_track_defaults(ByteReader& reader);
  void read_fragment_time(ByteReader& reader);
  Status read_run(ByteReader& reader, std::size_t position, StepBudget& steps);
  IsoTrack* find_track(std::uint32_t id);
  std::uint64_t fragments_ms() const;
  std::uint64_t tracks_ms() const;

  // More tracks than any video has; those beyond are not looked at.
  std::array<IsoTrack, 32> tracks_{};
  std::size_t track_count_ = 0;
  IsoTrack* track_ = nullptr;     // of the trak box that is open
  IsoTrack* fragment_ = nullptr;  // of the traf box that is open
  std::uint32_t fragment_sample_duration_ = 0;
  std::uint32_t timescale_ = 0;
  std::optional<std::uint64_t> duration_;  // mvhd, in the movie's timescale
  std::uint64_t fragments_duration_ = 0;   // mehd, same
  bool seen_moov_ = false;
  bool compressed_ = false;
};

}  // namespace netocr::detail
