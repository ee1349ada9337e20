// RealMedia (RM, RMVB): durations of the file and its streams, damage.
#include <gtest/gtest.h>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

const File kHead = rm_chunk(".RMF", filler(8));
const File kVideo = rm_stream(4100, "video/x-pn-realvideo");
const File kData = rm_chunk("DATA", filler(40));

TEST(RealMedia, Duration) {
  EXPECT_EQ(inspected(rm(4000)), "4000");
  EXPECT_EQ(inspected(kHead + rm_properties(0) + kVideo + rm_stream(4200, "audio/x-pn-realaudio") + kData),
            "4200")
      << "of the longest stream";
  EXPECT_EQ(inspected(kHead + rm_properties(0) + rm_stream(0, "video/x-pn-realvideo") + kData), "unknown");
}

TEST(RealMedia, DataChunk) {
  const File head = kHead + rm_properties(4000) + kVideo;
  EXPECT_EQ(inspected(head + text("DATA") + be(4, 0) + filler(42)), "4000") << "size 0: to the end";
  EXPECT_EQ(inspected(head + text("DATA") + be(4, 60) + filler(42)), "4000")
      << "FFmpeg's is too large by ten bytes";
  EXPECT_EQ(inspected(head + kData + rm_chunk("INDX", filler(20)) + filler(100, 0xEE)), "4000")
      << "what players append";
  EXPECT_EQ(inspected(head + kData + filler(8)), "4000");
}

TEST(RealMedia, NeedsAPictureStream) {
  EXPECT_EQ(inspected(kHead + rm_properties(4000) + rm_stream(4000, "audio/x-pn-realaudio") + kData),
            "NOT_A_VIDEO@0");
}

TEST(RealMedia, Damage) {
  const File head = kHead + rm_properties(4000) + kVideo;
  const std::string at_data = "CORRUPT_VIDEO@" + std::to_string(head.size());
  EXPECT_EQ(inspected(head), at_data) << "no data";
  EXPECT_EQ(inspected(head + text("DATA") + be(4, 69) + filler(42)), at_data) << "cut off";
  EXPECT_EQ(inspected(head + text("CONT") + be(4, 9) + filler(42)), at_data) << "smaller than its header";
  EXPECT_EQ(inspected(head + text("CONT") + be(4, 0xFFFFFFFF) + filler(42)), at_data);
  EXPECT_EQ(inspected(kHead + rm_chunk("PROP", filler(20)) + kData), "CORRUPT_VIDEO@18")
      << "too short for its fields";
  EXPECT_EQ(inspected(kHead + rm_chunk("MDPR", filler(30) + be(1, 200)) + kData), "CORRUPT_VIDEO@18")
      << "a name that is cut off";
}

}  // namespace
}  // namespace netocr::test
