// Matroska and WebM: durations of the header and of live recordings, unknown sizes, damage.
#include <gtest/gtest.h>

#include <limits>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

const File kHeader = ebml_header("matroska");
constexpr std::uint32_t kSegment = 0x18538067;

File segment(const File& payload) { return kHeader + element(kSegment, payload); }
File live(const File& payload) { return kHeader + endless(kSegment) + payload; }

TEST(Matroska, DurationOfTheHeader) {
  EXPECT_EQ(inspected(mkv(4000)), "4000");
  EXPECT_EQ(inspected(mkv(4000, "webm")), "4000");
  EXPECT_EQ(inspected(mkv(400, "matroska", 10'000'000)), "4000") << "ticks of 10 ms";
  EXPECT_EQ(inspected(mkv(4000.4)), "4000");
  EXPECT_EQ(inspected(mkv(4000.6)), "4001");
  EXPECT_EQ(inspected(mkv(1e300)), "9007199254740991");
  const File float32 = element(0x4489, be(4, std::bit_cast<std::uint32_t>(3500.0F)));
  EXPECT_EQ(inspected(segment(info(float32) + video_tracks())), "3500") << "the default scale is 1 ms";
  EXPECT_EQ(inspected(segment(info(element(0x4489, be_double(350)) + number(0x2AD7B1, 10'000'000)) +
                              video_tracks())),
            "3500")
      << "the scale may come later";
}

TEST(Matroska, DurationOfTheBlocks) {
  EXPECT_EQ(inspected(live_webm(4)), "4000");
  EXPECT_EQ(inspected(live_webm(1)), "1000");
  EXPECT_EQ(inspected(mkv(0)), "120") << "a duration of zero says nothing";
  EXPECT_EQ(inspected(mkv(-5)), "120");
  EXPECT_EQ(inspected(mkv(std::numeric_limits<double>::quiet_NaN())), "120");
  EXPECT_EQ(inspected(mkv(std::numeric_limits<double>::infinity())), "120");
  EXPECT_EQ(inspected(live(video_tracks())), "unknown") << "no clusters";
  EXPECT_EQ(inspected(live(video_tracks() + cluster(0, {}))), "unknown") << "no blocks";
  EXPECT_EQ(inspected(live(video_tracks() + cluster(0, blocks_every(40, 25)) +
                           cluster(1000, blocks_every(40, 75)))),
            "4000")
      << "clusters of a known size";
  EXPECT_EQ(
      inspected(live(video_tracks() + endless_cluster(500, simple_block(1, -200) + simple_block(1, 3700)))),
      "7800")
      << "blocks before their cluster's time; the last block lasts as long as the mean one";
  EXPECT_EQ(inspected(live(video_tracks(40'000'000) +
                           endless_cluster(0, simple_block(1, 0) + simple_block(1, 3960)))),
            "4000")
      << "DefaultDuration";
  EXPECT_EQ(
      inspected(live(video_tracks() + endless_cluster(0, block_group(1, 0, 50) + block_group(1, 3900, 100)))),
      "4000")
      << "BlockDuration";
  EXPECT_EQ(
      inspected(live(video_tracks() + endless_cluster(0, block_group(1, 3900, 100) + block_group(1, 0, 50)))),
      "4000")
      << "of the latest block, not of the last in the file";
}

TEST(Matroska, DurationOfTheLongestTrack) {
  const File tracks =
      element(0x1654AE6B, track_entry(1, 1, 40'000'000) + track_entry(2, 2, 20'000'000) + track_entry(3, 17));
  const File blocks = simple_block(1, 0) + simple_block(2, 10) + simple_block(1, 3000) +
                      simple_block(2, 4000) + simple_block(3, 9000);
  EXPECT_EQ(inspected(live(tracks + endless_cluster(0, blocks))), "4020") << "subtitles do not count";
}

TEST(Matroska, NeedsAPictureTrack) {
  const File audio = element(0x1654AE6B, track_entry(1, 2));
  EXPECT_EQ(inspected(segment(info(element(0x4489, be_double(4000))) + audio)), "NOT_A_VIDEO@0");
}

TEST(Matroska, SkipsWhatItDoesNotNeed) {
  const File junk =
      element(0xEC, filler(50)) + element(0x1254C367, filler(40)) + element(0x1C53BB6B, filler(3));
  EXPECT_EQ(inspected(segment(junk + info(element(0x4489, be_double(4000))) + junk + video_tracks() + junk)),
            "4000");
  EXPECT_EQ(inspected(mkv(4000) + filler(100, 0xEE)), "4000") << "bytes after the segment";
}

TEST(Matroska, Damage) {
  const std::size_t at = kHeader.size();
  const std::string at_segment = "CORRUPT_VIDEO@" + std::to_string(at);
  const std::string at_child =
      "CORRUPT_VIDEO@" + std::to_string(at + 12);  // behind an endless segment's header
  EXPECT_EQ(inspected(kHeader), at_segment) << "nothing but the header";
  EXPECT_EQ(inspected(kHeader + filler(20)), at_segment) << "an id that starts with zero";
  EXPECT_EQ(inspected(kHeader + be(1, 0x08) + filler(20)), at_segment) << "an id of five bytes";
  EXPECT_EQ(inspected(kHeader + be(4, kSegment)), at_segment) << "no size";
  EXPECT_EQ(inspected(kHeader + be(4, kSegment) + filler(9)), at_segment) << "a size of nine bytes";
  EXPECT_EQ(inspected(kHeader + be(4, kSegment) + be(8, 0x01FFFFFFFFFFFFFE)), at_segment) << "2^56 - 2 bytes";
  EXPECT_EQ(inspected(live(be(4, 0x1F43B675) + be(8, 0x01FFFFFFFFFFFFFE))), at_child);
  EXPECT_EQ(inspected(live(be(4, 0x1F43B675) + be(4, 0x10000100) + filler(20))), at_child)
      << "a cluster that is cut off";
  EXPECT_EQ(inspected(live(endless(0x1549A966))), at_child) << "only segments and clusters may be endless";
  EXPECT_EQ(inspected(live(number(0xE7, 0, 9))), at_child) << "a number of nine bytes";
  EXPECT_EQ(inspected(live(number(0xE7, ~0ULL, 8))), at_child) << "a time out of range";
  EXPECT_EQ(inspected(live(number(0x2AD7B1, 0))), at_child) << "a scale of zero";
  EXPECT_EQ(inspected(live(element(0xA3, be(2, 0x8100)))), at_child) << "a block without a time";
  File cut = mkv(4000);
  cut.resize(cut.size() - 1);
  EXPECT_EQ(inspected(cut), at_segment);
}

TEST(Matroska, LongTimesStayInRange) {
  const File far = number(0xE7, 1ULL << 60, 8) + simple_block(1, 32767);
  EXPECT_EQ(inspected(live(number(0x2AD7B1, ~0ULL, 8) + video_tracks() + endless(0x1F43B675) +
                           simple_block(1, -32768) + far)),
            "9007199254740991");
}

TEST(Matroska, ManyTracks) {
  File entries;
  for (std::uint64_t id = 1; id <= 100; ++id) entries = entries + track_entry(id, 1);
  EXPECT_EQ(inspected(live(element(0x1654AE6B, entries) + endless_cluster(0, blocks_every(40, 100)))),
            "4000");
}

}  // namespace
}  // namespace netocr::test
