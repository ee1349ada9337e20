// Each operation on random lanes, against what its comment says, lane by lane.
#include "base/simd.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>

namespace netocr::simd {
namespace {

using Octets = std::array<std::uint8_t, 16>;
using Shorts = std::array<std::int16_t, 8>;
using Words = std::array<std::int32_t, 4>;

template <typename Lanes>
Lanes lanes_of(Vec a) {
  Lanes lanes;
  static_assert(sizeof(lanes) == 16);
  store(lanes.data(), a);
  return lanes;
}

// Random lanes; every few of them an extreme, where saturation and signs go wrong.
class SimdTest : public ::testing::Test {
 protected:
  static constexpr int kRounds = 200;

  Octets octets() {
    Octets lanes;
    for (std::uint8_t& lane : lanes) {
      const auto value = static_cast<std::uint32_t>(random_());
      lane = value % 5 == 0   ? std::uint8_t{0xFF}
             : value % 7 == 0 ? std::uint8_t{0}
                              : static_cast<std::uint8_t>(value >> 8);
    }
    return lanes;
  }

  Shorts shorts() {
    Shorts lanes;
    for (std::int16_t& lane : lanes) {
      const auto value = static_cast<std::uint32_t>(random_());
      lane = value % 5 == 0   ? std::int16_t{32767}
             : value % 7 == 0 ? std::int16_t{-32767}
                              : static_cast<std::int16_t>(value >> 8);
    }
    return lanes;
  }

  Words words() {
    Words lanes;
    for (std::int32_t& lane : lanes) lane = static_cast<std::int32_t>(random_()) >> (random_() % 24);
    return lanes;
  }

  // `vector` and `scalar` take two lanes of the same type.
  template <typename Lanes, typename Vector, typename Scalar>
  void expect_lane_by_lane(Lanes a, Lanes b, Vector vector, Scalar scalar) {
    const auto made = lanes_of<Lanes>(vector(load(a.data()), load(b.data())));
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(made[i], static_cast<typename Lanes::value_type>(scalar(a[i], b[i])))
          << i << ": " << +a[i] << ' ' << +b[i];
    }
  }

  std::mt19937 random_{1};
};

TEST_F(SimdTest, BytesAreComputedLaneByLane) {
  for (int round = 0; round < kRounds; ++round) {
    const Octets a = octets();
    const Octets b = octets();
    expect_lane_by_lane(a, b, add8, [](int x, int y) { return x + y; });
    expect_lane_by_lane(a, b, sub8, [](int x, int y) { return x - y; });
    expect_lane_by_lane(a, b, sub_saturated_u8, [](int x, int y) { return std::max(x - y, 0); });
    expect_lane_by_lane(a, b, average_u8, [](int x, int y) { return (x + y + 1) / 2; });
    expect_lane_by_lane(a, b, and_bits, [](int x, int y) { return x & y; });
    expect_lane_by_lane(a, b, [](Vec x, Vec) { return invert(x); }, [](int x, int) { return ~x; });
    expect_lane_by_lane(
        a, b, [](Vec x, Vec y) { return choose(x, y, invert(y)); },
        [](int x, int y) { return (x & y) | (~x & ~y); });
  }
}

TEST_F(SimdTest, ShortsAreComputedLaneByLane) {
  for (int round = 0; round < kRounds; ++round) {
    const Shorts a = shorts();
    const Shorts b = shorts();
    expect_lane_by_lane(a, b, add16, [](int x, int y) { return x + y; });
    expect_lane_by_lane(a, b, sub16, [](int x, int y) { return x - y; });
    expect_lane_by_lane(a, b, mul16, [](int x, int y) { return x * y; });
    expect_lane_by_lane(a, b, min16, [](int x, int y) { return std::min(x, y); });
    expect_lane_by_lane(a, b, greater16, [](int x, int y) { return x > y ? -1 : 0; });
    expect_lane_by_lane(a, b, mulhi_u16, [](std::int16_t x, std::int16_t y) {
      return std::uint32_t{static_cast<std::uint16_t>(x)} * static_cast<std::uint16_t>(y) >> 16;
    });
    expect_lane_by_lane(a, b, [](Vec x, Vec) { return abs16(x); }, [](int x, int) { return std::abs(x); });
    expect_lane_by_lane(a, b, [](Vec x, Vec) { return sar16<3>(x); }, [](int x, int) { return x >> 3; });
    expect_lane_by_lane(a, b, [](Vec x, Vec) { return shl16<3>(x); }, [](int x, int) { return x * 8; });
    expect_lane_by_lane(
        a, b, [](Vec x, Vec) { return shr16(x, 5); },
        [](std::int16_t x, int) { return static_cast<std::uint16_t>(x) >> 5; });
  }
}

TEST_F(SimdTest, WordsAreComputedLaneByLane) {
  for (int round = 0; round < kRounds; ++round) {
    const Words a = words();
    const Words b = words();
    expect_lane_by_lane(a, b, add32, [](std::int64_t x, std::int64_t y) { return x + y; });
    expect_lane_by_lane(a, b, sub32, [](std::int64_t x, std::int64_t y) { return x - y; });
    expect_lane_by_lane(
        a, b, [](Vec x, Vec) { return sar32<7>(x); }, [](std::int32_t x, std::int32_t) { return x >> 7; });
    const Words sums = lanes_of<Words>(sum_lanes32(load(a.data()), load(b.data()), zero(), splat32(7)));
    const auto sum = [](const Words& lanes) {
      std::uint32_t total = 0;
      for (const std::int32_t lane : lanes) total += static_cast<std::uint32_t>(lane);
      return static_cast<std::int32_t>(total);
    };
    EXPECT_EQ(sums, (Words{sum(a), sum(b), 0, 28}));
  }
}

TEST_F(SimdTest, ProductsAreAddedInPairs) {
  for (int round = 0; round < kRounds; ++round) {
    const Shorts a = shorts();
    const Shorts b = shorts();
    const Words made = lanes_of<Words>(dot16(load(a.data()), load(b.data())));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(made[i], a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1]);
    const Octets bytes = octets();
    const Shorts neighbours = lanes_of<Shorts>(add_neighbours8(load(bytes.data())));
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(neighbours[i], bytes[2 * i] + bytes[2 * i + 1]);
  }
}

TEST_F(SimdTest, NarrowingSaturates) {
  for (int round = 0; round < kRounds; ++round) {
    const Words a = words();
    const Words b = words();
    const Shorts c = shorts();
    const Shorts d = shorts();
    const Shorts from32 = lanes_of<Shorts>(narrow32(load(a.data()), load(b.data())));
    for (std::size_t i = 0; i < 8; ++i)
      EXPECT_EQ(from32[i], std::clamp(i < 4 ? a[i] : b[i - 4], -32768, 32767));
    const Octets plain = lanes_of<Octets>(narrow16(load(c.data()), load(d.data())));
    const Octets positive = lanes_of<Octets>(narrow16_u8(load(c.data()), load(d.data())));
    for (std::size_t i = 0; i < 16; ++i) {
      const int value = i < 8 ? c[i] : d[i - 8];
      EXPECT_EQ(static_cast<std::int8_t>(plain[i]), std::clamp(value, -128, 127));
      EXPECT_EQ(positive[i], std::clamp(value, 0, 255));
    }
  }
}

// `place(i)`: which of the lanes of a and b, counted through, lane i is.
template <typename Lanes, typename Place>
void expect_moved(Vec (*move)(Vec, Vec), Place place) {
  Lanes a;
  Lanes b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<typename Lanes::value_type>(i + 1);
    b[i] = static_cast<typename Lanes::value_type>(a.size() + i + 1);
  }
  const Lanes made = lanes_of<Lanes>(move(load(a.data()), load(b.data())));
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(made[i]), place(i) + 1) << i;
}

TEST_F(SimdTest, LanesAreZippedAndUnzipped) {
  const auto zip = [](std::size_t lanes, std::size_t from) {
    return [=](std::size_t i) { return i % 2 * lanes + from + i / 2; };
  };
  const auto every_second = [](std::size_t from) { return [=](std::size_t i) { return 2 * i + from; }; };
  using Longs = std::array<std::int64_t, 2>;
  expect_moved<Octets>(zip_low8, zip(16, 0));
  expect_moved<Octets>(zip_high8, zip(16, 8));
  expect_moved<Shorts>(zip_low16, zip(8, 0));
  expect_moved<Shorts>(zip_high16, zip(8, 4));
  expect_moved<Words>(zip_low32, zip(4, 0));
  expect_moved<Words>(zip_high32, zip(4, 2));
  expect_moved<Longs>(zip_low64, zip(2, 0));
  expect_moved<Longs>(zip_high64, zip(2, 1));
  expect_moved<Shorts>(even16, every_second(0));
  expect_moved<Shorts>(odd16, every_second(1));
  expect_moved<Words>(even32, every_second(0));
  expect_moved<Words>(odd32, every_second(1));
  expect_moved<Octets>([](Vec a, Vec) { return reverse_bytes(a); }, [](std::size_t i) { return 15 - i; });
}

TEST_F(SimdTest, TriplesAreUnzipped) {
  std::array<std::uint8_t, 48> triples;
  for (std::size_t i = 0; i < triples.size(); ++i) triples[i] = static_cast<std::uint8_t>(i);
  Vec vectors[] = {load(triples.data()), load(triples.data() + 16), load(triples.data() + 32)};
  unzip_triples(vectors[0], vectors[1], vectors[2]);
  for (std::size_t k = 0; k < 3; ++k) {
    const Octets made = lanes_of<Octets>(vectors[k]);
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(made[i], 3 * i + k);
  }
}

TEST_F(SimdTest, SwizzleLooksBytesUp) {
  for (int round = 0; round < kRounds; ++round) {
    const Octets table = octets();
    const Octets index = octets();
    const Octets made = lanes_of<Octets>(swizzle(load(table.data()), load(index.data())));
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(made[i], index[i] < 16 ? table[index[i]] : 0) << +index[i];
  }
  Octets index;
  for (std::size_t i = 0; i < 16; ++i) index[i] = static_cast<std::uint8_t>(i % 3);
  const Octets table = octets();
  const Octets made = lanes_of<Octets>(swizzle(load(table.data()), load(index.data())));
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(made[i], table[i % 3]);
}

TEST_F(SimdTest, MasksHaveABitForEachByte) {
  for (int round = 0; round < kRounds; ++round) {
    const Octets a = octets();
    const Vec vector = load(a.data());
    for (std::size_t i = 0; i < 16; ++i) {
      EXPECT_EQ(nonzero_bytes(vector) >> i & 1, a[i] != 0 ? 1U : 0U);
      EXPECT_EQ(sign_bytes(vector) >> i & 1, a[i] >= 128 ? 1U : 0U);
      EXPECT_EQ(full_bytes(vector) >> i & 1, a[i] == 255 ? 1U : 0U);
    }
    EXPECT_EQ((nonzero_bytes(vector) | sign_bytes(vector) | full_bytes(vector)) >> 16, 0U);
  }
}

TEST_F(SimdTest, PartsAreLoadedWidenedAndStored) {
  const Octets a = octets();
  const Octets low64 = lanes_of<Octets>(load_low64(a.data()));
  const Octets low32 = lanes_of<Octets>(load_low32(a.data()));
  const Shorts from8 = lanes_of<Shorts>(load_u8_as_i16(a.data()));
  const Shorts low = lanes_of<Shorts>(widen_low8(load(a.data())));
  const Shorts high = lanes_of<Shorts>(widen_high8(load(a.data())));
  Octets stored{};
  store_low32(stored.data(), load(a.data()));
  store_high64(stored.data() + 4, load(a.data()));
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(low64[i], i < 8 ? a[i] : 0);
    EXPECT_EQ(low32[i], i < 4 ? a[i] : 0);
    EXPECT_EQ(stored[i], i < 4 ? a[i] : i < 12 ? a[i + 4] : 0);
  }
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(from8[i], a[i]);
    EXPECT_EQ(low[i], a[i]);
    EXPECT_EQ(high[i], a[i + 8]);
  }
  store_low64(stored.data(), load(a.data()));
  EXPECT_TRUE(std::equal(a.begin(), a.begin() + 8, stored.begin()));
  const std::int16_t pair[] = {-2, 3};
  EXPECT_EQ(lanes_of<Shorts>(splat_pair(pair)), (Shorts{-2, 3, -2, 3, -2, 3, -2, 3}));
  EXPECT_EQ(lanes_of<Shorts>(splat16(-2)), (Shorts{-2, -2, -2, -2, -2, -2, -2, -2}));
  EXPECT_EQ(lanes_of<Octets>(splat8(-2))[15], 254);
}

}  // namespace
}  // namespace netocr::simd
