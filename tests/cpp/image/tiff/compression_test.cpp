// Every value of the tag: decoded, or with a text that says what to do, or a camera's.
#include "image/tiff/compression.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace netocr::tiff {
namespace {

TEST(TiffCompressionTest, NamesWhatIsNotDecoded) {
  const std::map<std::string, std::set<int>> named = {
      {"JBIG", {9, 10, 34661, 34715}}, {"JPEG 2000", {33003, 33004, 33005, 34712}},
      {"Pixar", {32908, 32909}},       {"LERC", {34887}},
      {"lossy DNG", {34892}},          {"LZMA", {34925}},
      {"ZSTD", {34926, 50000}},        {"WebP", {34927, 50001}},
      {"JPEG XL", {50002, 52546}},     {"NeXT", {32766}},
      {"ThunderScan", {32809}},
  };
  for (const auto& [name, values] : named) {
    for (const int value : values) {
      const char* const problem = compression_problem(static_cast<std::uint16_t>(value));
      ASSERT_NE(problem, nullptr) << value;
      EXPECT_EQ(std::string(problem).find("TIFF with " + name + " compression is not decoded: save it"), 0U)
          << problem;
    }
  }
}

TEST(TiffCompressionTest, DecodesTheseOnly) {
  const std::set<int> decoded = {1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32946, 34676, 34677};
  for (int value = 0; value <= 65535; ++value)
    EXPECT_EQ(compression_problem(static_cast<std::uint16_t>(value)) == nullptr, decoded.contains(value))
        << value;
}

TEST(TiffCompressionTest, SaysThatTheOthersAreNotKnown) {
  for (const std::uint16_t value : {std::uint16_t{0}, std::uint16_t{11}, std::uint16_t{65534}}) {
    const char* const problem = compression_problem(value);
    ASSERT_NE(problem, nullptr);
    EXPECT_NE(std::string(problem).find("not known"), std::string::npos) << value;
  }
}

TEST(TiffCompressionTest, KnowsTheCamerasOwn) {
  const std::set<int> sensors = {32767, 32769, 32770, 32772, 32867, 34713, 65000, 65535};
  for (int value = 0; value <= 65535; ++value)
    EXPECT_EQ(is_sensor_compression(static_cast<std::uint16_t>(value)), sensors.contains(value)) << value;
}

}  // namespace
}  // namespace netocr::tiff
