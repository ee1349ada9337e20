// The judgement: every option, every severity, the order of the findings.
#include "video/probe.hpp"

#include <gtest/gtest.h>

#include <set>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

// "ok", "ok+<warnings>" or the error's word.
std::string checked(const File& file, const VideoOptions& options = {}, const Limits& limits = {}) {
  const Result<VideoInfo> info = check_video(file, options, limits);
  if (!info.ok()) return std::string(error_word(info.error().code));
  return info->warnings == 0 ? "ok" : "ok+" + std::to_string(info->warnings);
}

TEST(VideoContainer, NamesAreUniqueAndComplete) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kVideoContainerCount; ++i)
    names.insert(video_container_name(static_cast<VideoContainer>(i)));
  EXPECT_EQ(names, (std::set<std::string_view>{"unknown", "avi", "mp4", "mov", "mpg", "wmv", "mkv", "webm",
                                               "rm", "flv", "ogg"}));
  EXPECT_EQ(video_container_name(VideoContainer::kMkv), "mkv");
  EXPECT_EQ(video_container_name(VideoContainer::kOgg), "ogg");
}

TEST(VideoContainer, AcceptedByTheService) {
  const std::set<std::string_view> refused = {"unknown", "webm", "ogg"};
  for (std::size_t i = 0; i < kVideoContainerCount; ++i) {
    const auto container = static_cast<VideoContainer>(i);
    EXPECT_EQ(video_container_accepted(container), !refused.contains(video_container_name(container)));
  }
}

TEST(InspectVideo, SaysWhatTheFileIs) {
  const File file = mp4(4000);
  const Result<VideoInfo> info = inspect_video(file, Limits{});
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->container, VideoContainer::kMp4);
  EXPECT_EQ(info->bytes, file.size());
  EXPECT_EQ(info->duration_ms, 4000U);
  EXPECT_EQ(info->warnings, 0U);
  EXPECT_EQ(inspect_video(live_webm(4), Limits{})->container, VideoContainer::kWebm)
      << "refused only by check_video";
  EXPECT_EQ(inspect_video(ogg("\x80theora"), Limits{})->warnings, std::uint32_t{kWarnDurationUnknown});
}

TEST(InspectVideo, Errors) {
  EXPECT_EQ(inspected({}), "EMPTY_INPUT@0");
  EXPECT_EQ(inspected(text("hello, this is no video")), "NOT_A_VIDEO@0");
  Limits limits;
  limits.max_input_bytes = 100;
  const Result<VideoInfo> info = inspect_video(mp4(4000), limits);
  ASSERT_FALSE(info.ok());
  EXPECT_EQ(info.error().code, ErrorCode::kInputTooLarge);
}

TEST(CheckVideo, AcceptsEveryDocumentedFormat) {
  const File files[] = {
      avi(100),
      mp4(4000),
      fragmented_mp4(4),
      mpg(100),
      wmv(4000),
      mkv(4000),
      rm(4000),
      flv(4),
      ts(100),
      ftyp("qt  ", "qt  ") + box("moov", mvhd(1000, 4000) + trak({})) + box("mdat", filler(9))};
  for (const File& file : files) EXPECT_EQ(checked(file), "ok") << video_container_name(sniff_video(file));
}

TEST(CheckVideo, RefusesWebmAndOgg) {
  EXPECT_EQ(checked(live_webm(4)), "UNSUPPORTED_VIDEO");
  EXPECT_EQ(checked(mkv(4000, "webm")), "UNSUPPORTED_VIDEO");
  EXPECT_EQ(checked(ogg("\x80theora")), "UNSUPPORTED_VIDEO");
}

TEST(CheckVideo, Durations) {
  struct Case {
    std::uint64_t ms;
    std::string result;
  };
  const Case cases[] = {{0, "VIDEO_TOO_SHORT"},
                        {1, "VIDEO_TOO_SHORT"},
                        {2749, "VIDEO_TOO_SHORT"},
                        {2750, "ok"},
                        {3000, "ok"},
                        {5000, "ok"},
                        {5250, "ok"},
                        {5251, "VIDEO_TOO_LONG"},
                        {3'600'000, "VIDEO_TOO_LONG"}};
  for (const Case& test : cases) EXPECT_EQ(checked(mp4(test.ms)), test.result) << test.ms;
}

TEST(CheckVideo, DurationOptions) {
  VideoOptions options;
  options.duration_tolerance_ms = 0;
  EXPECT_EQ(checked(mp4(2999), options), "VIDEO_TOO_SHORT");
  EXPECT_EQ(checked(mp4(5001), options), "VIDEO_TOO_LONG");
  options.min_duration_ms = 0;
  EXPECT_EQ(checked(mp4(1), options), "ok");
  EXPECT_EQ(checked(mp4(0), options), "VIDEO_TOO_SHORT") << "nothing is always too short";
  options.max_duration_ms = options.duration_tolerance_ms = 0xFFFFFFFF;
  EXPECT_EQ(checked(mp4(0xFFFFFFFE), options), "ok") << "no overflow";
}

TEST(CheckVideo, DurationSeverity) {
  VideoOptions options;
  options.duration = Severity::kWarning;
  EXPECT_EQ(checked(mp4(1000), options), "ok+2");
  EXPECT_EQ(checked(mp4(9000), options), "ok+4");
  EXPECT_EQ(checked(mp4(4000), options), "ok");
  options.duration = Severity::kIgnore;
  EXPECT_EQ(checked(mp4(1000), options), "ok");
  EXPECT_EQ(checked(mp4(9000), options), "ok");
}

TEST(CheckVideo, AnUnknownDurationIsAWarning) {
  const File live = asf_header(asf_file_properties(0, 0, 1) + asf_stream(kAsfVideoGuid)) +
                    asf_object(kAsfDataGuid, filler(60));
  for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kIgnore}) {
    VideoOptions options;
    options.duration = severity;
    EXPECT_EQ(checked(live, options), "ok+8");
  }
}

TEST(CheckVideo, Sizes) {
  const std::size_t around = mp4(4000, 0).size();
  EXPECT_EQ(checked(mp4(4000, 1024 * 1024 - around)), "ok") << "exactly 1 MB";
  EXPECT_EQ(checked(mp4(4000, 1024 * 1024 - around + 1)), "VIDEO_TOO_LARGE");
  VideoOptions options;
  options.max_bytes = static_cast<std::uint32_t>(around);
  EXPECT_EQ(checked(mp4(4000, 0), options), "ok");
  EXPECT_EQ(checked(mp4(4000, 1), options), "VIDEO_TOO_LARGE");
  options.size = Severity::kWarning;
  EXPECT_EQ(checked(mp4(4000, 1), options), "ok+1");
  options.size = Severity::kIgnore;
  EXPECT_EQ(checked(mp4(4000, 1), options), "ok");
}

TEST(CheckVideo, WarningsAddUp) {
  VideoOptions options;
  options.max_bytes = 1;
  options.size = options.duration = Severity::kWarning;
  EXPECT_EQ(checked(mp4(1000), options), "ok+3");
}

TEST(CheckVideo, OrderOfTheFindings) {
  VideoOptions options;
  options.max_bytes = 10;
  Limits limits;
  limits.max_input_bytes = 20;
  EXPECT_EQ(checked({}, options, limits), "EMPTY_INPUT");
  EXPECT_EQ(checked(text("no video"), options), "NOT_A_VIDEO");
  EXPECT_EQ(checked(live_webm(1), options, limits), "UNSUPPORTED_VIDEO");
  EXPECT_EQ(checked(mp4(9000), options, limits), "VIDEO_TOO_LARGE")
      << "too large for the service before too large to look at";
  EXPECT_EQ(checked(text("a text of more than twenty bytes"), options, limits), "INPUT_TOO_LARGE");
  File cut = mp4(9000);
  cut.resize(cut.size() - 1);
  EXPECT_EQ(checked(cut), "CORRUPT_VIDEO") << "damage before duration";
  EXPECT_EQ(checked(cut, options), "VIDEO_TOO_LARGE") << "size before damage";
}

TEST(CheckVideo, RefusesSenselessOptions) {
  VideoOptions no_bytes;
  no_bytes.max_bytes = 0;
  EXPECT_EQ(checked(mp4(4000), no_bytes), "INVALID_ARGUMENT");
  VideoOptions backwards;
  backwards.min_duration_ms = 5001;
  EXPECT_EQ(checked(mp4(4000), backwards), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace netocr::test
