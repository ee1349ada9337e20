// Inflater: what zlib's deflate wrote comes back in whatever pieces it is given; whatever the bytes are, the
// result is that of zlib's inflate.
#include "image/png/inflate.hpp"

#include "cpp/image/png/inflating.hpp"

namespace netocr::png {
namespace {

using namespace testing;

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

}  // namespace
}  // namespace netocr::png
