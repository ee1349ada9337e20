// ASF (WMV): play duration without preroll, live files, damage.
#include <gtest/gtest.h>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

const File kData = asf_object(kAsfDataGuid, filler(60));

File asf(const File& objects, const File& data = kData) { return asf_header(objects) + data; }

TEST(Asf, Duration) {
  EXPECT_EQ(inspected(wmv(4000)), "4000");
  EXPECT_EQ(inspected(asf(asf_stream(kAsfVideoGuid) + asf_file_properties(4321, 0))), "4321");
  EXPECT_EQ(inspected(asf(asf_stream(kAsfVideoGuid) + asf_file_properties(3000, 3100))), "unknown")
      << "shorter than its preroll";
  EXPECT_EQ(inspected(asf(asf_stream(kAsfVideoGuid) + asf_file_properties(0, 0))), "unknown");
  EXPECT_EQ(inspected(asf(asf_stream(kAsfVideoGuid))), "unknown") << "no file properties";
}

TEST(Asf, Broadcast) {
  const File live = asf_file_properties(4000, 0, 1) + asf_stream(kAsfVideoGuid);
  EXPECT_EQ(inspected(asf(live)), "unknown");
  EXPECT_EQ(inspected(asf(live, kAsfDataGuid + le(8, ~0ULL) + filler(60))), "unknown")
      << "an endless data object";
  EXPECT_EQ(inspected(asf(live, kAsfDataGuid + le(8, 0) + filler(60))), "unknown");
}

TEST(Asf, NeedsAPictureStream) {
  EXPECT_EQ(inspected(asf(asf_file_properties(4000, 0) + asf_stream(kAsfAudioGuid))), "NOT_A_VIDEO@0")
      << "WMA";
  const File embedded = asf_object(filler(16, 0x5F), filler(64) + asf_stream(kAsfVideoGuid));
  EXPECT_EQ(inspected(asf(asf_file_properties(4000, 0) + embedded)), "4000") << "within another object";
}

TEST(Asf, BytesAfterTheData) {
  EXPECT_EQ(inspected(wmv(4000) + filler(10)), "4000");
  EXPECT_EQ(inspected(wmv(4000) + filler(100)), "4000");
  EXPECT_EQ(inspected(wmv(4000) + asf_object(filler(16, 0x90), filler(40))), "4000") << "an index";
  EXPECT_EQ(inspected(wmv(4000) + filler(100, 0xEE)), "4000");
}

TEST(Asf, Damage) {
  const File header = asf_header(asf_file_properties(4000, 0) + asf_stream(kAsfVideoGuid));
  const std::string at_data = "CORRUPT_VIDEO@" + std::to_string(header.size());
  EXPECT_EQ(inspected(header), at_data) << "no data";
  EXPECT_EQ(inspected(header + kAsfDataGuid + le(8, 85) + filler(60)), at_data) << "cut off";
  EXPECT_EQ(inspected(header + kAsfDataGuid + le(8, ~0ULL) + filler(60)), at_data);
  EXPECT_EQ(inspected(header + kAsfDataGuid + le(8, 23) + filler(60)), at_data);
  EXPECT_EQ(inspected(kAsfHeaderGuid + le(8, 24) + filler(80)), "CORRUPT_VIDEO@0") << "no room for its count";
  EXPECT_EQ(inspected(kAsfHeaderGuid + le(8, 1ULL << 63) + filler(80)), "CORRUPT_VIDEO@0");
  EXPECT_EQ(inspected(asf(asf_object(kAsfFileGuid, filler(20)))), "CORRUPT_VIDEO@30")
      << "too short for its fields";
  EXPECT_EQ(inspected(asf(kAsfFileGuid + le(8, 1000))), "CORRUPT_VIDEO@30") << "longer than the header";
  EXPECT_EQ(inspected(kAsfHeaderGuid), "CORRUPT_VIDEO@16") << "sixteen bytes of a file";
}

}  // namespace
}  // namespace netocr::test
