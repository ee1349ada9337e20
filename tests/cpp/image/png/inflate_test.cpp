// Inflater: what zlib's deflate wrote comes back in whatever pieces it is given; whatever the bytes are, the
// result is that of zlib's inflate.
#include "image/png/inflate.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace netocr::png {
namespace {

using Bytes8 = std::vector<std::uint8_t>;

Bytes8 deflated(const Bytes8& data, int level, int strategy, int window_bits = 15) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, level, Z_DEFLATED, window_bits, 9, strategy), Z_OK);
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

// Copies of every distance from 1 on, and from as far behind as a window reaches, of many lengths.
Bytes8 copies(std::size_t size, std::size_t window = 32768) {
  std::mt19937 random(11);
  Bytes8 data = noise(70000, 256);
  for (std::size_t distance = 1; data.size() < size; distance = distance % 300 + 1) {
    const std::size_t back = random() % 4 == 0 ? window - random() % 400 : distance;
    const std::size_t length = 3 + random() % 600;
    for (std::size_t i = 0; i < length; ++i) data.push_back(data[data.size() - back]);
    data.push_back(static_cast<std::uint8_t>(random()));
  }
  return data;
}

// Values of which each is half as frequent as the one before: codes of all lengths up to 15 bits.
Bytes8 uneven(std::size_t size) {
  std::mt19937 random(5);
  Bytes8 data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(std::countr_zero(random() | 1U << 24) * 9);
  return data;
}

std::vector<Bytes8> samples() {
  return {{},
          {42},
          noise(3000, 2),
          noise(120000, 256),
          noise(60000, 20),
          differences(150000),
          uneven(100000),
          copies(260000),
          Bytes8(250000, 9)};
}

// Gives a stream in pieces whose memory ends where they do and is gone with the next one: the sanitizer sees
// what is read beyond or too late.
class Pieces final : public PieceSource {
 public:
  Pieces(std::span<const std::uint8_t> stream, std::vector<std::size_t> sizes)
      : stream_(stream), sizes_(std::move(sizes)) {}
  Bytes next() override {
    const std::size_t size = std::min(sizes_[count_++ % sizes_.size()], stream_.size());
    piece_ = Bytes8(stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(size));
    piece_.shrink_to_fit();
    stream_ = stream_.subspan(size);
    return piece_;
  }

 private:
  std::span<const std::uint8_t> stream_;
  std::vector<std::size_t> sizes_;
  Bytes8 piece_;
  std::size_t count_ = 0;
};

struct Inflated {
  Bytes8 bytes;
  Inflater::State state = Inflater::State::kMore;
};

constexpr std::size_t kMost = std::size_t{1} << 22;

// In runs of `wanted` bytes, the last one shorter.
Inflated inflate(std::span<const std::uint8_t> stream, const std::vector<std::size_t>& sizes,
                 std::size_t wanted) {
  Pieces pieces(stream, sizes);
  auto inflater = Inflater::create(pieces, wanted);
  EXPECT_TRUE(inflater.ok());
  Inflated result;
  while (result.bytes.size() < kMost) {
    const Bytes bytes = inflater->need(wanted);
    const Bytes run = bytes.first(std::min(wanted, bytes.size()));
    result.bytes.insert(result.bytes.end(), run.begin(), run.end());
    inflater->take(run.size());
    if (run.size() < wanted) break;
  }
  result.state = inflater->state();
  return result;
}

Inflated inflate_by_zlib(Bytes8 stream) {
  Inflated result;
  z_stream z{};
  EXPECT_EQ(inflateInit(&z), Z_OK);
  stream.push_back(0);  // no null pointer for an empty one
  z.next_in = stream.data();
  z.avail_in = static_cast<uInt>(stream.size() - 1);
  Bytes8 out(1 << 16);
  int code = Z_OK;
  while (code == Z_OK && result.bytes.size() < kMost) {
    z.next_out = out.data();
    z.avail_out = static_cast<uInt>(out.size());
    code = ::inflate(&z, Z_NO_FLUSH);
    result.bytes.insert(result.bytes.end(), out.data(), z.next_out);
  }
  result.state = code == Z_STREAM_END                          ? Inflater::State::kEnded
                 : code == Z_DATA_ERROR || code == Z_NEED_DICT ? Inflater::State::kDamaged
                 : code == Z_BUF_ERROR                         ? Inflater::State::kCut
                                                               : Inflater::State::kMore;
  inflateEnd(&z);
  return result;
}

// Of IDAT chunks as writers make them, of a byte each, and of sizes around what is staged and read ahead.
const std::vector<std::vector<std::size_t>> kPieces = {
    {1 << 24}, {8192}, {65536, 3}, {1}, {7, 300, 1, 23, 24, 25}, {255, 256, 257, 12}};

TEST(Inflater, WhatWasWrittenComesBack) {
  for (const Bytes8& data : samples()) {
    for (const int level : {0, 9}) {
      for (const int strategy : {Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED}) {
        const Bytes8 stream = deflated(data, level, strategy);
        for (const auto& sizes : kPieces) {
          if (sizes[0] == 1 && stream.size() > 20'000) continue;  // slow, and the same
          for (const std::size_t wanted : {std::size_t{1000}, std::size_t{200'001}}) {
            const Inflated inflated = inflate(stream, sizes, wanted);
            ASSERT_EQ(inflated.state, Inflater::State::kEnded) << level << ' ' << strategy << ' ' << sizes[0];
            ASSERT_TRUE(inflated.bytes == data) << level << ' ' << strategy << ' ' << sizes[0];
          }
        }
      }
    }
  }
}

TEST(Inflater, SmallWindowsAreDecoded) {
  for (int bits = 9; bits <= 15; ++bits) {
    const Bytes8 data = copies(200000, std::size_t{1} << bits);
    const Inflated inflated = inflate(deflated(data, 9, Z_DEFAULT_STRATEGY, bits), {8192}, 5000);
    ASSERT_EQ(inflated.state, Inflater::State::kEnded);
    ASSERT_TRUE(inflated.bytes == data) << bits;
  }
}

TEST(Inflater, BytesAreThereUntilTaken) {
  const Bytes8 data = noise(100000, 50);
  const Bytes8 stream = deflated(data, 6, Z_DEFAULT_STRATEGY);
  Pieces pieces(stream, {5000});
  auto inflater = Inflater::create(pieces, 70000);
  const auto starts_at = [&](Bytes bytes, std::size_t at) {
    return std::equal(bytes.begin(), bytes.begin() + 1000, data.begin() + static_cast<std::ptrdiff_t>(at));
  };
  EXPECT_TRUE(starts_at(inflater->need(1000), 0));
  EXPECT_TRUE(starts_at(inflater->need(70000), 0));
  inflater->take(30000);
  EXPECT_TRUE(starts_at(inflater->need(70000), 30000));
  EXPECT_EQ(inflater->need(70001).size(), 70000U);
  EXPECT_EQ(inflater->state(), Inflater::State::kEnded);
}

// Both see the same damage, ours perhaps a step of symbols earlier when the input ends.
void expect_as_zlib(const Bytes8& stream, const std::vector<std::size_t>& sizes, std::size_t wanted) {
  const Inflated theirs = inflate_by_zlib(stream);
  const Inflated ours = inflate(stream, sizes, wanted);
  ASSERT_EQ(ours.state, theirs.state);
  const std::size_t most_missing = ours.state == Inflater::State::kCut ? 6 : 0;
  ASSERT_LE(ours.bytes.size(), theirs.bytes.size());
  ASSERT_GE(ours.bytes.size() + most_missing, theirs.bytes.size());
  ASSERT_TRUE(std::equal(ours.bytes.begin(), ours.bytes.end(), theirs.bytes.begin()));
}

TEST(Inflater, DamageIsFoundWhereZlibFindsIt) {
  std::mt19937 random(3);
  int damaged = 0;
  for (const Bytes8& data : {differences(20000), copies(75000), noise(10000, 20), uneven(20000)}) {
    for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED}) {
      const Bytes8 whole = deflated(data, 9, strategy);
      for (int round = 0; round < 200; ++round) {
        Bytes8 stream = whole;
        for (int i = 0; i <= round % 3; ++i) {
          // Everywhere, or in the tables of the first block.
          const std::size_t near = round % 2 == 0 ? stream.size() : std::min<std::size_t>(stream.size(), 100);
          stream[random() % near] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
        const auto& sizes = kPieces[static_cast<std::size_t>(round) % kPieces.size()];
        expect_as_zlib(stream, sizes, 4001);
        if (HasFatalFailure()) FAIL() << strategy << ' ' << round;
        damaged += inflate_by_zlib(stream).state == Inflater::State::kDamaged;
      }
    }
  }
  EXPECT_GT(damaged, 1200);
}

TEST(Inflater, EveryPrefixIsCut) {
  for (const int level : {0, 9}) {
    const Bytes8 whole = deflated(differences(1500), level, Z_DEFAULT_STRATEGY);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes8 stream(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      expect_as_zlib(stream, kPieces[size % kPieces.size()], 500);
      if (HasFatalFailure()) FAIL() << size;
      ASSERT_EQ(inflate(stream, {100}, 500).state, Inflater::State::kCut);
    }
  }
}

// Where the tables of a block are cut off zeroes are read, however full the last pieces are.
TEST(Inflater, TablesThatAreCutOffAreReadNoFurther) {
  const Bytes8 block = deflated(differences(3000), 9, Z_DEFAULT_STRATEGY);
  for (std::size_t stored = 0; stored <= 600; ++stored) {
    Bytes8 stream = {0x78, 0x01, 0, static_cast<std::uint8_t>(stored & 255),
                     static_cast<std::uint8_t>(stored >> 8)};
    stream.push_back(static_cast<std::uint8_t>(~stored & 255));
    stream.push_back(static_cast<std::uint8_t>(~stored >> 8 & 255));
    stream.resize(stream.size() + stored, 1);
    stream.insert(stream.end(), block.begin() + 2,
                  block.begin() + 4 + static_cast<std::ptrdiff_t>(stored % 40));
    expect_as_zlib(stream, kPieces[stored % kPieces.size()], 100);
    if (HasFatalFailure()) FAIL() << stored;
  }
}

TEST(Inflater, BytesBehindTheStreamAreNotDecoded) {
  const Bytes8 data = noise(5000, 9);
  Bytes8 stream = deflated(data, 9, Z_DEFAULT_STRATEGY);
  stream.resize(stream.size() + 3000, 0x5A);
  const Inflated inflated = inflate(stream, {700}, 1000);
  EXPECT_EQ(inflated.state, Inflater::State::kEnded);
  EXPECT_TRUE(inflated.bytes == data);
}

// In pieces of every small size and with tails around what is read ahead and staged.
TEST(Inflater, BytesBehindTheStreamAreSeen) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{700}, std::size_t{40'000}}) {
    for (const int level : {0, 9}) {
      const Bytes8 whole = deflated(differences(size), level, Z_DEFAULT_STRATEGY);
      for (std::size_t piece = 1; piece <= 40; ++piece) {
        for (const std::size_t tail : std::vector<std::size_t>{0, 1, 2, 7, 8, 9, 24, 255, 256, 300}) {
          Bytes8 stream = whole;
          stream.resize(stream.size() + tail, 0);
          // The stream ends in a piece of its own, and in one with what is behind it.
          for (const std::size_t first : {whole.size(), std::max<std::size_t>(whole.size() / 2, 1)}) {
            Pieces pieces(stream, {first, piece});
            auto inflater = Inflater::create(pieces, 50'000);
            ASSERT_TRUE(inflater.ok());
            EXPECT_EQ(inflater->need(50'000).size(), size);
            ASSERT_EQ(inflater->state(), Inflater::State::kEnded);
            ASSERT_EQ(inflater->is_all_input_used(), tail == 0) << size << ' ' << piece << ' ' << tail;
          }
        }
      }
    }
  }
}

TEST(Inflater, HeadersAndChecksumsAreLookedAt) {
  const Bytes8 whole = deflated(noise(500, 9), 9, Z_DEFAULT_STRATEGY);
  const auto with = [&](std::size_t at, std::uint8_t value) {
    Bytes8 stream = whole;
    stream[at] = value;
    return stream;
  };
  const Bytes8 cases[] = {
      with(0, 0x77),                                         // another method
      with(0, 0x88),                                         // a window of 64 KiB
      with(1, whole[1] ^ 1),                                 // the header's check
      {0x78, 0x20 + 31 - (0x7800 + 0x20) % 31, 1, 2, 3, 4},  // a preset dictionary
      with(2, whole[2] | 6),                                 // block type 3
      with(whole.size() - 1, whole.back() ^ 1),              // Adler-32
      {0x78, 0x01, 1, 5, 0, 5, 0},  // a stored block whose length is not that of its complement
  };
  for (const Bytes8& stream : cases) {
    EXPECT_EQ(inflate(stream, {1000}, 100).state, Inflater::State::kDamaged);
    EXPECT_EQ(inflate_by_zlib(stream).state, Inflater::State::kDamaged);
  }
}

// One bit of the stream after another.
class BitList {
 public:
  BitList& put(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++size_) {
      if (size_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> i & 1) << size_ % 8);
    }
    return *this;
  }
  const Bytes8& bytes() const { return bytes_; }

 private:
  Bytes8 bytes_{0x78, 0x01};
  unsigned size_ = 0;
};

// A block of two codes of one bit, the end and one that is not used, which holds nothing.
void put_empty_block(BitList& bits) {
  bits.put(0, 1).put(2, 2).put(0, 5).put(0, 5).put(14, 4);
  // Lengths of the codes of lengths in their order (16, 17, 18, 0, ... 1): 18 has 1 bit, 1 has 1 bit.
  bits.put(0, 6).put(1, 3);
  for (int i = 0; i < 13; ++i) bits.put(0, 3);
  bits.put(0, 3).put(1, 3);
  // 138 zeroes, 118 zeroes, a one for 256, a one for distance 0.
  bits.put(1, 1).put(127, 7).put(1, 1).put(107, 7).put(0, 1).put(0, 1);
  bits.put(0, 1);  // the end of the block
}

TEST(Inflater, EmptyBlocksAreNoDamage) {
  BitList bits;
  for (int i = 0; i < 1000; ++i) put_empty_block(bits);
  // A last one with fixed codes, then the checksum of nothing: 1, its highest byte first.
  bits.put(1, 1).put(1, 2).put(0, 7);
  Bytes8 stream = bits.bytes();
  stream.insert(stream.end(), {0, 0, 0, 1});
  EXPECT_EQ(inflate(stream, {1 << 20}, 100).state, Inflater::State::kEnded);
  EXPECT_EQ(inflate_by_zlib(stream).state, Inflater::State::kEnded);
}

TEST(Inflater, AFloodOfThemIs) {
  BitList bits;
  for (int i = 0; i < 70'000; ++i) put_empty_block(bits);
  EXPECT_EQ(inflate(bits.bytes(), {1 << 20}, 100).state, Inflater::State::kDamaged);
}

}  // namespace
}  // namespace netocr::png
