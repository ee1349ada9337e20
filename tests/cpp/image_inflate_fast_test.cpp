// inflate with our inner loop: what zlib's deflate wrote comes back, and whatever the bytes are, the result
// is that of zlib's own inflate, with its error and at the same place.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "inflate_run.hpp"

namespace netocr {
namespace {

using Bytes8 = std::vector<std::uint8_t>;
constexpr int kRaw = -15;
constexpr int kZlib = 15;

struct Writing {
  int level = 6;
  int strategy = Z_DEFAULT_STRATEGY;
  int window_bits = kZlib;
};

Bytes8 deflated(const Bytes8& data, const Writing& writing) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, writing.level, Z_DEFLATED, writing.window_bits, 9, writing.strategy), Z_OK);
  Bytes8 out(deflateBound(&z, data.size()) + 64);
  z.next_in = const_cast<Bytef*>(data.data());
  z.avail_in = static_cast<uInt>(data.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Bytes8 noise(std::size_t size, unsigned values) {
  std::mt19937 random(values);
  Bytes8 data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random() % values);
  return data;
}

// Rows of a photo behind PNG's filters: small differences, mostly literals of uneven lengths.
Bytes8 differences(std::size_t size) {
  std::mt19937 random(7);
  std::normal_distribution<double> spread(0, 9);
  Bytes8 data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(static_cast<int>(std::lround(spread(random))));
  return data;
}

// Copies of every distance from 1 on, and from far behind, of many lengths.
Bytes8 copies(std::size_t size) {
  std::mt19937 random(11);
  Bytes8 data = noise(70000, 256);
  for (std::size_t distance = 1; data.size() < size; distance = distance % 300 + 1) {
    const std::size_t back = random() % 4 == 0 ? 1 + random() % 32768 : distance;
    const std::size_t length = 3 + random() % 600;
    for (std::size_t i = 0; i < length; ++i) data.push_back(data[data.size() - back]);
    data.push_back(static_cast<std::uint8_t>(random()));
  }
  return data;
}

std::vector<Bytes8> samples() {
  return {{},
          {42},
          noise(3000, 2),
          noise(100000, 256),
          noise(60000, 20),
          differences(200000),
          copies(400000),
          Bytes8(100000, 9)};
}

// Rows of a picture, both ends of what the loop takes (6 and 258 bytes), and less.
constexpr Pieces kPieces[] = {{1 << 20, 1 << 20}, {8192, 12241}, {8192, 263}, {8192, 258}, {9, 260},
                              {6, 300},           {7, 257},      {1, 4000},   {333, 1}};

TEST(InflateFast, WhatWasWrittenComesBack) {
  for (const Bytes8& data : samples()) {
    for (const int level : {1, 6, 9}) {
      for (const int strategy : {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED}) {
        const Bytes8 stream = deflated(data, {level, strategy, kZlib});
        for (const Pieces& pieces : kPieces) {
          // Slow, and the same for all levels.
          if ((pieces.in < 8 || pieces.out < 100) && level != 6) continue;
          const Inflated inflated = inflate_in_pieces(stream, pieces, kZlib);
          ASSERT_EQ(inflated.code, Z_STREAM_END) << inflated.message;
          ASSERT_EQ(inflated.taken, stream.size());
          ASSERT_TRUE(inflated.bytes == data) << level << ' ' << strategy << ' ' << pieces.out;
        }
      }
    }
  }
}

TEST(InflateFast, ASmallWindowIsARingToo) {
  const Bytes8 data = copies(300000);
  for (int bits = 9; bits <= 15; ++bits) {
    const Bytes8 stream = deflated(data, {9, Z_DEFAULT_STRATEGY, bits});
    for (const Pieces& pieces : kPieces) {
      if (pieces.out < 200) continue;
      const Inflated inflated = inflate_in_pieces(stream, pieces, bits);
      ASSERT_EQ(inflated.code, Z_STREAM_END) << inflated.message;
      ASSERT_TRUE(inflated.bytes == data) << bits << ' ' << pieces.out;
    }
  }
}

TEST(InflateFast, DamageIsFoundWhereZlibFindsIt) {
  std::mt19937 random(3);
  int errors = 0;
  int changed = 0;
  for (const Bytes8& data : {differences(30000), copies(90000), noise(20000, 20)}) {
    for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED}) {
      const Bytes8 whole = deflated(data, {9, strategy, kRaw});
      for (int round = 0; round < 400; ++round) {
        Bytes8 stream = whole;
        const int flips = 1 + round % 3;
        for (int i = 0; i < flips; ++i) {
          const std::size_t near = round % 2 == 0 ? stream.size() : std::min<std::size_t>(stream.size(), 400);
          stream[random() % near] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
        const Pieces& pieces = kPieces[static_cast<std::size_t>(round) % 7];
        const Inflated ours = inflate_in_pieces(stream, pieces, kRaw);
        const Inflated theirs = inflate_by_zlib(stream, pieces, kRaw);
        ASSERT_EQ(ours.code, theirs.code) << round;
        ASSERT_EQ(ours.message, theirs.message) << round;
        ASSERT_EQ(ours.taken, theirs.taken) << round;
        ASSERT_TRUE(ours.bytes == theirs.bytes) << round;
        errors += ours.code == Z_DATA_ERROR;
        changed += ours.bytes != data;
      }
    }
  }
  EXPECT_GT(errors, 300);
  EXPECT_GT(changed, 1500);
}

// Bits that are no code, a distance code that does not exist, and a distance before the first byte.
TEST(InflateFast, EachErrorHasItsMessage) {
  const auto message_of = [](std::initializer_list<int> head) {
    Bytes8 stream(head.begin(), head.end());
    stream.resize(64);  // so that the inner loop takes it
    const Inflated inflated = inflate_in_pieces(stream, {64, 4096}, kRaw);
    EXPECT_EQ(inflated.code, Z_DATA_ERROR);
    return inflated.message;
  };
  // A last block of fixed codes (bits 1, 01), then one symbol; Huffman codes go from their highest bit on.
  // 286 is 11000110: no length.
  EXPECT_EQ(message_of({0x1B, 0x03}), "invalid literal/length code");
  // 257 is 0000001 (length 3), distance code 30 is 11110.
  EXPECT_EQ(message_of({0x03, 0x3E}), "invalid distance code");
  // 257 again, distance code 0: one byte back, where nothing is.
  EXPECT_EQ(message_of({0x03, 0x02}), "invalid distance too far back");
}

TEST(InflateFast, AStreamThatEndsEarlyAsksForMore) {
  const Bytes8 whole = deflated(copies(90000), {9, Z_DEFAULT_STRATEGY, kZlib});
  for (std::size_t size = whole.size() / 2; size < whole.size() / 2 + 200; ++size) {
    const Bytes8 stream(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_TRUE(inflate_in_pieces(stream, kPieces[1], kZlib) == inflate_by_zlib(stream, kPieces[1], kZlib));
  }
}

}  // namespace
}  // namespace netocr
