// A separable 8 x 8 DCT in fixed point: columns, transposition, columns again. Each one-dimensional pass
// splits even and odd frequencies and multiplies the halves by their cosine matrices, in pairs (SIMD has a
// dot product of pairs). Outputs of a pass are sqrt(8) times the orthonormal ones; the first pass keeps 2
// more bits.
#include "image/jpeg/encode/forward_dct.hpp"

#include <algorithm>
#include <array>

#include "base/simd.hpp"

namespace netocr::jpeg {
namespace {

constexpr int kConstBits = 13;
constexpr int kPassBits = 2;
constexpr int kFirstShift = kConstBits - kPassBits;
constexpr int kSecondShift = kConstBits + kPassBits;

// The constants are round(sqrt(2) * cos(k * pi / 16) * 2^13).
constexpr std::int16_t kC1 = 11363;
constexpr std::int16_t kC2 = 10703;
constexpr std::int16_t kC3 = 9633;
constexpr std::int16_t kC5 = 6436;
constexpr std::int16_t kC6 = 4433;
constexpr std::int16_t kC7 = 2260;

// The rows are frequencies 1, 3, 5, 7, the columns differences x0 - x7, x1 - x6, x2 - x5, x3 - x4.
constexpr std::int16_t kOdd[4][4] = {
    {kC1, kC3, kC5, kC7}, {kC3, -kC7, -kC1, -kC5}, {kC5, -kC1, kC7, kC3}, {kC7, -kC5, kC3, -kC1}};
// The rows are frequencies 2, 6, the columns (x0 + x7) - (x3 + x4), (x1 + x6) - (x2 + x5).
constexpr std::int16_t kEven[2][2] = {{kC2, kC6}, {kC6, -kC2}};

// After the two passes element (row u, column v) of the working block has horizontal frequency u and vertical
// frequency v: this order includes the last transposition.
constexpr auto kTransposedZigzag = [] {
  std::array<std::uint8_t, kBlockSize> order{};
  for (std::uint32_t i = 0; i < kBlockSize; ++i) {
    order[i] = static_cast<std::uint8_t>(kZigzag[i] % 8 * 8 + kZigzag[i] / 8);
  }
  return order;
}();

void to_zigzag(const std::int16_t* working, std::int16_t* zigzag) {
  for (std::uint32_t i = 0; i < kBlockSize; ++i) zigzag[i] = working[kTransposedZigzag[i]];
}

// kShift applies to a sum of products; frequencies 0 and 4 have no product, so their shift is kConstBits
// less.
template <int kShift>
std::int16_t descale(std::int32_t sum) {
  return static_cast<std::int16_t>((sum + (1 << (kShift - 1))) >> kShift);
}

template <int kShift>
std::int16_t scale_plain(std::int32_t sum) {
  if constexpr (kShift < kConstBits) {
    return static_cast<std::int16_t>(sum * (1 << (kConstBits - kShift)));
  } else {
    return descale<kShift - kConstBits>(sum);
  }
}

template <int kShift>
void pass_scalar(const std::int16_t* in, std::int16_t* out) {  // transforms one column, elements 8 apart
  std::int32_t sum[4];
  std::int32_t difference[4];
  for (int n = 0; n < 4; ++n) {
    sum[n] = in[8 * n] + in[8 * (7 - n)];
    difference[n] = in[8 * n] - in[8 * (7 - n)];
  }
  out[0] = scale_plain<kShift>(sum[0] + sum[3] + (sum[1] + sum[2]));
  out[8 * 4] = scale_plain<kShift>(sum[0] + sum[3] - (sum[1] + sum[2]));
  for (int k = 0; k < 2; ++k) {
    out[8 * (4 * k + 2)] = descale<kShift>((sum[0] - sum[3]) * kEven[k][0] + (sum[1] - sum[2]) * kEven[k][1]);
  }
  for (int k = 0; k < 4; ++k) {
    std::int32_t total = 0;
    for (int n = 0; n < 4; ++n) total += difference[n] * kOdd[k][n];
    out[8 * (2 * k + 1)] = descale<kShift>(total);
  }
}

using simd::Vec;

template <int kShift>
inline Vec plain(Vec sum) {
  if constexpr (kShift < kConstBits) {
    return simd::shl16<kConstBits - kShift>(sum);
  } else {
    constexpr int kBits = kShift - kConstBits;
    return simd::sar16<kBits>(simd::add16(sum, simd::splat16(1 << (kBits - 1))));
  }
}

template <int kShift>
inline Vec descaled(Vec low, Vec high) {
  const Vec half = simd::splat32(1 << (kShift - 1));
  return simd::narrow32(simd::sar32<kShift>(simd::add32(low, half)),
                        simd::sar32<kShift>(simd::add32(high, half)));
}

// Transforms eight columns at once; r[n] is row n.
template <int kShift>
inline void pass(Vec (&r)[8]) {
  Vec sum[4];
  Vec difference[4];
  for (int n = 0; n < 4; ++n) {
    sum[n] = simd::add16(r[n], r[7 - n]);
    difference[n] = simd::sub16(r[n], r[7 - n]);
  }
  const Vec outer = simd::add16(sum[0], sum[3]);
  const Vec inner = simd::add16(sum[1], sum[2]);
  r[0] = plain<kShift>(simd::add16(outer, inner));
  r[4] = plain<kShift>(simd::sub16(outer, inner));
  const Vec outer_less = simd::sub16(sum[0], sum[3]);
  const Vec inner_less = simd::sub16(sum[1], sum[2]);
  const Vec even_low = simd::zip_low16(outer_less, inner_less);
  const Vec even_high = simd::zip_high16(outer_less, inner_less);
  for (int k = 0; k < 2; ++k) {
    const Vec factors = simd::splat_pair(kEven[k]);
    r[4 * k + 2] = descaled<kShift>(simd::dot16(even_low, factors), simd::dot16(even_high, factors));
  }
  const Vec low01 = simd::zip_low16(difference[0], difference[1]);
  const Vec high01 = simd::zip_high16(difference[0], difference[1]);
  const Vec low23 = simd::zip_low16(difference[2], difference[3]);
  const Vec high23 = simd::zip_high16(difference[2], difference[3]);
  for (int k = 0; k < 4; ++k) {
    const Vec factors01 = simd::splat_pair(kOdd[k]);
    const Vec factors23 = simd::splat_pair(kOdd[k] + 2);
    r[2 * k + 1] =
        descaled<kShift>(simd::add32(simd::dot16(low01, factors01), simd::dot16(low23, factors23)),
                         simd::add32(simd::dot16(high01, factors01), simd::dot16(high23, factors23)));
  }
}

inline void transpose(Vec (&r)[8]) {
  Vec a[8];
  for (int i = 0; i < 4; ++i) {
    a[i] = simd::zip_low16(r[i], r[i + 4]);
    a[i + 4] = simd::zip_high16(r[i], r[i + 4]);
  }
  Vec b[8];
  for (int half = 0; half < 8; half += 4) {
    for (int i = 0; i < 2; ++i) {
      b[half + 2 * i] = simd::zip_low16(a[half + i], a[half + i + 2]);
      b[half + 2 * i + 1] = simd::zip_high16(a[half + i], a[half + i + 2]);
    }
  }
  for (int i = 0; i < 8; i += 4) {
    r[i] = simd::zip_low16(b[i], b[i + 2]);
    r[i + 1] = simd::zip_high16(b[i], b[i + 2]);
    r[i + 2] = simd::zip_low16(b[i + 1], b[i + 3]);
    r[i + 3] = simd::zip_high16(b[i + 1], b[i + 3]);
  }
}

// Copies the 8 x 8 samples at block (x, y); beyond the edge the last column and row are repeated.
void copy_edge_block(const Plane& plane, std::uint32_t x, std::uint32_t y, std::uint8_t* samples) {
  for (std::uint32_t j = 0; j < 8; ++j) {
    const std::uint8_t* const row = plane.row(std::min(y * 8 + j, plane.height - 1));
    for (std::uint32_t i = 0; i < 8; ++i) samples[j * 8 + i] = row[std::min(x * 8 + i, plane.width - 1)];
  }
}

}  // namespace

namespace detail {

void forward_dct_block_scalar(const std::uint8_t* samples, std::size_t stride, std::int16_t* zigzag) {
  std::int16_t first[kBlockSize];
  std::int16_t second[kBlockSize];
  for (std::size_t y = 0; y < 8; ++y) {
    for (std::size_t x = 0; x < 8; ++x)
      first[y * 8 + x] = static_cast<std::int16_t>(samples[y * stride + x] - 128);
  }
  for (int x = 0; x < 8; ++x) pass_scalar<kFirstShift>(first + x, second + x);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) first[x * 8 + y] = second[y * 8 + x];
  }
  for (int x = 0; x < 8; ++x) pass_scalar<kSecondShift>(first + x, second + x);
  to_zigzag(second, zigzag);
}

}  // namespace detail

void forward_dct_block(const std::uint8_t* samples, std::size_t stride, std::int16_t* zigzag) {
  Vec r[8];
  const Vec middle = simd::splat16(128);
  for (std::size_t y = 0; y < 8; ++y) r[y] = simd::sub16(simd::load_u8_as_i16(samples + y * stride), middle);
  pass<kFirstShift>(r);
  transpose(r);
  pass<kSecondShift>(r);
  alignas(16) std::int16_t working[kBlockSize];
  for (int y = 0; y < 8; ++y) simd::store(working + y * 8, r[y]);
  to_zigzag(working, zigzag);
}

Result<CoefficientPlane> forward_dct(const Plane& plane) {
  CoefficientPlane made;
  made.blocks_wide = (plane.width + 7) / 8;
  made.blocks_high = (plane.height + 7) / 8;
  const std::uint64_t blocks = std::uint64_t{made.blocks_wide} * made.blocks_high;
  NETOCR_TRY(allocate_product(made.values, blocks, kBlockSize));
  std::int16_t* to = made.values.data();
  std::uint8_t edge[kBlockSize];
  for (std::uint32_t y = 0; y < made.blocks_high; ++y) {
    for (std::uint32_t x = 0; x < made.blocks_wide; ++x, to += kBlockSize) {
      if (x * 8 + 8 <= plane.width && y * 8 + 8 <= plane.height) {
        forward_dct_block(plane.row(y * 8) + x * 8, plane.stride, to);
      } else {
        copy_edge_block(plane, x, y, edge);
        forward_dct_block(edge, 8, to);
      }
    }
  }
  return made;
}

}  // namespace netocr::jpeg
