// Computes CRC-32 by tables, eight bytes a step, and Adler-32 by SIMD, 16 bytes a step.
#include "image/png/checksums.hpp"

#include <algorithm>
#include <cstring>

#include "base/simd.hpp"

namespace netocr::png {
namespace {

constexpr std::uint32_t kCrcPolynomial = 0xEDB88320U;
constexpr std::uint32_t kAdlerModulus = 65521;
// With this many bytes of 255 after sums of kAdlerModulus - 1 the sums fit 32 bits (RFC 1950, 9); a multiple
// of 16.
constexpr std::size_t kAdlerRun = 5552;
static_assert(kAdlerRun % 16 == 0);

inline std::uint32_t load32(const std::uint8_t* from) {
  std::uint32_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return value;
}

using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;  // [n]: CRC of a byte with n bytes behind it

CrcTables make_crc_tables() {
  CrcTables tables;
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (kCrcPolynomial & (0U - (crc & 1)));
    tables[0][byte] = crc;
  }
  for (std::size_t n = 1; n < tables.size(); ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[n - 1][byte];
      tables[n][byte] = crc >> 8 ^ tables[0][crc & 255];
    }
  }
  return tables;
}

const CrcTables& crc_tables() {
  static const CrcTables tables = make_crc_tables();
  return tables;
}

// Adds every byte to sums[0] and each intermediate sums[0] to sums[1]. `size` is a multiple of 16, at most
// kAdlerRun.
void add_vectors(std::array<std::uint32_t, 2>& sums, const std::uint8_t* bytes, std::size_t size) {
  alignas(16) constexpr std::int16_t kWeights[] = {16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  const simd::Vec low_weights = simd::load(kWeights);
  const simd::Vec high_weights = simd::load(kWeights + 8);
  const simd::Vec ones = simd::splat16(1);
  simd::Vec first = simd::zero();
  simd::Vec second = simd::zero();
  simd::Vec before = simd::zero();  // the sum of `first` before each vector
  for (std::size_t i = 0; i < size; i += 16) {
    const simd::Vec v = simd::load(bytes + i);
    const simd::Vec low = simd::widen_low8(v);
    const simd::Vec high = simd::widen_high8(v);
    before = simd::add32(before, first);
    first = simd::add32(first, simd::dot16(simd::add16(low, high), ones));
    second = simd::add32(second, simd::add32(simd::dot16(low, low_weights), simd::dot16(high, high_weights)));
  }
  std::uint32_t lanes[4];
  simd::store(lanes, simd::sum_lanes32(first, second, before, simd::zero()));
  sums[1] += sums[0] * static_cast<std::uint32_t>(size) + lanes[1] + 16 * lanes[2];
  sums[0] += lanes[0];
}

}  // namespace

std::uint32_t Crc32::extend(std::uint32_t crc, Bytes bytes) const {
  const auto& tables = crc_tables();
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    const std::uint32_t low = load32(at) ^ crc;
    const std::uint32_t high = load32(at + 4);
    crc = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^
          tables[4][low >> 24] ^ tables[3][high & 255] ^ tables[2][high >> 8 & 255] ^
          tables[1][high >> 16 & 255] ^ tables[0][high >> 24];
  }
  for (; left != 0; --left, ++at) crc = crc >> 8 ^ tables[0][(crc ^ *at) & 255];
  return crc;
}

void Adler32::extend(Bytes bytes) {
  std::array<std::uint32_t, 2> sums{first_, second_};
  while (bytes.size() >= 16) {
    const std::size_t run = std::min(bytes.size() / 16 * 16, kAdlerRun);
    add_vectors(sums, bytes.data(), run);
    sums = {sums[0] % kAdlerModulus, sums[1] % kAdlerModulus};
    bytes = bytes.subspan(run);
  }
  sums = detail::extend_adler_scalar(sums, bytes);
  first_ = sums[0];
  second_ = sums[1];
}

std::array<std::uint32_t, 2> detail::extend_adler_scalar(std::array<std::uint32_t, 2> sums, Bytes bytes) {
  for (const std::uint8_t byte : bytes) {
    sums[0] = (sums[0] + byte) % kAdlerModulus;
    sums[1] = (sums[1] + sums[0]) % kAdlerModulus;
  }
  return sums;
}

}  // namespace netocr::png
