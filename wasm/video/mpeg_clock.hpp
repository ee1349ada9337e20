// Computes the time of an MPEG stream from presentation time stamps of its video packets, and pictures of
// MPEG-1/2 video.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace netocr::detail {

// The time stamp in a PES header, in 90 kHz ticks (33 bits), and the position of the payload.
struct PesHeader {
  std::optional<std::uint64_t> time;
  std::size_t payload = 0;  // offset in the packet
};

// Reads headers of MPEG-2 (ISO/IEC 13818-1, 2.4.3.6) and MPEG-1 (11172-1, 2.4.3.3). `packet` starts behind
// the packet's length field.
PesHeader read_pes_header(Bytes packet);

// Follows one video stream through its packets, in file order.
class MpegClock {
 public:
  // Adds a packet's time stamp, before its payload.
  void add_time(std::uint64_t time);
  // Adds a run of the video's own bytes; start codes may straddle runs.
  void add_payload(Bytes run);
  // Returns the time from the first picture to the end of the last, by the time stamps and the pictures
  // behind the last of these. Without time stamps the pictures count at the sequence header's frame rate.
  // Returns nothing without either.
  std::optional<std::uint64_t> duration_ms() const;

 private:
  void add_start_code(std::uint8_t code);

  std::uint64_t first_ = 0;
  std::int64_t earliest_ = 0;  // relative to the first time stamp, in ticks
  std::int64_t latest_ = 0;
  std::uint64_t times_ = 0;
  std::uint64_t pictures_ = 0;
  std::uint64_t pictures_since_time_ = 0;
  std::uint32_t window_ = 0xFFFF'FFFF;  // last four bytes of the video
  std::uint8_t frame_rate_code_ = 0;
  std::uint8_t until_frame_rate_ = 0;  // bytes to the one with the frame rate, after a sequence header
};

}  // namespace netocr::detail
