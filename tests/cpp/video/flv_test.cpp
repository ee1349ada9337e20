// FLV: onMetaData, time stamps when it does not say, damage.
#include <gtest/gtest.h>

#include <limits>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

File with_meta(const File& properties) {
  return flv_header() + flv_tag(18, 0, on_meta_data(properties)) + flv_video(100, 40);
}

TEST(Flv, DurationOfTheMetadata) {
  EXPECT_EQ(inspected(flv(4)), "4000");
  EXPECT_EQ(inspected(flv(3.5004)), "3500");
  const File before = amf_key("hasVideo") + be(2, 0x0101) + amf_key("width") + be(1, 0) + be_double(640) +
                      amf_key("encoder") + be(1, 2) + amf_key("name") + amf_key("a") + be(1, 5) +
                      amf_key("b") + be(1, 6) + amf_key("c") + be(3, 0x070001) + amf_key("date") + be(1, 11) +
                      filler(10) + amf_key("long") + be(1, 12) + be(4, 3) + text("xyz");
  EXPECT_EQ(inspected(with_meta(before + amf_duration(4.5))), "4500") << "behind every scalar type";
  const File object = be(1, 2) + amf_key("onMetaData") + be(1, 3) + amf_duration(4.25) + be(3, 9);
  EXPECT_EQ(inspected(flv_header() + flv_tag(18, 0, object) + flv_video(3, 40)), "4250")
      << "an object for an array";
}

TEST(Flv, DurationOfTheTags) {
  EXPECT_EQ(inspected(flv_header() + flv_video(100, 40)), "4000") << "no metadata";
  EXPECT_EQ(inspected(flv_header() + flv_video(100, 40, 5000)), "4000") << "starts late";
  EXPECT_EQ(inspected(flv_header() + flv_video(100, 40, 0xFFFFFF)), "4000")
      << "time stamps of more than 24 bits";
  EXPECT_EQ(
      inspected(flv_header() + flv_video(100, 40) + flv_tag(8, 0, filler(2)) + flv_tag(8, 4480, filler(2))),
      "8960")
      << "the longer kind";
  EXPECT_EQ(inspected(flv_header() + flv_video(1, 40)), "0") << "one frame";
  EXPECT_EQ(inspected(with_meta(amf_duration(0))), "4000");
  EXPECT_EQ(inspected(with_meta(amf_duration(-1))), "4000");
  EXPECT_EQ(inspected(with_meta(amf_duration(std::numeric_limits<double>::quiet_NaN()))), "4000");
  EXPECT_EQ(inspected(with_meta(amf_duration(std::numeric_limits<double>::infinity()))), "4000");
  EXPECT_EQ(inspected(with_meta(amf_key("duration") + be(1, 2) + amf_key("4"))), "4000") << "a string";
  EXPECT_EQ(inspected(with_meta(amf_key("keyframes") + be(1, 3) + amf_duration(9) + be(3, 9))), "4000")
      << "of a nested object";
  EXPECT_EQ(inspected(with_meta(amf_key("duration") + be(1, 0) + filler(2))), "4000")
      << "cut off within its tag";
  EXPECT_EQ(inspected(flv_header() + flv_tag(18, 0, be(1, 2) + amf_key("onCuePoint")) + flv_video(100, 40)),
            "4000");
  EXPECT_EQ(inspected(flv_header() + flv_tag(18, 0, {}) + flv_video(100, 40)), "4000");
}

TEST(Flv, NeedsAPictureTag) {
  EXPECT_EQ(inspected(flv_header() + flv_tag(8, 0, filler(2)) + flv_tag(8, 4000, filler(2))),
            "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(flv_header()), "NOT_A_VIDEO@0");
  EXPECT_EQ(inspected(flv_header() + flv_tag(0x29, 0, filler(2)) + flv_tag(0x29, 40, filler(2))), "80")
      << "encrypted tags count";
}

TEST(Flv, Damage) {
  EXPECT_EQ(inspected(text("FLV") + be(2, 0x0105)), "CORRUPT_VIDEO@0");
  EXPECT_EQ(inspected(text("FLV") + be(2, 0x0105) + be(4, ~0ULL) + filler(50)), "CORRUPT_VIDEO@0")
      << "a header of 4 GB";
  File cut = flv_header() + flv_video(2, 40);
  cut.resize(cut.size() - 4);
  EXPECT_EQ(inspected(cut), "80") << "the last back pointer is left out";
  cut.resize(cut.size() - 1);
  EXPECT_EQ(inspected(cut), "CORRUPT_VIDEO@34");
  EXPECT_EQ(inspected(flv_header() + be(1, 9) + be(3, 0xFFFFFF) + filler(50)), "CORRUPT_VIDEO@13");
}

}  // namespace
}  // namespace netocr::test
