// Detects a video container by the file's bytes, the first step of the flow. File names and MIME types are
// never used.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

enum class VideoContainer : std::uint8_t {
  kUnknown,
  kAvi,
  kMp4,  // ISO base media, 3GP and F4V among them
  kMov,  // QuickTime
  kMpg,  // MPEG-1/2 program stream, transport stream or elementary stream
  kWmv,  // ASF
  kMkv,
  kWebm,  // EBML DocType "webm"
  kRm,    // RM and RMVB
  kFlv,
  kOgg,
};
inline constexpr std::size_t kVideoContainerCount = 11;

std::string_view video_container_name(VideoContainer container);  // "avi", "mp4", ..., "unknown"

// Reads the first bytes only, at most 4 KiB. HEIC and AVIF (ISO brands), WebP and WAV (RIFF) are not videos.
// Returns kUnknown when nothing matches.
VideoContainer sniff_video(Bytes bytes);

}  // namespace netocr
