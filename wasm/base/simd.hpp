// The 128-bit operations that the kernels are written in, each one instruction of WebAssembly. Native tests
// run the same kernels: there SIMDe maps WebAssembly's operations to those of the processor, x86 or ARM.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>
#endif

namespace netocr::simd {

using Vec = v128_t;

inline Vec zero() { return wasm_i64x2_const(0, 0); }
inline Vec splat8(std::int8_t value) { return wasm_i8x16_splat(value); }
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
inline Vec sub_saturated_u8(Vec a, Vec b) { return wasm_u8x16_sub_sat(a, b); }
inline Vec add16(Vec a, Vec b) { return wasm_i16x8_add(a, b); }
inline Vec sub16(Vec a, Vec b) { return wasm_i16x8_sub(a, b); }
inline Vec mul16(Vec a, Vec b) { return wasm_i16x8_mul(a, b); }  // low halves of the products
inline Vec add32(Vec a, Vec b) { return wasm_i32x4_add(a, b); }
inline Vec sub32(Vec a, Vec b) { return wasm_i32x4_sub(a, b); }
inline Vec min16(Vec a, Vec b) { return wasm_i16x8_min(a, b); }  // signed
inline Vec abs16(Vec a) { return wasm_i16x8_abs(a); }
// Computes a[2i] * b[2i] + a[2i + 1] * b[2i + 1], from 16-bit lanes to 32-bit lanes.
inline Vec dot16(Vec a, Vec b) { return wasm_i32x4_dot_i16x8(a, b); }
inline Vec and_bits(Vec a, Vec b) { return wasm_v128_and(a, b); }
inline Vec invert(Vec a) { return wasm_v128_not(a); }
// Takes the bits of a where `mask` has ones, and those of b elsewhere.
inline Vec choose(Vec mask, Vec a, Vec b) { return wasm_v128_bitselect(a, b, mask); }
inline Vec greater16(Vec a, Vec b) { return wasm_i16x8_gt(a, b); }  // all ones where a > b, signed
// Returns the high halves of the unsigned 16 x 16 bit products.
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
inline Vec add_neighbours8(Vec a) { return wasm_u16x8_extadd_pairwise_u8x16(a); }  // sums of pairs of bytes

// Return every second lane of a, then of b: those at even places, or those at odd ones.
inline Vec even16(Vec a, Vec b) { return wasm_i16x8_shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14); }
inline Vec odd16(Vec a, Vec b) { return wasm_i16x8_shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15); }
inline Vec even32(Vec a, Vec b) { return wasm_i32x4_shuffle(a, b, 0, 2, 4, 6); }
inline Vec odd32(Vec a, Vec b) { return wasm_i32x4_shuffle(a, b, 1, 3, 5, 7); }

// Returns in byte i the byte of `table` at index[i]; 0 where index[i] is 16 or more.
inline Vec swizzle(Vec table, Vec index) { return wasm_i8x16_swizzle(table, index); }

// Reverses the order of the 16 bytes.
inline Vec reverse_bytes(Vec a) {
  return wasm_i8x16_shuffle(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

// Splits 16 triples of consecutive bytes in a, b and c into the first, second and third bytes of the triples.
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

// Sets bit i when byte i is not zero.
inline std::uint32_t nonzero_bytes(Vec a) {
  return static_cast<std::uint32_t>(wasm_i8x16_bitmask(wasm_i8x16_ne(a, zero())));
}
// Copies the highest bit of byte i to bit i.
inline std::uint32_t sign_bytes(Vec a) { return static_cast<std::uint32_t>(wasm_i8x16_bitmask(a)); }
// Sets bit i when byte i is 0xFF.
inline std::uint32_t full_bytes(Vec a) {
  return static_cast<std::uint32_t>(wasm_i8x16_bitmask(wasm_i8x16_eq(a, wasm_i8x16_splat(-1))));
}

// Returns two 16-bit weights in every 32-bit lane, as dot16 pairs them with zipped samples.
inline Vec splat_pair(const std::int16_t* pair) {
  std::int32_t both = 0;
  std::memcpy(&both, pair, sizeof both);
  return splat32(both);
}

// Returns the sums over the four lanes of a, b, c and d, in this order.
inline Vec sum_lanes32(Vec a, Vec b, Vec c, Vec d) {
  const Vec ab = add32(zip_low32(a, b), zip_high32(a, b));
  const Vec cd = add32(zip_low32(c, d), zip_high32(c, d));
  return add32(zip_low64(ab, cd), zip_high64(ab, cd));
}

}  // namespace netocr::simd
