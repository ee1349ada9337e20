// Two passes of a matrix product in 13-bit fixed point, over columns and then rows. Each splits even and odd
// frequencies: sample i is their sum, sample n - 1 - i their difference.
#include "image/jpeg/decode/inverse_dct.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/simd.hpp"

namespace netocr::jpeg {
namespace {

constexpr int kFractionBits = 13;
constexpr int kFirstShift = kFractionBits - 2;       // two more bits than samples between the passes
constexpr int kSecondShift = kFractionBits + 2 + 3;  // 3 bits for the factor sqrt(8) of each pass
constexpr std::int32_t kFirstRounding = 1 << (kFirstShift - 1);
constexpr std::int32_t kSecondRounding = (1 << (kSecondShift - 1)) + (128 << kSecondShift);

// basis[i][u] is the weight of frequency u in sample i of the first half: sqrt(2) * cos((2i + 1) u pi / 2n)
// in 1 / 2^13; 1 for u = 0.
using Basis = std::array<std::array<std::int16_t, 8>, 4>;
constexpr Basis kOneOrTwo = {{{8192, 8192}}};
constexpr Basis kFour = {{{8192, 10703, 8192, 4433}, {8192, 4433, -8192, -10703}}};
// The products of the factored transform of C. Loeffler, A. Ligtenberg and G. Moschytz with the 13-bit
// constants of libjpeg's jidctint.c. Some differ from the rounded cosines by one.
constexpr Basis kEight = {{{8192, 11363, 10703, 9633, 8192, 6437, 4433, 2260},
                           {8192, 9633, 4433, -2259, -8192, -11362, -10704, -6436},
                           {8192, 6437, -4433, -11362, -8192, 2261, 10704, 9633},
                           {8192, 2260, -10703, -6436, 8192, 9633, -4433, -11363}}};

template <int kSize>
inline constexpr const Basis& kBasis = kSize == 8   ? kEight
                                       : kSize == 4 ? kFour
                                                    : kOneOrTwo;

// The following functions wrap around and saturate as the SIMD instructions do, which matters for hostile
// coefficients only.
std::int16_t to_int16(std::uint32_t value) {
  return static_cast<std::int16_t>(std::clamp(static_cast<std::int32_t>(value), -32768, 32767));
}
std::uint32_t shifted(std::uint32_t sum, int bits) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(sum) >> bits);
}

// Computes samples i and n - 1 - i of one column or row.
template <int kSize>
void pass_scalar(const std::int16_t* from, std::size_t step, std::int32_t rounding, int shift,
                 std::int16_t* to) {
  for (std::size_t i = 0; i < (kSize + 1) / 2; ++i) {
    std::uint32_t parts[2] = {};
    for (std::size_t u = 0; u < kSize; ++u)
      parts[u % 2] += static_cast<std::uint32_t>(kBasis<kSize>[i][u] * from[u * step]);
    const auto round = static_cast<std::uint32_t>(rounding);
    to[i] = to_int16(shifted(parts[0] + parts[1] + round, shift));
    to[kSize - 1 - i] = to_int16(shifted(parts[0] - parts[1] + round, shift));
  }
}

template <int kSize>
void transform_scalar(const std::int16_t* coefficients, std::uint8_t* out, std::size_t stride) {
  std::int16_t columns[kSize][kSize];  // indexed [u][y]
  for (std::size_t u = 0; u < kSize; ++u)
    pass_scalar<kSize>(coefficients + u, inverse_stride(kSize), kFirstRounding, kFirstShift, columns[u]);
  for (std::size_t y = 0; y < kSize; ++y) {
    std::int16_t row[kSize];
    pass_scalar<kSize>(&columns[0][y], kSize, kSecondRounding, kSecondShift, row);
    for (std::size_t x = 0; x < kSize; ++x)
      out[y * stride + x] = static_cast<std::uint8_t>(std::clamp<int>(row[x], 0, 255));
  }
}

// For n = 2 all weights are one, so both passes reduce to sums of four with one rounding.
template <>
void transform_scalar<2>(const std::int16_t* coefficients, std::uint8_t* out, std::size_t stride) {
  constexpr std::size_t kRow = inverse_stride(2);
  constexpr int kRounded = 4 + (128 << 3);  // in eighths
  const int left = coefficients[0] + coefficients[kRow];
  const int left_difference = coefficients[0] - coefficients[kRow];
  const int right = coefficients[1] + coefficients[kRow + 1];
  const int right_difference = coefficients[1] - coefficients[kRow + 1];
  const auto sample = [](int eighths) {
    return static_cast<std::uint8_t>(std::clamp((eighths + kRounded) >> 3, 0, 255));
  };
  out[0] = sample(left + right);
  out[1] = sample(left - right);
  out[stride] = sample(left_difference + right_difference);
  out[stride + 1] = sample(left_difference - right_difference);
}

using simd::Vec;

// Returns the weights of frequencies u and u + 2 for sample i as one 32-bit lane.
template <int kSize>
inline Vec weights(std::size_t i, std::size_t u) {
  const auto& row = kBasis<kSize>[i];
  const auto low = static_cast<std::uint16_t>(row[u]);
  const auto high = static_cast<std::uint16_t>(row[u + 2]);
  return simd::splat32(std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(high) << 16 | low));
}

// Interleaved pairs (0, 2), (1, 3), (4, 6), (5, 7) of frequencies for four adjacent columns or rows.
struct Pairs {
  Vec pair02, pair13, pair46, pair57;
};

// Runs one pass over four columns or rows: sums[i] contains sample i of each.
template <int kSize, int kShift>
inline void pass(const Pairs& in, std::int32_t rounding, Vec* sums) {
  const Vec round = simd::splat32(rounding);
  for (std::size_t i = 0; i < kSize / 2; ++i) {
    // NOLINTBEGIN(misc-const-correctness): changed for eight
    Vec even = simd::add32(simd::dot16(in.pair02, weights<kSize>(i, 0)), round);
    Vec odd = simd::dot16(in.pair13, weights<kSize>(i, 1));
    // NOLINTEND(misc-const-correctness)
    if constexpr (kSize == 8) {
      even = simd::add32(even, simd::dot16(in.pair46, weights<kSize>(i, 4)));
      odd = simd::add32(odd, simd::dot16(in.pair57, weights<kSize>(i, 5)));
    }
    sums[i] = simd::sar32<kShift>(simd::add32(even, odd));
    sums[kSize - 1 - i] = simd::sar32<kShift>(simd::sub32(even, odd));
  }
}

// Returns the pairs of four rows of eight lanes, one for each row.
inline Pairs pairs_across(const Vec* rows) {
  const Vec even_top = simd::even16(rows[0], rows[1]);
  const Vec even_bottom = simd::even16(rows[2], rows[3]);
  const Vec odd_top = simd::odd16(rows[0], rows[1]);
  const Vec odd_bottom = simd::odd16(rows[2], rows[3]);
  return {simd::even32(even_top, even_bottom), simd::even32(odd_top, odd_bottom),
          simd::odd32(even_top, even_bottom), simd::odd32(odd_top, odd_bottom)};
}

// Transposes samples of columns (16-bit lanes; `low` rows 0..3, `high` rows 4..7) and writes them.
inline void store_columns(const Vec* low, const Vec* high, std::uint8_t* out, std::size_t stride) {
  const auto two = [&](std::size_t x) {
    return simd::narrow16_u8(simd::narrow32(low[x], high[x]), simd::narrow32(low[x + 4], high[x + 4]));
  };
  const Vec c04 = two(0);
  const Vec c15 = two(1);
  const Vec c26 = two(2);
  const Vec c37 = two(3);
  const Vec c02 = simd::zip_low8(c04, c26);
  const Vec c13 = simd::zip_low8(c15, c37);
  const Vec c46 = simd::zip_high8(c04, c26);
  const Vec c57 = simd::zip_high8(c15, c37);
  const Vec left_top = simd::zip_low8(c02, c13);  // columns 0..3 of rows 0..3
  const Vec left_bottom = simd::zip_high8(c02, c13);
  const Vec right_top = simd::zip_low8(c46, c57);
  const Vec right_bottom = simd::zip_high8(c46, c57);
  const Vec rows[4] = {simd::zip_low32(left_top, right_top), simd::zip_high32(left_top, right_top),
                       simd::zip_low32(left_bottom, right_bottom),
                       simd::zip_high32(left_bottom, right_bottom)};
  for (std::size_t i = 0; i < 4; ++i) {
    simd::store_low64(out + 2 * i * stride, rows[i]);
    simd::store_high64(out + (2 * i + 1) * stride, rows[i]);
  }
}

void transform_eight(const std::int16_t* coefficients, std::uint8_t* out, std::size_t stride) {
  Vec rows[8];
  for (std::size_t v = 0; v < 8; ++v) rows[v] = simd::load(coefficients + 8 * v);
  const Pairs left{simd::zip_low16(rows[0], rows[2]), simd::zip_low16(rows[1], rows[3]),
                   simd::zip_low16(rows[4], rows[6]), simd::zip_low16(rows[5], rows[7])};
  const Pairs right{simd::zip_high16(rows[0], rows[2]), simd::zip_high16(rows[1], rows[3]),
                    simd::zip_high16(rows[4], rows[6]), simd::zip_high16(rows[5], rows[7])};
  Vec low[8];
  Vec high[8];
  pass<8, kFirstShift>(left, kFirstRounding, low);
  pass<8, kFirstShift>(right, kFirstRounding, high);
  for (std::size_t y = 0; y < 8; ++y) rows[y] = simd::narrow32(low[y], high[y]);
  pass<8, kSecondShift>(pairs_across(rows), kSecondRounding, low);
  pass<8, kSecondShift>(pairs_across(rows + 4), kSecondRounding, high);
  store_columns(low, high, out, stride);
}

void transform_four(const std::int16_t* coefficients, std::uint8_t* out, std::size_t stride) {
  const auto row = [&](std::size_t v) { return simd::load_low64(coefficients + 4 * v); };
  const Pairs first{simd::zip_low16(row(0), row(2)), simd::zip_low16(row(1), row(3)), {}, {}};
  Vec sums[4];
  pass<4, kFirstShift>(first, kFirstRounding, sums);
  const Vec top = simd::narrow32(sums[0], sums[1]);
  const Vec bottom = simd::narrow32(sums[2], sums[3]);
  const Pairs second{simd::even16(top, bottom), simd::odd16(top, bottom), {}, {}};
  pass<4, kSecondShift>(second, kSecondRounding, sums);
  // The samples are column-major; two rounds of interleaving the halves transpose them.
  Vec samples = simd::narrow16_u8(simd::narrow32(sums[0], sums[1]), simd::narrow32(sums[2], sums[3]));
  samples = simd::zip_low8(samples, simd::zip_high64(samples, samples));
  samples = simd::zip_low8(samples, simd::zip_high64(samples, samples));
  std::uint8_t bytes[16];
  simd::store(bytes, samples);
  for (std::size_t y = 0; y < 4; ++y) std::memcpy(out + y * stride, bytes + 4 * y, 4);
}

}  // namespace

InverseDct inverse_dct(int n) {
  if (n == 8) return transform_eight;
  if (n == 4) return transform_four;
  return n == 2 ? transform_scalar<2> : transform_scalar<1>;
}

void fill_block(std::int16_t dc, int n, std::uint8_t* out, std::size_t stride) {
  const auto sample = static_cast<std::uint8_t>(std::clamp(((dc + 4) >> 3) + 128, 0, 255));
  for (int y = 0; y < n; ++y)
    std::memset(out + static_cast<std::size_t>(y) * stride, sample, static_cast<std::size_t>(n));
}

namespace detail {
InverseDct inverse_dct_scalar(int n) {
  if (n == 8) return transform_scalar<8>;
  if (n == 4) return transform_scalar<4>;
  return n == 2 ? transform_scalar<2> : transform_scalar<1>;
}
}  // namespace detail

}  // namespace netocr::jpeg
