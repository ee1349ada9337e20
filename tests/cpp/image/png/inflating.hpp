// What the tests of inflate share: data of many kinds, deflated by zlib or written bit by bit, and given in
// pieces.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <vector>

#include "cpp/image/png/inflate_by_zlib.hpp"
#include "image/png/inflate.hpp"

namespace netocr::png::testing {

constexpr std::size_t kMax = std::size_t{1} << 22;

inline Bytes8 deflated(const Bytes8& data, int level, int strategy, int window_bits = 15) {
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

inline Bytes8 noise(std::size_t size, unsigned values) {
  std::mt19937 random(values);
  Bytes8 data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random() % values);
  return data;
}

// Rows of a photo behind PNG's filters: small differences, mostly literals of uneven lengths.
inline Bytes8 differences(std::size_t size) {
  std::mt19937 random(7);
  std::normal_distribution<double> spread(0, 9);
  Bytes8 data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(static_cast<int>(std::lround(spread(random))));
  return data;
}

// Copies of every distance from 1 on, and from as far behind as a window reaches, of many lengths.
inline Bytes8 copies(std::size_t size, std::size_t window = 32768) {
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
inline Bytes8 uneven(std::size_t size) {
  std::mt19937 random(5);
  Bytes8 data(size);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(std::countr_zero(random() | 1U << 24) * 9);
  return data;
}

// Of IDAT chunks as writers make them, of a byte each, and of sizes around what is staged and read ahead.
inline const std::vector<std::vector<std::size_t>> kPieces = {
    {1 << 24}, {8192}, {65536, 3}, {1}, {7, 300, 1, 23, 24, 25}, {255, 256, 257, 12}};

// Inflates as inflate_by_us does, in runs of `wanted` bytes.
inline Inflated inflate(Bytes stream, const std::vector<std::size_t>& sizes, std::size_t wanted) {
  return inflate_by_us(stream, sizes, wanted, kMax);
}
inline Inflated inflate_by_zlib(Bytes stream) { return inflate_by_zlib(stream, kMax); }

inline void expect_as_zlib(const Bytes8& stream, const std::vector<std::size_t>& sizes, std::size_t wanted) {
  ASSERT_STREQ(difference(inflate(stream, sizes, wanted), inflate_by_zlib(stream)), nullptr);
}

// One bit of a zlib stream after another, behind its header, or behind `start`.
class BitList {
 public:
  explicit BitList(Bytes8 start = {0x78, 0x01}) : bytes_(std::move(start)) {}
  BitList& put(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++size_) {
      if (size_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> i & 1) << size_ % 8);
    }
    return *this;
  }
  const Bytes8& bytes() const { return bytes_; }

 private:
  Bytes8 bytes_;
  unsigned size_ = 0;
};

}  // namespace netocr::png::testing
