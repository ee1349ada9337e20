// Second opinion: files made by ffmpeg with every muxer that matters, durations compared with ffprobe's.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

struct Made {
  const char* name;  // also the file's, with its extension
  const char* options;
  VideoContainer container;
  bool through_pipe = false;      // the muxer cannot go back to write what it learns late
  bool header_is_silent = false;  // ffprobe has no duration from the header: its packets are asked
};

constexpr const char* kH264 = "-c:v libx264 -preset ultrafast -c:a aac ";
constexpr const char* kMpeg4 = "-c:v mpeg4 -c:a aac ";
constexpr const char* kVp8 = "-c:v libvpx -deadline realtime -c:a libopus ";

const std::vector<std::pair<const char*, Made>> kMade = {
    {kMpeg4, {"a.mp4", "", VideoContainer::kMp4}},
    {kH264, {"faststart.mp4", "-movflags +faststart", VideoContainer::kMp4}},
    {"-c:v libx264 -bf 2 -an ", {"b-frames.mp4", "", VideoContainer::kMp4}},
    {kH264, {"fragmented.mp4", "-movflags frag_keyframe+empty_moov -g 25", VideoContainer::kMp4}},
    {kH264,
     {"fragmented-dash.mp4", "-movflags +dash+delay_moov -frag_duration 500000", VideoContainer::kMp4}},
    {kH264, {"fragmented-late.mp4", "-movflags frag_keyframe -g 25", VideoContainer::kMp4}},
    {kH264,
     {"fragmented-pipe.mp4", "-f mp4 -movflags frag_keyframe+empty_moov+default_base_moof",
      VideoContainer::kMp4, true}},
    {kMpeg4, {"a.3gp", "", VideoContainer::kMp4}},
    {kMpeg4, {"a.mov", "", VideoContainer::kMov}},
    {kH264, {"faststart.mov", "-movflags +faststart", VideoContainer::kMov}},
    {kH264, {"a.mkv", "", VideoContainer::kMkv}},
    {kH264, {"live.mkv", "-f matroska -live 1", VideoContainer::kMkv, true, true}},
    {kVp8, {"a.webm", "", VideoContainer::kWebm}},
    {kVp8, {"live.webm", "-f webm -live 1", VideoContainer::kWebm, true, true}},
    {"-c:v mpeg4 -c:a mp3 ", {"a.avi", "", VideoContainer::kAvi}},
    {"-c:v mpeg4 -c:a mp3 ", {"pipe.avi", "-f avi", VideoContainer::kAvi, true, true}},
    {"-c:v flv1 -c:a mp3 -ar 44100 ", {"a.flv", "", VideoContainer::kFlv}},
    {"-c:v flv1 -c:a mp3 -ar 44100 ", {"pipe.flv", "-f flv", VideoContainer::kFlv, true, true}},
    {"-c:v mpeg1video -b:v 300k -c:a mp2 ", {"a.mpg", "", VideoContainer::kMpg}},
    {"-c:v mpeg2video -b:v 300k -bf 2 -c:a mp2 ", {"b.mpg", "-f vob", VideoContainer::kMpg}},
    {"-c:v mpeg2video -b:v 300k -c:a mp2 ", {"a.ts", "-f mpegts", VideoContainer::kMpg}},
    {kH264, {"h264.ts", "-f mpegts", VideoContainer::kMpg}},
    {"-c:v wmv2 -c:a wmav2 -ar 44100 ", {"a.wmv", "-f asf", VideoContainer::kWmv}},
    {"-c:v rv10 -an ", {"rv10.rm", "", VideoContainer::kRm}},
    {"-c:v rv20 -c:a ac3 ", {"rv20.rm", "", VideoContainer::kRm}},
};

// The output of a command, or nothing when it fails.
std::optional<std::string> output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string out;
  char part[65536];
  for (std::size_t count; (count = fread(part, 1, sizeof part, pipe)) > 0;) out.append(part, count);
  return pclose(pipe) == 0 ? std::optional(out) : std::nullopt;
}

File read_file(const std::string& path) {
  FILE* const file = fopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  File out;
  std::uint8_t part[65536];
  for (std::size_t count; (count = fread(part, 1, sizeof part, file)) > 0;)
    out.insert(out.end(), part, part + count);
  fclose(file);
  return out;
}

// A folder of ffmpeg's files, made once for all tests of this executable and removed at the end.
class Ffmpeg : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    char folder[] = "/tmp/netocr-video-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    folder_ = folder;
    for (const auto& [codecs, made] : kMade) {
      const std::string target = made.through_pipe ? "- > " + path(made) : path(made);
      ASSERT_TRUE(
          output_of("ffmpeg -nostdin -v error -y -f lavfi -i testsrc=size=96x96:rate=25:duration=4.2 "
                    "-f lavfi -i sine=duration=4.2:sample_rate=44100 " +
                    std::string(codecs) + made.options + " " + target))
          << "ffmpeg failed (Debian package ffmpeg) for " << made.name;
    }
  }
  static void TearDownTestSuite() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  static std::string path(const Made& made) { return folder_ + "/" + made.name; }

 private:
  static inline std::string folder_;
};

// In ms; from the header, or from the first packet's time to the end of the last one.
double ffprobe_ms(const std::string& path, bool by_packets) {
  const std::string start = "ffprobe -v error -of csv=p=0 -show_entries ";
  if (!by_packets)
    return 1000 * std::strtod(output_of(start + "format=duration " + path).value_or("").c_str(), nullptr);
  const std::string packets = output_of(start + "packet=pts_time,duration_time " + path).value_or("");
  double first = 1e9;
  double end = 0;
  for (std::size_t at = 0; at < packets.size(); at = packets.find('\n', at) + 1) {
    char* comma = nullptr;
    const double time = std::strtod(&packets[at], &comma);
    if (comma == &packets[at]) continue;  // N/A
    first = std::min(first, time);
    end = std::max(end, time + (*comma == ',' ? std::strtod(comma + 1, nullptr) : 0));
  }
  return 1000 * (end - first);
}

TEST_F(Ffmpeg, DurationsAgree) {
  for (const auto& [codecs, made] : kMade) {
    const File file = read_file(path(made));
    const Result<VideoInfo> info = inspect_video(file, Limits{});
    ASSERT_TRUE(info.ok()) << made.name << " " << info.error().detail << " at " << info.error().position;
    EXPECT_EQ(info->container, made.container) << made.name;
    ASSERT_TRUE(info->duration_ms.has_value()) << made.name;
    EXPECT_NEAR(static_cast<double>(*info->duration_ms), ffprobe_ms(path(made), made.header_is_silent), 50)
        << made.name;
    EXPECT_NEAR(static_cast<double>(*info->duration_ms), 4200, 150)
        << made.name << " against what was asked of ffmpeg";
  }
}

TEST_F(Ffmpeg, TruncatedAnywhere) {
  for (const auto& [codecs, made] : kMade) {
    const File whole = read_file(path(made));
    for (std::size_t part = 1; part < 64; ++part) {
      const File cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * part / 64));
      const Walked walked = walk(cut);
      EXPECT_LE(walked.steps, cut.size()) << made.name;
      if (walked.facts.ok()) continue;
      EXPECT_LE(walked.facts.error().position, cut.size()) << made.name;
    }
  }
}

TEST_F(Ffmpeg, FlippedBytes) {
  std::mt19937 random(7);
  for (const auto& [codecs, made] : kMade) {
    const File whole = read_file(path(made));
    for (int round = 0; round < 60; ++round) {
      File bent = whole;
      // Most structure is at the two ends.
      for (int i = 0; i < 8; ++i) {
        const std::size_t near = random() % std::min<std::size_t>(bent.size(), 3000);
        bent[i % 2 == 0 ? near : bent.size() - 1 - near] = static_cast<std::uint8_t>(random());
      }
      const Walked walked = walk(bent);
      EXPECT_LE(walked.steps, bent.size()) << made.name << " " << round;
    }
  }
}

}  // namespace
}  // namespace netocr::test
