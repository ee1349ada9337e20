// ByteReader: every read in both byte orders, and that nothing is ever read outside.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

#include "base/bytes.hpp"

namespace netocr {
namespace {

constexpr std::array<std::uint8_t, 8> kBytes = {0x81, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xf8};

TEST(ByteReaderTest, ReadsBothByteOrders) {
  EXPECT_EQ(ByteReader(kBytes).u8(), 0x81U);
  EXPECT_EQ(ByteReader(kBytes).u16be(), 0x8102U);
  EXPECT_EQ(ByteReader(kBytes).u24be(), 0x810203U);
  EXPECT_EQ(ByteReader(kBytes).u32be(), 0x81020304U);
  EXPECT_EQ(ByteReader(kBytes).u64be(), 0x81020304050607f8U);
  EXPECT_EQ(ByteReader(kBytes).u16le(), 0x0281U);
  EXPECT_EQ(ByteReader(kBytes).u32le(), 0x04030281U);
  EXPECT_EQ(ByteReader(kBytes).u64le(), 0xf807060504030281U);
  EXPECT_EQ(ByteReader(kBytes, 4).i32le(), static_cast<std::int32_t>(0xf8070605U));
}

struct Read {
  const char* name;
  std::size_t width;
  std::function<std::uint64_t(ByteReader&)> run;
};

std::vector<Read> all_reads() {
  return {
      {"u8", 1, [](ByteReader& r) { return std::uint64_t{r.u8()}; }},
      {"u16be", 2, [](ByteReader& r) { return std::uint64_t{r.u16be()}; }},
      {"u24be", 3, [](ByteReader& r) { return std::uint64_t{r.u24be()}; }},
      {"u32be", 4, [](ByteReader& r) { return std::uint64_t{r.u32be()}; }},
      {"u64be", 8, [](ByteReader& r) { return r.u64be(); }},
      {"u16le", 2, [](ByteReader& r) { return std::uint64_t{r.u16le()}; }},
      {"u32le", 4, [](ByteReader& r) { return std::uint64_t{r.u32le()}; }},
      {"u64le", 8, [](ByteReader& r) { return r.u64le(); }},
      {"i32le", 4, [](ByteReader& r) { return static_cast<std::uint64_t>(r.i32le()); }},
  };
}

TEST(ByteReaderTest, FailsForGoodPastTheEnd) {
  for (const Read& read : all_reads()) {
    for (std::size_t length = 0; length < 10; ++length) {
      const std::vector<std::uint8_t> bytes(length,
                                            0xff);  // exact allocation: the sanitizer sees any overrun
      ByteReader reader(bytes);
      std::size_t good = 0;
      while (reader.ok()) {
        const std::uint64_t value = read.run(reader);
        if (reader.ok()) {
          ++good;
        } else {
          EXPECT_EQ(value, 0U) << read.name;
        }
      }
      EXPECT_EQ(good, length / read.width) << read.name << " of " << length;
      EXPECT_EQ(reader.remaining(), 0U);
      EXPECT_EQ(reader.u8(), 0U);
      EXPECT_FALSE(reader.ok());
    }
  }
}

TEST(ByteReaderTest, SeeksAndSkips) {
  ByteReader reader(kBytes);
  reader.skip(2);
  EXPECT_EQ(reader.position(), 2U);
  EXPECT_EQ(reader.u8(), 3U);
  reader.seek(7);
  EXPECT_EQ(reader.peek(), 0xf8);
  EXPECT_EQ(reader.remaining(), 1U);
  reader.seek(8);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.peek(), std::nullopt);
  reader.seek(9);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.size(), 8U);
}

TEST(ByteReaderTest, HugeCountsDoNotWrap) {
  for (const std::uint64_t count :
       {std::uint64_t{9}, ~std::uint64_t{0}, ~std::uint64_t{0} - 3, std::uint64_t{1} << 32}) {
    ByteReader by_skip(kBytes, 4), by_seek(kBytes, 4), by_take(kBytes, 4);
    by_skip.skip(count);
    by_seek.seek(count);
    EXPECT_TRUE(by_take.take(count).empty());
    EXPECT_FALSE(by_skip.ok());
    EXPECT_FALSE(by_seek.ok());
    EXPECT_FALSE(by_take.ok());
  }
}

TEST(ByteReaderTest, TakesRuns) {
  ByteReader reader(kBytes, 1);
  const Bytes run = reader.take(3);
  ASSERT_EQ(run.size(), 3U);
  EXPECT_EQ(run[0], 2U);
  EXPECT_EQ(run[2], 4U);
  EXPECT_EQ(reader.take(0).size(), 0U);
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReaderTest, EndsEarlierWithUntil) {
  const ByteReader reader(kBytes, 3);
  EXPECT_EQ(reader.rest().size(), 5U);
  ByteReader part = reader.until(5);
  EXPECT_EQ(part.position(), 3U);
  EXPECT_EQ(part.size(), 5U);
  EXPECT_EQ(part.u16be(), 0x0405U);
  EXPECT_TRUE(part.ok());
  EXPECT_TRUE(part.rest().empty());
  EXPECT_EQ(reader.until(9).size(), 8U);
  EXPECT_FALSE(reader.until(2).ok()) << "it would end before it begins";
}

TEST(ByteReaderTest, StartsPastTheEndAsFailed) { EXPECT_FALSE(ByteReader(kBytes, 9).ok()); }

TEST(BytesAtTest, ComparesInsideOnly) {
  const Bytes bytes = as_bytes("RIFF1234AVI ");
  EXPECT_TRUE(bytes_at(bytes, 0, "RIFF"));
  EXPECT_TRUE(bytes_at(bytes, 8, "AVI "));
  EXPECT_TRUE(bytes_at(bytes, 12, ""));
  EXPECT_FALSE(bytes_at(bytes, 9, "VI  "));
  EXPECT_FALSE(bytes_at(bytes, 13, ""));
  EXPECT_FALSE(bytes_at(bytes, static_cast<std::size_t>(-1), "R"));
  EXPECT_FALSE(bytes_at(bytes, 0, "RIFX"));
}

TEST(AsTextTest, IsTheInverseOfAsBytes) { EXPECT_EQ(as_text(as_bytes("\x80\xff\0z")), "\x80\xff\0z"); }

}  // namespace
}  // namespace netocr
