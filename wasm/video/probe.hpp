// Recognises a video container by its bytes, reads its duration where the container says it, and checks both against
// what the service takes (avi mp4 mpg wmv mkv rm rmvb mov flv, at most 1 MB, 3 to 5 s). Nothing is decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/limits.hpp"

namespace netocr {

enum class VideoContainer : std::uint8_t {
  kUnknown, kAvi, kMp4, kMov, kMpg, kWmv, kMkv, kWebm, kRm, kFlv, kOgg,
};
std::string_view video_container_name(VideoContainer container);  // "avi", "mp4", ..., "unknown"
VideoContainer sniff_video(Bytes bytes);
bool video_container_accepted(VideoContainer container);  // by the service: all but webm, ogg, unknown

enum class Severity : std::uint8_t { kError, kWarning, kIgnore };

// What to do with each finding; the defaults refuse what the service would refuse.
struct VideoOptions {
  std::uint32_t max_bytes = 1024 * 1024;
  std::uint32_t min_duration_ms = 3000;
  std::uint32_t max_duration_ms = 5000;
  std::uint32_t duration_tolerance_ms = 250;  // recorders stop late or early by a frame or a timer tick
  Severity size = Severity::kError;
  Severity duration = Severity::kError;
};

// Bits of VideoInfo::warnings.
enum VideoWarning : std::uint32_t {
  kWarnVideoTooLarge = 1, kWarnVideoTooShort = 2, kWarnVideoTooLong = 4, kWarnDurationUnknown = 8,
};

struct VideoInfo {
  VideoContainer container = VideoContainer::kUnknown;
  std::uint64_t bytes = 0;
  std::optional<std::uint64_t> duration_ms;  // nothing when the container does not say (MPEG, live Matroska without clusters)
  std::uint32_t warnings = 0;
};

// What the file is, without judging size or duration. Errors: EMPTY_INPUT, INPUT_TOO_LARGE, NOT_A_VIDEO, CORRUPT_VIDEO.
Result<VideoInfo> inspect_video(Bytes bytes, const Limits& limits);

// inspect_video plus the judgement. Errors: also UNSUPPORTED_VIDEO, VIDEO_TOO_LARGE, VIDEO_TOO_SHORT, VIDEO_TOO_LONG.
Result<VideoInfo> check_video(Bytes bytes, const VideoOptions& options, const Limits& limits);

}  // namespace netocr
