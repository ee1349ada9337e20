// MP4, MOV and 3GP: where the duration stands, what a damaged file is, and what players put up with.
#include <gtest/gtest.h>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

const File kType = ftyp("isom");
const File kData = box("mdat", filler(32));

// A movie with one video track whose three headers say different things.
File movie(const File& mvhd_box, std::uint64_t tkhd, std::uint64_t mdhd, const File& more = {}) {
  return kType +
         box("moov",
             mvhd_box + trak({.timescale = 1000, .media_duration = mdhd, .movie_duration = tkhd}) + more) +
         kData;
}

TEST(IsoMedia, DurationOfTheHeaders) {
  EXPECT_EQ(inspected(mp4(4000)), "4000");
  EXPECT_EQ(inspected(movie(mvhd(600, 2400), 0, 0)), "4000");
  EXPECT_EQ(inspected(movie(mvhd(600, 2400, 1), 0, 0)), "4000") << "version 1";
  EXPECT_EQ(inspected(movie(mvhd(3, 10), 0, 0)), "3333") << "rounded to nearest";
  EXPECT_EQ(inspected(movie(mvhd(1000, 0), 4100, 4200)), "4200") << "the longer of the track's";
  EXPECT_EQ(inspected(movie(mvhd(1000, 0xFFFFFFFF), 0, 4200)), "4200") << "unknown in mvhd";
  EXPECT_EQ(inspected(movie(mvhd(1000, ~0ULL, 1), 0, 4200)), "4200");
  EXPECT_EQ(inspected(movie(mvhd(0, 4000), 0, 4200)), "4200") << "a timescale of zero says nothing";
  EXPECT_EQ(inspected(movie(mvhd(1000, 0), 0, 0)), "0");
  EXPECT_EQ(inspected(movie(mvhd(1000, 0xFFFFFFFF), 0xFFFFFFFF, 0xFFFFFFFF)), "unknown");
  EXPECT_EQ(inspected(movie({}, 0, 0)), "unknown");
  EXPECT_EQ(inspected(movie(mvhd(1, ~0ULL - 1, 1), 0, 0)), "9007199254740991")
      << "as much as a JavaScript number holds";
}

TEST(IsoMedia, TracksOfVersionOne) {
  const TrackFields track{.timescale = 1000, .media_duration = 4300, .version = 1};
  EXPECT_EQ(inspected(kType + box("moov", mvhd(1000, 0) + trak(track)) + kData), "4300");
}

TEST(IsoMedia, OrderAndSizes) {
  const File moov = box("moov", mvhd(1000, 4000) + trak({}));
  EXPECT_EQ(inspected(kType + kData + moov), "4000") << "moov last";
  EXPECT_EQ(inspected(kType + box64("mdat", filler(32)) + moov), "4000") << "64-bit size";
  EXPECT_EQ(inspected(kType + box64("moov", mvhd(1000, 4000) + trak({})) + kData), "4000");
  EXPECT_EQ(inspected(kType + moov + be(4, 0) + text("mdat") + filler(99)), "4000") << "size 0: to the end";
  EXPECT_EQ(inspected(kType + box("moov", box("udta", filler(4)) + mvhd(1000, 4000) + trak({}) + filler(4)) +
                      kData),
            "4000")
      << "QuickTime ends lists with a zero word";
  EXPECT_EQ(inspected(moov + kData), "4000") << "QuickTime without ftyp";
  EXPECT_EQ(inspected(box("wide", {}) + kData + moov), "4000");
}

TEST(IsoMedia, Fragments) {
  EXPECT_EQ(inspected(fragmented_mp4(4)), "4000");
  EXPECT_EQ(inspected(fragmented_mp4(0)), "0") << "MediaRecorder stopped at once";
  const File init =
      kType + box("moov", mvhd(1000, 0) + trak({.id = 7, .samples = 0}) + box("mvex", trex(7, 3600)));
  EXPECT_EQ(inspected(init + moof(tfhd(7) + trun(50)) + kData + moof(tfhd(7) + trun(50)) + kData), "4000")
      << "no tfdt";
  EXPECT_EQ(inspected(init + moof(tfhd(7, 1800) + trun(100)) + kData), "2000")
      << "the fragment's own default";
  EXPECT_EQ(inspected(init + moof(tfhd(7) + trun({90000, 180000, 90000})) + kData), "4000")
      << "each sample its own";
  EXPECT_EQ(inspected(init + moof(tfhd(7) + trun(25) + trun(25)) + kData), "2000") << "two runs";
  EXPECT_EQ(inspected(init + moof(tfhd(7) + tfdt(900000) + trun(25)) + kData), "1000") << "starts late";
  EXPECT_EQ(inspected(init + moof(tfhd(7) + tfdt(0) + trun(25)) + kData +
                      moof(tfhd(7) + tfdt(270000) + trun(25)) + kData),
            "4000")
      << "a gap counts";
  EXPECT_EQ(inspected(init + moof(tfhd(9) + trun(25)) + kData), "0") << "of no known track";
  EXPECT_EQ(inspected(init + moof(tfhd(7) + tfdt(~0ULL - 5, 1) + trun(25)) + kData), "0") << "saturates";
}

TEST(IsoMedia, FragmentsAfterSamplesOfTheMovie) {
  const TrackFields track{.media_duration = 90000, .samples = 25};
  const File moov = box("moov", mvhd(1000, 1000) + trak(track) + box("mvex", trex(1, 3600)));
  EXPECT_EQ(inspected(kType + moov + kData + moof(tfhd(1) + trun(75)) + kData), "4000");
  EXPECT_EQ(inspected(kType + moov + kData + moof(tfhd(1) + tfdt(90000) + trun(75)) + kData), "4000");
}

TEST(IsoMedia, FragmentDurationOfTheHeader) {
  const File v0 = box("mvex", box("mehd", be(4, 0) + be(4, 4500)) + trex(1, 0));
  const File v1 = box("mvex", box("mehd", be(4, 0x01000000) + be(8, 4600)) + trex(1, 0));
  EXPECT_EQ(inspected(movie(mvhd(1000, 0), 0, 0, v0)), "4500");
  EXPECT_EQ(inspected(movie(mvhd(1000, 0), 0, 0, v1)), "4600");
}

TEST(IsoMedia, NeedsAPictureTrack) {
  EXPECT_EQ(inspected(kType + box("moov", mvhd(1000, 4000) + trak({.handler = "soun"})) + kData),
            "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(kType + box("moov", mvhd(1000, 4000)) + kData), "NOT_A_VIDEO@0");
  EXPECT_EQ(
      inspected(kType + box("moov", mvhd(1000, 4000) + trak({.handler = "soun"}) + trak({.id = 2})) + kData),
      "4000");
  EXPECT_EQ(inspected(box("moov", box("cmov", filler(40))) + kData), "unknown")
      << "deflated QuickTime header";
}

TEST(IsoMedia, Damage) {
  const std::size_t type_size = kType.size();
  const File moov = box("moov", mvhd(1000, 4000) + trak({}));
  const std::string at_moov = "CORRUPT_VIDEO@" + std::to_string(type_size);
  const std::string at_child = "CORRUPT_VIDEO@" + std::to_string(type_size + 8);
  EXPECT_EQ(inspected(kType + kData), "CORRUPT_VIDEO@" + std::to_string(type_size + kData.size()))
      << "no moov";
  EXPECT_EQ(inspected(kType + moov), "CORRUPT_VIDEO@" + std::to_string(type_size + moov.size())) << "no mdat";
  EXPECT_EQ(inspected(kType + be(4, 5000) + text("mdat") + filler(40)), at_moov) << "cut off in mdat";
  EXPECT_EQ(inspected(kType + moov + be(4, 5000) + text("mdat") + filler(40)),
            "CORRUPT_VIDEO@" + std::to_string(type_size + moov.size()));
  EXPECT_EQ(inspected(kType + be(4, 7) + text("mdat") + filler(40)), at_moov) << "smaller than a header";
  EXPECT_EQ(inspected(kType + be(4, 1) + text("mdat") + be(8, 15) + filler(40)), at_moov);
  EXPECT_EQ(inspected(kType + be(4, 1) + text("mdat") + be(8, ~0ULL) + filler(40)), at_moov)
      << "64-bit overflow";
  EXPECT_EQ(inspected(kType + be(4, 1) + text("mdat") + be(3, 0)), at_moov) << "cut off in the 64-bit size";
  EXPECT_EQ(inspected(kType + box("moov", be(4, 5000) + text("trak") + filler(40)) + kData), at_child)
      << "longer than its parent";
  EXPECT_EQ(inspected(kType + box("moov", box("mvhd", filler(10))) + kData), at_child)
      << "too short for its fields";
  const File run = box("trun", be(4, 0x100) + be(4, 1000) + filler(20));
  const File fragments = kType + box("moov", trak({})) + box("moof", box("traf", tfhd(1) + run)) + kData;
  EXPECT_EQ(inspected(fragments),
            "CORRUPT_VIDEO@" + std::to_string(fragments.size() - kData.size() - run.size()));
}

TEST(IsoMedia, BytesAfterTheLastBox) {
  EXPECT_EQ(inspected(mp4(4000) + filler(3)), "4000");
  EXPECT_EQ(inspected(mp4(4000) + filler(300)), "4000");
  EXPECT_EQ(inspected(mp4(4000) + filler(300, 0xEE)), "4000") << "a camera's own trailer";
  EXPECT_EQ(inspected(kType + filler(300, 0xEE)), "CORRUPT_VIDEO@" + std::to_string(kType.size()))
      << "but not instead of the movie";
}

TEST(IsoMedia, ManyTracks) {
  File tracks;
  for (std::uint32_t id = 1; id <= 100; ++id) tracks = tracks + trak({.id = id});
  EXPECT_EQ(inspected(kType + box("moov", mvhd(1000, 4000) + tracks) + kData), "4000");
}

}  // namespace
}  // namespace netocr::test
