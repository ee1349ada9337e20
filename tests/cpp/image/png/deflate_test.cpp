// Deflater: zlib's inflate gives the bytes back, the budget is kept to the byte, equal input gives equal
// streams.
#include "image/png/deflate.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <vector>

#include "cpp/image/png/reader.hpp"

namespace netocr::png {
namespace {

using namespace netocr::testing;

using ByteVector = std::vector<std::uint8_t>;
using Effort = Deflater::Effort;

// In parts of `part` bytes; nothing when the stream would be longer than `max_bytes`.
std::optional<ByteVector> deflated(const ByteVector& data, Effort effort, bool is_filtered, std::size_t part,
                                   std::size_t max_bytes) {
  auto deflater = Deflater::create({effort, is_filtered, data.size(), max_bytes});
  EXPECT_TRUE(deflater.ok());
  for (std::size_t at = 0; at < data.size(); at += part) {
    const auto fits = deflater->add(Bytes(data).subspan(at, std::min(part, data.size() - at)));
    EXPECT_TRUE(fits.ok());
    if (!*fits) return std::nullopt;
  }
  const auto fits = deflater->finish();
  EXPECT_TRUE(fits.ok());
  if (!*fits) return std::nullopt;
  EXPECT_LE(deflater->stream().size(), max_bytes);
  return ByteVector(deflater->stream().begin(), deflater->stream().end());
}

std::vector<ByteVector> samples() {
  std::mt19937 random(3);
  ByteVector noise(200'000), few(150'000), flat(1'000'000, 7), one = {42};
  for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
  for (auto& byte : few) byte = static_cast<std::uint8_t>(random() % 3 * 100);
  return {noise, few, flat, one};
}

TEST(Deflater, InflatingGivesTheBytes) {
  for (const ByteVector& data : samples()) {
    for (const Effort effort : {Effort::kEstimate, Effort::kBest}) {
      for (const bool is_filtered : {false, true}) {
        const auto stream = deflated(data, effort, is_filtered, 3001, 1 << 24);
        ASSERT_TRUE(stream.has_value());
        EXPECT_TRUE(png_reader::inflate_exactly(*stream, data.size()) == data);
        EXPECT_TRUE(deflated(data, effort, is_filtered, 3001, 1 << 24) == stream);
      }
    }
  }
}

TEST(Deflater, TheBudgetIsKeptToTheByte) {
  for (const ByteVector& data : samples()) {
    for (const Effort effort : {Effort::kEstimate, Effort::kBest}) {
      for (const std::size_t part : {std::size_t{1000}, data.size()}) {
        const std::size_t size = deflated(data, effort, false, part, 1 << 24)->size();
        const auto exact = deflated(data, effort, false, part, size);
        ASSERT_TRUE(exact.has_value());
        EXPECT_EQ(exact->size(), size);
        for (const std::size_t less : {std::size_t{1}, std::size_t{2}, size / 2, size - 1, size})
          EXPECT_FALSE(deflated(data, effort, false, part, size - std::min(less, size)).has_value()) << less;
      }
    }
  }
}

// Up to half a megabyte it is asked for as much.
TEST(Deflater, StreamsAreNearlyAsSmallAsThoseOfTheBestLevel) {
  ByteVector text;
  for (std::uint32_t i = 0; text.size() < 300'000; ++i) {
    const std::string words =
        "row " + std::to_string(i * 2654435761U % 1000) + " of a table " + std::to_string(i);
    text.insert(text.end(), words.begin(), words.end());
  }
  ByteVector best(300'000);
  uLongf size = best.size();
  ASSERT_EQ(compress2(best.data(), &size, text.data(), static_cast<uLong>(text.size()), 9), Z_OK);
  const std::size_t ours = deflated(text, Effort::kBest, false, 500, 1 << 24)->size();
  EXPECT_LT(ours, size + size / 100);
  EXPECT_LT(ours, deflated(text, Effort::kEstimate, false, 500, 1 << 24)->size());
}

}  // namespace
}  // namespace netocr::png
