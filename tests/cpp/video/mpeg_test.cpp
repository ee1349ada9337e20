// MPEG-1/2 program, transport and elementary streams: time stamps, wrapping counters, streams cut anywhere.
#include <gtest/gtest.h>

#include "cpp/video/files.hpp"
#include "video/mpeg_clock.hpp"

namespace netocr::test {
namespace {

TEST(Mpeg, ProgramStream) {
  EXPECT_EQ(inspected(mpg(100)), "4000");
  EXPECT_EQ(inspected(mpg(100, 0x1'FFFF'FF00)), "4000") << "the counter wraps";
  EXPECT_EQ(inspected(mpeg1_pack() + pes1(0, sequence_header() + picture()) + mpeg1_pack() +
                      pes1(356400, picture())),
            "4000")
      << "MPEG-1";
  EXPECT_EQ(inspected(mpeg2_pack(5) + pes2(0, sequence_header() + picture()) + pes2(356400, picture())),
            "4000")
      << "stuffed pack header";
  EXPECT_EQ(
      inspected(mpeg2_pack() + pes2(0, sequence_header() + picture()) + pes2(320400, repeat(picture(), 11))),
      "4000")
      << "pictures behind the last time stamp";
  EXPECT_EQ(
      inspected(mpeg2_pack() + pes2(0, filler(30)) + pes2(180000, filler(30)) + pes2(360000, filler(30))),
      "6000")
      << "no sequence header: the last lasts as long as the mean one";
  EXPECT_EQ(inspected(mpeg2_pack() + pes2(7200, sequence_header() + picture()) + pes2(360000, picture()) +
                      pes2(3600, picture())),
            "4000")
      << "pictures out of order";
}

TEST(Mpeg, OtherStreams) {
  const File audio = pes(0xC0, be(3, 0x808005) + mpeg_time(2, 900000) + filler(20));
  EXPECT_EQ(inspected(mpg(100) + audio), "4000") << "sound does not count";
  EXPECT_EQ(inspected(mpeg2_pack() + audio + audio), "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(mpg(100) + pes(0xE1, be(3, 0x808005) + mpeg_time(2, 9000000) + picture())), "4000")
      << "nor does a second picture";
  EXPECT_EQ(inspected(mpeg2_pack() + pes(0xBB, filler(12)) + pes(0xBE, filler(300, 0xFF)) + mpg(100)),
            "4000");
}

TEST(Mpeg, WithoutTimeStamps) {
  EXPECT_EQ(inspected(mpeg2_pack() + pes(0xE0, be(3, 0x800000) + sequence_header() + repeat(picture(), 100))),
            "4000")
      << "pictures are counted";
  EXPECT_EQ(inspected(mpeg2_pack() + pes(0xE0, be(3, 0x800000) + repeat(picture(), 100))), "unknown")
      << "but at which rate";
  EXPECT_EQ(inspected(mpeg1_pack() + pes(0xE0, be(1, 0x0F) + sequence_header() + repeat(picture(), 50))),
            "2000");
  const File broken_marker =
      pes(0xE0, be(3, 0x808005) + be(5, 0x2000000000) + sequence_header() + repeat(picture(), 50));
  EXPECT_EQ(inspected(mpeg2_pack() + broken_marker), "2000") << "a time stamp without its marker bits";
}

TEST(Mpeg, CutAndDamaged) {
  File cut = mpg(101);
  cut.resize(cut.size() - 10);
  EXPECT_EQ(inspected(cut), "4040") << "within the last packet";
  EXPECT_EQ(inspected(mpeg2_pack() + filler(500, 0xAB) + mpg(100)), "4000") << "garbage between packets";
  EXPECT_EQ(inspected(mpg(100) + filler(500)), "4000") << "zero padding";
}

TEST(Mpeg, ElementaryStream) {
  EXPECT_EQ(inspected(sequence_header() + repeat(picture(), 100)), "4000");
  EXPECT_EQ(inspected(sequence_header(5) + repeat(picture(), 120)), "4000") << "30 frames a second";
  EXPECT_EQ(inspected(sequence_header()), "unknown");
}

TEST(Mpeg, TransportStream) {
  EXPECT_EQ(inspected(ts(100)), "4000");
  File cut = ts(100);
  cut.resize(cut.size() - 100);
  EXPECT_EQ(inspected(cut), "4000");
  const File whole = ts(100);
  const File tail(whole.begin() + 188 * 101, whole.end());
  const File head(whole.begin(), whole.begin() + 188 * 101);
  EXPECT_EQ(inspected(head + filler(77, 0x11) + tail), "4000") << "out of step, then in step again";
  EXPECT_EQ(inspected(repeat(transport_packet(256, true, pes(0xC0, filler(30, 0x80))), 5)), "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(repeat(transport_packet(0, true, filler(20)), 5)), "NOT_A_VIDEO@0");
}

TEST(MpegClock, EveryFrameRate) {
  constexpr std::uint64_t kMs[] = {0, 4171, 4167, 4000, 3337, 3333, 2000, 1668, 1667};  // of 100 pictures
  for (std::uint8_t code = 1; code <= 8; ++code) {
    detail::MpegClock clock;
    clock.add_payload(sequence_header(code) + repeat(picture(), 100));
    EXPECT_EQ(clock.duration_ms(), kMs[code]) << int{code};
  }
}

TEST(MpegClock, StartCodesStraddleRuns) {
  const File stream = sequence_header() + repeat(picture(), 100);
  for (std::size_t run = 1; run < 30; ++run) {
    detail::MpegClock clock;
    for (std::size_t at = 0; at < stream.size(); at += run) {
      clock.add_payload(Bytes(stream).subspan(at, std::min(run, stream.size() - at)));
    }
    EXPECT_EQ(clock.duration_ms(), 4000U) << run;
  }
}

TEST(Ogg, IsNamedButNotTimed) {
  EXPECT_EQ(inspected(ogg("\x80theora")), "unknown");
  EXPECT_EQ(inspected(ogg("BBCD")), "unknown");
  EXPECT_EQ(inspected(ogg("OpusHead")), "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(ogg_page(2, text("OpusHead")) + ogg("\x80theora")), "unknown") << "the second stream";
  EXPECT_EQ(inspected(text("OggS") + filler(10)), "CORRUPT_VIDEO@0");
  EXPECT_EQ(inspected(ogg_page(2, text("\x80theora")) + filler(10)), "CORRUPT_VIDEO@35");
}

}  // namespace
}  // namespace netocr::test
