// The few 128-bit integer operations that the pixel kernels are written in: WebAssembly SIMD or SSE2, one to
// one. Where neither exists NETOCR_SIMD is 0 and the kernels use their scalar twins, which give the same
// bits.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#define NETOCR_SIMD 1
#elif defined(__SSE2__)
#include <emmintrin.h>
#define NETOCR_SIMD 1
#else
#define NETOCR_SIMD 0
#endif

#if NETOCR_SIMD

namespace netocr::simd {

#if defined(__wasm_simd128__)

using Vec = v128_t;

inline Vec zero() { return wasm_i64x2_const(0, 0); }
inline Vec splat16(std::int16_t value) { return wasm_i16x8_splat(value); }
inline Vec splat32(std::int32_t value) { return wasm_i32x4_splat(value); }
inline Vec load(const void* from) { return wasm_v128_load(from); }
inline Vec load_low64(const void* from) { return wasm_v128_load64_zero(from); }
inline Vec load_low32(const void* from) { return wasm_v128_load32_zero(from); }
inline Vec load_u8_as_i16(const std::uint8_t* from) { return wasm_u16x8_load8x8(from); }
inline void store(void* to, Vec a) { wasm_v128_store(to, a); }
inline void store_low32(void* to, Vec a) { wasm_v128_store32_lane(to, a, 0); }
inline void store_low64(void* to, Vec a) { wasm_v128_store64_lane(to, a, 0); }
inline void store_high64(void* to, Vec a) { wasm_v128_store64_lane(to, a, 1); }

inline Vec add8(Vec a, Vec b) { return wasm_i8x16_add(a, b); }
inline Vec sub8(Vec a, Vec b) { return wasm_i8x16_sub(a, b); }
inline Vec average_u8(Vec a, Vec b) { return wasm_u8x16_avgr(a, b); }  // (a + b + 1) / 2
inline Vec add16(Vec a, Vec b) { return wasm_i16x8_add(a, b); }
inline Vec sub16(Vec a, Vec b) { return wasm_i16x8_sub(a, b); }
inline Vec mul16(Vec a, Vec b) { return wasm_i16x8_mul(a, b); }  // the low halves
inline Vec add32(Vec a, Vec b) { return wasm_i32x4_add(a, b); }
inline Vec sub32(Vec a, Vec b) { return wasm_i32x4_sub(a, b); }
inline Vec min16(Vec a, Vec b) { return wasm_i16x8_min(a, b); }  // signed
inline Vec abs16(Vec a) { return wasm_i16x8_abs(a); }
// a[2i] * b[2i] + a[2i + 1] * b[2i + 1], 16-bit lanes in, 32-bit lanes out.
inline Vec dot16(Vec a, Vec b) { return wasm_i32x4_dot_i16x8(a, b); }
inline Vec and_bits(Vec a, Vec b) { return wasm_v128_and(a, b); }
inline Vec invert(Vec a) { return wasm_v128_not(a); }
inline Vec choose(Vec mask, Vec a, Vec b) { return wasm_v128_bitselect(a, b, mask); }  // a where mask is ones
inline Vec greater16(Vec a, Vec b) { return wasm_i16x8_gt(a, b); }  // all ones where a > b, signed
// The high halves of the unsigned 16 x 16 bit products.
inline Vec mulhi_u16(Vec a, Vec b) {
  return wasm_i16x8_shuffle(wasm_u32x4_extmul_low_u16x8(a, b), wasm_u32x4_extmul_high_u16x8(a, b), 1, 3, 5, 7,
                            9, 11, 13, 15);
}
template <int kBits>
inline Vec sar16(Vec a) {
  return wasm_i16x8_shr(a, kBits);
}
template <int kBits>
inline Vec shl16(Vec a) {
  return wasm_i16x8_shl(a, kBits);
}
template <int kBits>
inline Vec sar32(Vec a) {
  return wasm_i32x4_shr(a, kBits);
}
inline Vec shr16(Vec a, std::uint32_t bits) { return wasm_u16x8_shr(a, bits); }

inline Vec narrow32(Vec a, Vec b) { return wasm_i16x8_narrow_i32x4(a, b); }     // signed saturation
inline Vec narrow16(Vec a, Vec b) { return wasm_i8x16_narrow_i16x8(a, b); }     // signed saturation
inline Vec narrow16_u8(Vec a, Vec b) { return wasm_u8x16_narrow_i16x8(a, b); }  // unsigned saturation

inline Vec zip_low8(Vec a, Vec b) {
  return wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
inline Vec zip_high8(Vec a, Vec b) {
  return wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
inline Vec zip_low16(Vec a, Vec b) { return wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
inline Vec zip_high16(Vec a, Vec b) { return wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
inline Vec zip_low32(Vec a, Vec b) { return wasm_i32x4_shuffle(a, b, 0, 4, 1, 5); }
inline Vec zip_high32(Vec a, Vec b) { return wasm_i32x4_shuffle(a, b, 2, 6, 3, 7); }
inline Vec zip_low64(Vec a, Vec b) { return wasm_i64x2_shuffle(a, b, 0, 2); }
inline Vec zip_high64(Vec a, Vec b) { return wasm_i64x2_shuffle(a, b, 1, 3); }
inline Vec widen_low8(Vec a) { return wasm_u16x8_extend_low_u8x16(a); }
inline Vec widen_high8(Vec a) { return wasm_u16x8_extend_high_u8x16(a); }
inline Vec add_neighbours8(Vec a) { return wasm_u16x8_extadd_pairwise_u8x16(a); }  // bytes 2i and 2i + 1

// Every second lane of a, then of b: those at even places, those at odd ones.
inline Vec even16(Vec a, Vec b) { return wasm_i16x8_shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
inline Vec odd16(Vec a, Vec b) { return wasm_i16x8_shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
inline Vec even32(Vec a, Vec b) { return wasm_i32x4_shuffle(a, b, 0, 2, 4, 6); }
inline Vec odd32(Vec a, Vec b) { return wasm_i32x4_shuffle(a, b, 1, 3, 5, 7); }

// The four bytes of each 32-bit lane in reverse order.
inline Vec reverse_bytes(Vec a) {
  return wasm_i8x16_shuffle(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

// 16 triples of bytes, as they lie in memory, to the first, second and third of each.
inline void unzip_triples(Vec& a, Vec& b, Vec& c) {
  const Vec first =
      wasm_i8x16_shuffle(wasm_i8x16_shuffle(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0), c,
                         0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
  const Vec second =
      wasm_i8x16_shuffle(wasm_i8x16_shuffle(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0), c,
                         0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
  c = wasm_i8x16_shuffle(wasm_i8x16_shuffle(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0), c,
                         0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
  a = first;
  b = second;
}

// Bit i is set when byte i is not zero.
inline std::uint32_t nonzero_bytes(Vec a) {
  return static_cast<std::uint32_t>(wasm_i8x16_bitmask(wasm_i8x16_ne(a, zero())));
}
// Bit i is byte i's highest.
inline std::uint32_t sign_bytes(Vec a) { return static_cast<std::uint32_t>(wasm_i8x16_bitmask(a)); }
// Bit i is set when byte i is 0xFF.
inline std::uint32_t full_bytes(Vec a) {
  return static_cast<std::uint32_t>(wasm_i8x16_bitmask(wasm_i8x16_eq(a, wasm_i8x16_const_splat(-1))));
}

#else  // SSE2

using Vec = __m128i;

inline Vec zero() { return _mm_setzero_si128(); }
inline Vec splat16(std::int16_t value) { return _mm_set1_epi16(value); }
inline Vec splat32(std::int32_t value) { return _mm_set1_epi32(value); }
inline Vec load(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
inline Vec load_low64(const void* from) { return _mm_loadl_epi64(static_cast<const __m128i*>(from)); }
inline Vec load_low32(const void* from) {
  std::int32_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return _mm_cvtsi32_si128(value);
}
inline Vec load_u8_as_i16(const std::uint8_t* from) { return _mm_unpacklo_epi8(load_low64(from), zero()); }
inline void store(void* to, Vec a) { _mm_storeu_si128(static_cast<__m128i*>(to), a); }
inline void store_low32(void* to, Vec a) {
  const std::int32_t value = _mm_cvtsi128_si32(a);
  std::memcpy(to, &value, sizeof value);
}
inline void store_low64(void* to, Vec a) { _mm_storel_epi64(static_cast<__m128i*>(to), a); }
inline void store_high64(void* to, Vec a) { store_low64(to, _mm_unpackhi_epi64(a, a)); }

inline Vec add8(Vec a, Vec b) { return _mm_add_epi8(a, b); }
inline Vec sub8(Vec a, Vec b) { return _mm_sub_epi8(a, b); }
inline Vec average_u8(Vec a, Vec b) { return _mm_avg_epu8(a, b); }
inline Vec add16(Vec a, Vec b) { return _mm_add_epi16(a, b); }
inline Vec sub16(Vec a, Vec b) { return _mm_sub_epi16(a, b); }
inline Vec mul16(Vec a, Vec b) { return _mm_mullo_epi16(a, b); }
inline Vec add32(Vec a, Vec b) { return _mm_add_epi32(a, b); }
inline Vec sub32(Vec a, Vec b) { return _mm_sub_epi32(a, b); }
inline Vec min16(Vec a, Vec b) { return _mm_min_epi16(a, b); }
inline Vec abs16(Vec a) { return _mm_max_epi16(a, _mm_sub_epi16(zero(), a)); }
inline Vec dot16(Vec a, Vec b) { return _mm_madd_epi16(a, b); }
inline Vec and_bits(Vec a, Vec b) { return _mm_and_si128(a, b); }
inline Vec invert(Vec a) { return _mm_xor_si128(a, _mm_set1_epi8(-1)); }
inline Vec choose(Vec mask, Vec a, Vec b) {
  return _mm_or_si128(_mm_and_si128(mask, a), _mm_andnot_si128(mask, b));
}
inline Vec greater16(Vec a, Vec b) { return _mm_cmpgt_epi16(a, b); }
inline Vec mulhi_u16(Vec a, Vec b) { return _mm_mulhi_epu16(a, b); }
template <int kBits>
inline Vec sar16(Vec a) {
  return _mm_srai_epi16(a, kBits);
}
template <int kBits>
inline Vec shl16(Vec a) {
  return _mm_slli_epi16(a, kBits);
}
template <int kBits>
inline Vec sar32(Vec a) {
  return _mm_srai_epi32(a, kBits);
}
inline Vec shr16(Vec a, std::uint32_t bits) {
  return _mm_srl_epi16(a, _mm_cvtsi32_si128(static_cast<int>(bits)));
}

inline Vec narrow32(Vec a, Vec b) { return _mm_packs_epi32(a, b); }
inline Vec narrow16(Vec a, Vec b) { return _mm_packs_epi16(a, b); }
inline Vec narrow16_u8(Vec a, Vec b) { return _mm_packus_epi16(a, b); }

inline Vec zip_low8(Vec a, Vec b) { return _mm_unpacklo_epi8(a, b); }
inline Vec zip_high8(Vec a, Vec b) { return _mm_unpackhi_epi8(a, b); }
inline Vec zip_low16(Vec a, Vec b) { return _mm_unpacklo_epi16(a, b); }
inline Vec zip_high16(Vec a, Vec b) { return _mm_unpackhi_epi16(a, b); }
inline Vec zip_low32(Vec a, Vec b) { return _mm_unpacklo_epi32(a, b); }
inline Vec zip_high32(Vec a, Vec b) { return _mm_unpackhi_epi32(a, b); }
inline Vec zip_low64(Vec a, Vec b) { return _mm_unpacklo_epi64(a, b); }
inline Vec zip_high64(Vec a, Vec b) { return _mm_unpackhi_epi64(a, b); }
inline Vec widen_low8(Vec a) { return _mm_unpacklo_epi8(a, zero()); }
inline Vec widen_high8(Vec a) { return _mm_unpackhi_epi8(a, zero()); }
inline Vec add_neighbours8(Vec a) {
  return _mm_add_epi16(_mm_and_si128(a, _mm_set1_epi16(255)), _mm_srli_epi16(a, 8));
}

inline Vec even16(Vec a, Vec b) {
  const auto low = [](Vec v) { return _mm_srai_epi32(_mm_slli_epi32(v, 16), 16); };
  return _mm_packs_epi32(low(a), low(b));
}
inline Vec odd16(Vec a, Vec b) { return _mm_packs_epi32(_mm_srai_epi32(a, 16), _mm_srai_epi32(b, 16)); }
inline Vec even32(Vec a, Vec b) {
  return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(a), _mm_castsi128_ps(b), 0x88));
}
inline Vec odd32(Vec a, Vec b) {
  return _mm_castps_si128(_mm_shuffle_ps(_mm_castsi128_ps(a), _mm_castsi128_ps(b), 0xDD));
}

inline Vec reverse_bytes(Vec a) {
  const Vec pairs = _mm_or_si128(_mm_slli_epi16(a, 8), _mm_srli_epi16(a, 8));
  return _mm_shuffle_epi32(_mm_shufflehi_epi16(_mm_shufflelo_epi16(pairs, 0x1B), 0x1B), 0x4E);
}

inline void unzip_triples(Vec& a, Vec& b, Vec& c) {
  // Each round halves the distance of neighbours: 48 bytes are 3 rows of 16 after four of them.
  for (int round = 0; round < 4; ++round) {
    const Vec high_a = _mm_unpackhi_epi64(a, a);
    const Vec high_b = _mm_unpackhi_epi64(b, b);
    const Vec high_c = _mm_unpackhi_epi64(c, c);
    a = _mm_unpacklo_epi8(a, high_b);
    const Vec middle = _mm_unpacklo_epi8(high_a, c);
    c = _mm_unpacklo_epi8(b, high_c);
    b = middle;
  }
}

inline std::uint32_t nonzero_bytes(Vec a) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, zero()))) ^ 0xFFFFU;
}
inline std::uint32_t sign_bytes(Vec a) { return static_cast<std::uint32_t>(_mm_movemask_epi8(a)); }
inline std::uint32_t full_bytes(Vec a) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, _mm_set1_epi8(-1))));
}

#endif

// Two 16-bit weights as the 32-bit lane that dot16 pairs with zipped samples.
inline Vec splat_pair(const std::int16_t* pair) {
  std::int32_t both = 0;
  std::memcpy(&both, pair, sizeof both);
  return splat32(both);
}

// The sums of the four lanes of a, b, c and d, in this order.
inline Vec sum_lanes32(Vec a, Vec b, Vec c, Vec d) {
  const Vec ab = add32(zip_low32(a, b), zip_high32(a, b));
  const Vec cd = add32(zip_low32(c, d), zip_high32(c, d));
  return add32(zip_low64(ab, cd), zip_high64(ab, cd));
}

}  // namespace netocr::simd

#endif  // NETOCR_SIMD
