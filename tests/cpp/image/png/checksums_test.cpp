// CRC-32 and Adler-32 against zlib's.
#include "image/png/checksums.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <type_traits>
#include <vector>

namespace netocr::png {
namespace {

// The tables are shared: a file needs several sums, each of a few bytes.
static_assert(std::is_empty_v<Crc32>);

std::vector<std::uint8_t> random_bytes(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::vector<std::uint8_t> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(Checksums, TheyAreZlibs) {
  const Crc32 crc;
  for (const std::size_t size :
       {0U, 1U, 7U, 8U, 9U, 15U, 16U, 17U, 33U, 5551U, 5552U, 5553U, 11200U, 100'003U}) {
    const auto bytes = random_bytes(size);
    Adler32 adler;
    adler.extend(bytes);
    EXPECT_EQ(adler.value(), adler32(1, bytes.data(), static_cast<uInt>(size))) << size;
    EXPECT_EQ(crc.of(bytes), size == 0 ? 0 : crc32(0, bytes.data(), static_cast<uInt>(size))) << size;
  }
}

// The sums that come nearest to 32 bits.
TEST(Checksums, AdlerHoldsTheLargestBytes) {
  const std::vector<std::uint8_t> bytes(200'000, 255);
  Adler32 adler;
  for (int i = 0; i < 3; ++i) adler.extend(bytes);
  uLong expected = 1;
  for (int i = 0; i < 3; ++i) expected = adler32(expected, bytes.data(), static_cast<uInt>(bytes.size()));
  EXPECT_EQ(adler.value(), expected);
}

TEST(Checksums, PartsAreAsTheWhole) {
  const auto bytes = random_bytes(10'000);
  const Crc32 crc;
  Adler32 whole;
  whole.extend(bytes);
  for (const std::size_t cut : {1U, 9U, 5555U, 9999U}) {
    const Bytes all(bytes);
    Adler32 adler;
    adler.extend(all.first(cut));
    adler.extend(all.subspan(cut));
    EXPECT_EQ(adler.value(), whole.value());
    const std::uint32_t first = crc.extend(Crc32::kStart, all.first(cut));
    EXPECT_EQ(Crc32::finish(crc.extend(first, all.subspan(cut))), crc.of(all));
  }
}

}  // namespace
}  // namespace netocr::png
