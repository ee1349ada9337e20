// The public functions of this layer: inspect_video and check_video.
#include "video/probe.hpp"

#include "video/containers.hpp"

namespace netocr {
namespace {

// Records a finding about the duration according to its severity.
Status find(VideoInfo& info, const VideoOptions& options, VideoWarning warning, const Error& error) {
  if (options.duration == Severity::kError) return error;
  if (options.duration == Severity::kWarning) info.warnings |= warning;
  return {};
}

Status judge_duration(VideoInfo& info, const VideoOptions& options) {
  if (!info.duration_ms.has_value()) return {};
  const std::uint64_t duration = *info.duration_ms;
  const std::uint64_t tolerance = options.duration_tolerance_ms;
  if (duration == 0 || duration + tolerance < options.min_duration_ms) {
    return find(info, options, kWarnVideoTooShort,
                {ErrorCode::kVideoTooShort, 0, "the video is shorter than the shortest that is taken"});
  }
  if (duration > options.max_duration_ms + tolerance) {
    return find(info, options, kWarnVideoTooLong,
                {ErrorCode::kVideoTooLong, 0, "the video is longer than the longest that is taken"});
  }
  return {};
}

}  // namespace

bool video_container_accepted(VideoContainer container) {
  return container != VideoContainer::kUnknown && container != VideoContainer::kWebm &&
         container != VideoContainer::kOgg;
}

namespace detail {

Result<ContainerFacts> probe_container(VideoContainer container, Bytes bytes, StepBudget& steps) {
  switch (container) {
    case VideoContainer::kMp4:
    case VideoContainer::kMov:
      return probe_iso(bytes, steps);
    case VideoContainer::kMkv:
    case VideoContainer::kWebm:
      return probe_matroska(bytes, steps);
    case VideoContainer::kAvi:
      return probe_avi(bytes, steps);
    case VideoContainer::kFlv:
      return probe_flv(bytes, steps);
    case VideoContainer::kWmv:
      return probe_asf(bytes, steps);
    case VideoContainer::kRm:
      return probe_realmedia(bytes, steps);
    case VideoContainer::kMpg:
      return probe_mpeg(bytes, steps);
    case VideoContainer::kOgg:
      return probe_ogg(bytes, steps);
    case VideoContainer::kUnknown:
      break;
  }
  return Error{ErrorCode::kNotAVideo, 0, "the bytes are no video container that is known"};
}

}  // namespace detail

Result<VideoInfo> inspect_video(Bytes bytes, const Limits& limits) {
  NETOCR_TRY(check_input_size(bytes.size(), limits));
  VideoInfo info;
  info.container = sniff_video(bytes);
  info.bytes = bytes.size();
  detail::StepBudget steps;
  NETOCR_ASSIGN(const detail::ContainerFacts& facts, detail::probe_container(info.container, bytes, steps));
  if (!facts.has_video) return Error{ErrorCode::kNotAVideo, 0, "the container has no picture track"};
  info.duration_ms = facts.duration_ms;
  if (!info.duration_ms.has_value()) info.warnings |= kWarnDurationUnknown;
  return info;
}

Result<VideoInfo> check_video(Bytes bytes, const VideoOptions& options, const Limits& limits) {
  if (options.max_bytes == 0 || options.min_duration_ms > options.max_duration_ms) {
    return Error{ErrorCode::kInvalidArgument, 0,
                 "maxBytes is 0 or the shortest duration is over the longest"};
  }
  if (bytes.empty()) return Error{ErrorCode::kEmptyInput, 0, "the file has no bytes"};
  const VideoContainer container = sniff_video(bytes);
  if (container != VideoContainer::kUnknown && !video_container_accepted(container)) {
    return Error{ErrorCode::kUnsupportedVideo, 0,
                 container == VideoContainer::kWebm ? "the service does not take WebM"
                                                    : "the service does not take Ogg"};
  }
  // A file over both limits is reported as too large for the service, not as too large to inspect.
  const bool too_large = bytes.size() > options.max_bytes;
  if (too_large && container != VideoContainer::kUnknown && options.size == Severity::kError) {
    return Error{ErrorCode::kVideoTooLarge, 0, "the file has more bytes than maxBytes"};
  }
  NETOCR_ASSIGN(VideoInfo info, inspect_video(bytes, limits));
  if (too_large && options.size == Severity::kWarning) info.warnings |= kWarnVideoTooLarge;
  NETOCR_TRY(judge_duration(info, options));
  return info;
}

}  // namespace netocr
