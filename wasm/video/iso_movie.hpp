// Collects tracks and time from the boxes of an ISO base media file (MP4, MOV, 3GP). iso_media.cpp walks the
// boxes and passes each one here; the walk is flat, so "current track" and "current fragment" are state.
#pragma once

#include <array>
#include <optional>

#include "video/containers.hpp"

namespace netocr::detail {

struct IsoTrack {
  std::uint32_t id = 0;
  std::uint32_t timescale = 0;       // ticks per second (mdhd)
  std::uint64_t movie_duration = 0;  // tkhd, in units of the movie's timescale
  std::uint64_t media_duration = 0;  // mdhd, in ticks
  bool is_video = false;
  bool has_samples = false;                   // samples in moov itself, not in fragments
  std::uint32_t default_sample_duration = 0;  // trex, in ticks
  std::optional<std::uint64_t> first_time;    // time of the first sample, in ticks
  std::uint64_t next_time = 0;                // time at which a fragment without a tfdt continues
  std::uint64_t end_time = 0;                 // end of the fragments' samples; 0 without fragments
};

class IsoMovie {
 public:
  // Reads the payload of one box; boxes without timing information are ignored. `reader` ends at the end of
  // the box. Errors: CORRUPT_VIDEO at `position` (the box) when the payload is too short, or when the step
  // budget is used up.
  Status read(std::uint32_t type, ByteReader reader, std::size_t position, StepBudget& steps);
  bool seen_moov() const { return seen_moov_; }
  // Returns (ISO/IEC 14496-12, 8.2.2 and 8.8) the movie header's duration or that of the fragments, whichever
  // is longer; without either mehd, then the longest track. The duration is empty when the header says
  // "unknown" and no other box contains one.
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

  // No video has more tracks; further ones are ignored.
  std::array<IsoTrack, 32> tracks_{};
  std::size_t track_count_ = 0;
  IsoTrack* track_ = nullptr;     // track of the open trak box
  IsoTrack* fragment_ = nullptr;  // track of the open traf box
  std::uint32_t fragment_sample_duration_ = 0;
  std::uint32_t timescale_ = 0;
  std::optional<std::uint64_t> duration_;  // mvhd, in units of the movie's timescale
  std::uint64_t fragments_duration_ = 0;   // mehd, in the same unit
  bool seen_moov_ = false;
  bool compressed_ = false;
};

}  // namespace netocr::detail
