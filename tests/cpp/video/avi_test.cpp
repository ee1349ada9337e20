// AVI: which of its many counts is believed, files that were still being written, damage.
#include <gtest/gtest.h>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

File riff(const File& headers, const File& frames) {
  return list("AVI ", list("hdrl", headers) + list("movi", frames), "RIFF");
}
const File kFrames = repeat(chunk("00dc", filler(5)), 100);

TEST(Avi, DurationOfTheHeaders) {
  EXPECT_EQ(inspected(avi(100)), "4000");
  EXPECT_EQ(inspected(riff(avih(0, 0) + strl("vids", 1001, 30000, 120), kFrames)), "4004") << "NTSC";
  EXPECT_EQ(inspected(riff(avih(40000, 100) + strl("vids", 1, 25, 0), kFrames)), "4000")
      << "avih when strh has no length";
  EXPECT_EQ(inspected(riff(avih(40000, 100) + strl("vids", 0, 0, 0), kFrames)), "4000")
      << "avih's frame time";
  EXPECT_EQ(
      inspected(riff(avih(0, 0) + strl("vids", 1, 25, 100) + strl("auds", 1, 8000, 36000), filler(40000))),
      "4500")
      << "the longer stream";
  const File odml = list("odml", chunk("dmlh", le(4, 110) + filler(240)));
  EXPECT_EQ(inspected(riff(avih(40000, 100) + strl("vids", 1, 25, 100) + odml, kFrames)), "4400")
      << "OpenDML counts every RIFF";
}

TEST(Avi, CountsFramesWhenNoHeaderSays) {
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("vids", 1, 25, 0), kFrames)), "4000");
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("vids", 1, 25, 0), repeat(chunk("00db", {}), 50))), "2000")
      << "repeated frames are empty";
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("auds", 1, 8000, 0) + strl("vids", 1, 25, 0),
                           repeat(chunk("01dc", filler(4)) + chunk("00wb", filler(4)), 75))),
            "3000");
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("vids", 1, 25, 0), list("rec ", kFrames))), "4000")
      << "grouped frames";
  EXPECT_EQ(inspected(riff(avih(40000, 1U << 30) + strl("vids", 1, 25, 1U << 30), kFrames)), "4000")
      << "more frames than bytes are no count";
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("vids", 1, 25, 0), {})), "0");
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("vids", 1, 25, 0), repeat(chunk("77dc", {}), 9))), "0")
      << "of no stream";
}

TEST(Avi, StillBeingWritten) {
  const File headers = list("hdrl", avih(40000, 0) + strl("vids", 1, 25, 0));
  for (const std::uint32_t open : {0U, 0xFFFFFFFFU}) {
    const File file = text("RIFF") + le(4, open) + text("AVI ") + headers + text("LIST") + le(4, open) +
                      text("movi") + kFrames;
    EXPECT_EQ(inspected(file), "4000") << open;
  }
}

TEST(Avi, SeveralRiffChunks) {
  const File more = list("AVIX", list("movi", kFrames), "RIFF");
  EXPECT_EQ(inspected(riff(avih(40000, 0) + strl("vids", 1, 25, 0), kFrames) + more), "8000");
  EXPECT_EQ(inspected(avi(100) + filler(300, 0xEE)), "4000") << "bytes after the last one";
}

TEST(Avi, NeedsAPictureStream) {
  EXPECT_EQ(inspected(riff(avih(0, 0) + strl("auds", 1, 8000, 32000), filler(40000))), "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(riff({}, {})), "NOT_A_VIDEO@0");
}

TEST(Avi, Damage) {
  File cut = avi(100);
  cut.resize(cut.size() - 20);
  EXPECT_EQ(inspected(cut), "CORRUPT_VIDEO@0");
  File counted_header = avi(100);
  counted_header[4] = static_cast<std::uint8_t>(counted_header[4] + 8);
  EXPECT_EQ(inspected(counted_header), "4000") << "writers that count the file's header too";
  EXPECT_EQ(inspected(list("AVI ", list("hdrl", avih(40000, 5)), "RIFF")).substr(0, 13), "CORRUPT_VIDEO")
      << "no movi";
  EXPECT_EQ(inspected(list("AVI ", text("LIST") + le(4, 500) + text("hdrl"), "RIFF")), "CORRUPT_VIDEO@12")
      << "longer than its parent";
  EXPECT_EQ(inspected(list("AVI ", text("LIST") + le(4, 2) + text("hdrl"), "RIFF")), "CORRUPT_VIDEO@12")
      << "shorter than its type";
  EXPECT_EQ(inspected(list("AVI ", chunk("strh", filler(10)), "RIFF")), "CORRUPT_VIDEO@12")
      << "too short for its fields";
  EXPECT_EQ(inspected(text("RIFF") + le(4, 0xFFFFFFFE) + text("AVI ") + filler(40)), "CORRUPT_VIDEO@0");
  EXPECT_EQ(inspected(list("AVI ", text("LIST") + le(4, 0), "RIFF")), "CORRUPT_VIDEO@12") << "no list type";
}

}  // namespace
}  // namespace netocr::test
