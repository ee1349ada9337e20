// Reads a video's duration from its container, and checks both against the service's limits (avi mp4 mpg wmv
// mkv rm rmvb mov flv, at most 1 MB, 3 to 5 s). Nothing is decoded.
#pragma once

#include <cstdint>
#include <optional>

#include "base/limits.hpp"
#include "sniff/video_container.hpp"

namespace netocr {

bool video_container_accepted(VideoContainer container);  // the service accepts all but webm, ogg, unknown

enum class Severity : std::uint8_t { kError, kWarning, kIgnore };

// The severity of each finding; the defaults reject what the service would reject.
struct VideoOptions {
  std::uint32_t max_bytes = 1024 * 1024;  // at least 1
  std::uint32_t min_duration_ms = 3000;   // at most max_duration_ms
  std::uint32_t max_duration_ms = 5000;
  std::uint32_t duration_tolerance_ms = 250;  // recorders stop late or early by a frame or a timer tick
  Severity size = Severity::kError;
  Severity duration = Severity::kError;
};

// Bits of VideoInfo::warnings.
enum VideoWarning : std::uint32_t {
  kWarnVideoTooLarge = 1,    // "video_too_large": over max_bytes, with Severity::kWarning
  kWarnVideoTooShort = 2,    // "video_too_short"
  kWarnVideoTooLong = 4,     // "video_too_long"
  kWarnDurationUnknown = 8,  // "duration_unknown": the container lacks it; never an error
};

struct VideoInfo {
  VideoContainer container = VideoContainer::kUnknown;
  std::uint64_t bytes = 0;
  // The duration of the longest track, at most 2^53 - 1; empty when the container lacks it (Ogg, live ASF,
  // MPEG without time stamps, live Matroska without clusters).
  std::optional<std::uint64_t> duration_ms;
  std::uint32_t warnings = 0;  // VideoWarning bits
};

// Inspects the file without judging size or duration. Time is linear in the file, nothing is allocated.
// Errors: EMPTY_INPUT, INPUT_TOO_LARGE; NOT_A_VIDEO (no known container, or one without a picture track);
// CORRUPT_VIDEO with the offset of the damaged element. A truncated file is corrupt: a box, cluster or chunk
// that announces more bytes than follow, or an MP4 without its index, would cost a call and be rejected.
// Sizes that mean "not known yet" in a live recording are valid, and so are an MPEG stream that ends within a
// packet and bytes after the end of the last box.
Result<VideoInfo> inspect_video(Bytes bytes, const Limits& limits);

// Runs inspect_video and judges the result, cheapest first: options, container, size, damage, duration. A
// duration of 0 is too short for all options; an unknown one is a warning. Errors: also INVALID_ARGUMENT
// (options), UNSUPPORTED_VIDEO, VIDEO_TOO_LARGE, VIDEO_TOO_SHORT, VIDEO_TOO_LONG.
Result<VideoInfo> check_video(Bytes bytes, const VideoOptions& options, const Limits& limits);

}  // namespace netocr
