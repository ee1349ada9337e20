// Fuzzes inspect_video and check_video, which must agree.
#include "fuzz/fuzz.hpp"
#include "video/probe.hpp"

namespace netocr::fuzz {
namespace {

constexpr std::uint64_t kMaxMs = (std::uint64_t{1} << 53) - 1;  // max exact integer in JavaScript

void require_judged(const VideoInfo& info, const Result<VideoInfo>& checked, const VideoOptions& options) {
  if (!checked.ok()) return;
  const std::uint64_t duration = info.duration_ms.value_or(options.min_duration_ms);
  require(duration > 0, "no video without a duration passes");
  require(duration + options.duration_tolerance_ms >= options.min_duration_ms &&
              duration <= std::uint64_t{options.max_duration_ms} + options.duration_tolerance_ms,
          "a video that passes is of the right length");
  require(info.bytes <= options.max_bytes, "a video that passes is of the right size");
}

}  // namespace

bool run_video(Bytes bytes) {
  const VideoContainer container = sniff_video(bytes);
  const auto info = inspect_video(bytes, kSmallLimits);
  const auto checked = check_video(bytes, VideoOptions{}, kSmallLimits);
  if (!checked.ok()) require_typed(checked.error(), bytes.size());
  if (!info.ok()) {
    require_typed(info.error(), bytes.size());
    require(!checked.ok(), "what cannot be inspected does not pass");
    return container != VideoContainer::kUnknown;
  }
  require(info->container == container && info->bytes == bytes.size(), "a video is what was sniffed");
  require(info->duration_ms.value_or(0) <= kMaxMs, "a duration fits a JavaScript number");
  require_judged(*info, checked, VideoOptions{});
  VideoOptions lenient;
  lenient.size = lenient.duration = Severity::kIgnore;
  const auto tolerated = check_video(bytes, lenient, kSmallLimits);
  require(tolerated.ok() == video_container_accepted(container),
          "without a judgement of size and duration only the container can be refused");
  return true;
}

}  // namespace netocr::fuzz
