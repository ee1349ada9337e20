// The SIMD part of base64: converts 12 bytes to 16 six-bit values to 16 characters. Internal to wasm/text.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"
#include "base/simd.hpp"

namespace netocr::detail {

// The alphabet of RFC 4648 table 1.
inline constexpr char kBase64Alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(sizeof(kBase64Alphabet) == 65);

using Lanes8 = signed char __attribute__((vector_size(16)));
using Lanes16 = std::uint16_t __attribute__((vector_size(16)));
using Lanes32 = std::uint32_t __attribute__((vector_size(16)));

// The number of bytes that load_block reads, of which kBlockBytes are used.
inline constexpr std::size_t kBlockLoad = 16;
inline constexpr std::size_t kBlockBytes = 12;
inline constexpr std::size_t kBlockChars = 16;

// Computes out[i] = table[index[i]]; 0 where the index is 16 or more.
inline Lanes8 swizzle(Lanes8 table, Lanes8 index) {
  return std::bit_cast<Lanes8>(
      simd::swizzle(std::bit_cast<simd::Vec>(table), std::bit_cast<simd::Vec>(index)));
}

// Returns by how much each lane (0..127) exceeds `value`, or 0.
inline Lanes8 excess_over(Lanes8 lanes, char value) {
  return std::bit_cast<Lanes8>(simd::sub_saturated_u8(std::bit_cast<simd::Vec>(lanes), simd::splat8(value)));
}

// Copies the top bit of lane i to bit i.
inline unsigned top_bits(Lanes8 lanes) { return simd::sign_bytes(std::bit_cast<simd::Vec>(lanes)); }

// Returns the sum of unsigned lanes, 0..255 each.
inline std::uint32_t sum_of_lanes(Lanes8 counts) {
  std::uint32_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += static_cast<std::uint8_t>(counts[i]);
  return sum;
}

inline Lanes8 load_block(const std::uint8_t* from) {
  Lanes8 lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

inline void store_block(std::uint8_t* to, Lanes8 lanes) { std::memcpy(to, &lanes, sizeof(lanes)); }

// Splits the first 12 bytes into 16 values of six bits. Each 32-bit lane contains three bytes x y z in the
// order y x z y:
//   31    28 27    22 21    16 15    10 9      4 3    0
//   |  ---  |yyyyzz  |zzzzzz  |xxxxxx  |xxyyyy  | --- |      value 2, value 3, value 0, value 1
// and the four fields move to bytes 2, 3, 0 and 1 of the lane (W. Mula and D. Lemire, arXiv:1704.00605).
inline Lanes8 sextets(Lanes8 bytes) {
  const Lanes8 order = {1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};
  const Lanes32 lane = std::bit_cast<Lanes32>(swizzle(bytes, order));
  const Lanes32 even = (lane & 0x0000fc00U) >> 10 | (lane & 0x0fc00000U) >> 6;
  // The product shifts by 4 and by 8. clang must not see these factors: it would replace the product by
  // per-lane shifts, which WebAssembly can only do lane by lane.
  std::uint32_t factors = 0x01000010U;  // NOLINT(misc-const-correctness): the assembler may change it
  asm("" : "+r"(factors));
  const Lanes16 odd =
      std::bit_cast<Lanes16>(lane & 0x003f03f0U) * std::bit_cast<Lanes16>(Lanes32{} + factors);
  return std::bit_cast<Lanes8>(even | std::bit_cast<Lanes32>(odd));
}

// Returns the distance from a six-bit value to its character, by class: 0 for a-z, 1..10 for 0-9, 11 and 12
// for the last two values, 13 for A-Z.
inline Lanes8 distance_table(char value62, char value63) {
  const signed char digit = '0' - 52;
  return Lanes8{'a' - 26,
                digit,
                digit,
                digit,
                digit,
                digit,
                digit,
                digit,
                digit,
                digit,
                digit,
                static_cast<signed char>(value62 - 62),
                static_cast<signed char>(value63 - 63),
                'A',
                0,
                0};
}

inline Lanes8 characters(Lanes8 values, Lanes8 distances) {
  const Lanes8 upper = std::bit_cast<Lanes8>(values < 26) & 13;
  return values + swizzle(distances, upper | excess_over(values, 51));
}

// Sets all bits of the lanes whose character is + or /.
inline Lanes8 last_two(Lanes8 values) { return std::bit_cast<Lanes8>(values > 61); }

}  // namespace netocr::detail
