// The SIMD heart of base64: 12 bytes to 16 six-bit values to 16 characters. One source for WebAssembly
// (simd128) and x86 (SSSE3, asked for at run time), so that native tests run the code that ships. Internal to
// wasm/text.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define NETOCR_SEXTET_SIMD 1
#define NETOCR_SIMD_FUNCTION
#elif defined(__x86_64__) && defined(__GNUC__)
#include <emmintrin.h>
#define NETOCR_SEXTET_SIMD 1
#define NETOCR_SIMD_FUNCTION __attribute__((target("ssse3")))
#else
#define NETOCR_SEXTET_SIMD 0
#define NETOCR_SIMD_FUNCTION
#endif

namespace netocr::detail {

// The alphabet of RFC 4648 table 1.
inline constexpr char kBase64Alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(sizeof(kBase64Alphabet) == 65);

inline bool sextet_simd_available() {
#if defined(__wasm_simd128__)
  return true;
#elif NETOCR_SEXTET_SIMD
  return __builtin_cpu_supports("ssse3") != 0;
#else
  return false;
#endif
}

#if NETOCR_SEXTET_SIMD

using Lanes8 = signed char __attribute__((vector_size(16)));  // signed: SSE2 has no unsigned comparison
using Lanes16 = std::uint16_t __attribute__((vector_size(16)));
using Lanes32 = std::uint32_t __attribute__((vector_size(16)));

// Bytes read by load_block, of which kBlockBytes are used.
inline constexpr std::size_t kBlockLoad = 16;
inline constexpr std::size_t kBlockBytes = 12;
inline constexpr std::size_t kBlockChars = 16;

// out[i] = table[index[i]]; 0 where the index is 0x80 or more.
NETOCR_SIMD_FUNCTION inline Lanes8 swizzle(Lanes8 table, Lanes8 index) {
#if defined(__wasm_simd128__)
  return std::bit_cast<Lanes8>(
      wasm_i8x16_swizzle(std::bit_cast<v128_t>(table), std::bit_cast<v128_t>(index)));
#else
  using Chars = char __attribute__((vector_size(16)));
  return std::bit_cast<Lanes8>(
      __builtin_ia32_pshufb128(std::bit_cast<Chars>(table), std::bit_cast<Chars>(index)));
#endif
}

// Of lanes from 0 to 127: how much more than `value` they are, or 0.
NETOCR_SIMD_FUNCTION inline Lanes8 excess_over(Lanes8 lanes, char value) {
#if defined(__wasm_simd128__)
  return std::bit_cast<Lanes8>(wasm_u8x16_sub_sat(std::bit_cast<v128_t>(lanes), wasm_i8x16_splat(value)));
#else
  return std::bit_cast<Lanes8>(_mm_subs_epu8(std::bit_cast<__m128i>(lanes), _mm_set1_epi8(value)));
#endif
}

// Bit i is the top bit of lane i.
NETOCR_SIMD_FUNCTION inline unsigned top_bits(Lanes8 lanes) {
#if defined(__wasm_simd128__)
  return static_cast<unsigned>(wasm_i8x16_bitmask(std::bit_cast<v128_t>(lanes)));
#else
  using Chars = char __attribute__((vector_size(16)));
  return static_cast<unsigned>(__builtin_ia32_pmovmskb128(std::bit_cast<Chars>(lanes)));
#endif
}

// Of lanes that count, 0..255.
NETOCR_SIMD_FUNCTION inline std::uint32_t sum_of_lanes(Lanes8 counts) {
  std::uint32_t sum = 0;
  for (int i = 0; i < 16; ++i) sum += static_cast<std::uint8_t>(counts[i]);
  return sum;
}

NETOCR_SIMD_FUNCTION inline Lanes8 load_block(const std::uint8_t* from) {
  Lanes8 lanes;
  std::memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

NETOCR_SIMD_FUNCTION inline void store_block(std::uint8_t* to, Lanes8 lanes) {
  std::memcpy(to, &lanes, sizeof(lanes));
}

// The first 12 bytes as 16 values of six bits. Each 32-bit lane takes three bytes x y z in the order y x z y:
//   31    28 27    22 21    16 15    10 9      4 3    0
//   |  ---  |yyyyzz  |zzzzzz  |xxxxxx  |xxyyyy  | --- |      value 2, value 3, value 0, value 1
// and the four fields move to bytes 2, 3, 0 and 1 of the lane (W. Mula and D. Lemire, arXiv:1704.00605).
NETOCR_SIMD_FUNCTION inline Lanes8 sextets(Lanes8 bytes) {
  const Lanes8 order = {1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10};
  const Lanes32 lane = std::bit_cast<Lanes32>(swizzle(bytes, order));
  const Lanes32 even = (lane & 0x0000fc00U) >> 10 | (lane & 0x0fc00000U) >> 6;
  // Shifted by 4 and by 8. clang must not know these factors: it would make shifts of them that WebAssembly
  // has lane by lane only.
  std::uint32_t factors = 0x01000010U;
  asm("" : "+r"(factors));
  const Lanes16 odd =
      std::bit_cast<Lanes16>(lane & 0x003f03f0U) * std::bit_cast<Lanes16>(Lanes32{} + factors);
  return std::bit_cast<Lanes8>(even | std::bit_cast<Lanes32>(odd));
}

// Distance from a six-bit value to its character, by class: 0 for a-z, 1..10 for 0-9, 11 and 12 for the last
// two values, 13 for A-Z.
NETOCR_SIMD_FUNCTION inline Lanes8 distance_table(char value62, char value63) {
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

NETOCR_SIMD_FUNCTION inline Lanes8 characters(Lanes8 values, Lanes8 distances) {
  const Lanes8 upper = std::bit_cast<Lanes8>(values < 26) & 13;
  return values + swizzle(distances, upper | excess_over(values, 51));
}

// All ones in the lanes whose character is + or /.
NETOCR_SIMD_FUNCTION inline Lanes8 last_two(Lanes8 values) { return std::bit_cast<Lanes8>(values > 61); }

#endif

}  // namespace netocr::detail
