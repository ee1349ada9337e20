// Mirrors and transposes planes. Transposition works on blocks of 8 x 8, so that no cache line is fetched
// eight times.
#include "image/scale/orient.hpp"

#include <algorithm>
#include <cstring>

#include "base/simd.hpp"

namespace netocr {
namespace {

void copy_row(const std::uint8_t* from, std::uint8_t* to, std::uint32_t width, bool mirrored) {
  if (!mirrored) {
    std::memcpy(to, from, width);
    return;
  }
  std::reverse_copy(from, from + width, to);
}

void mirror(const Plane& stored, Orientation orientation, Plane& upright) {
  for (std::uint32_t y = 0; y < upright.height; ++y) {
    const std::uint32_t from = orientation.mirror_y ? stored.height - 1 - y : y;
    copy_row(stored.row(from), upright.row(y), upright.width, orientation.mirror_x);
  }
}

void transpose_pixels(const Plane& stored, Orientation orientation, Plane& upright, std::uint32_t x_from,
                      std::uint32_t x_to, std::uint32_t y_from, std::uint32_t y_to) {
  for (std::uint32_t y = y_from; y < y_to; ++y) {
    const std::uint32_t column = orientation.mirror_x ? stored.width - 1 - y : y;
    for (std::uint32_t x = x_from; x < x_to; ++x) {
      const std::uint32_t row = orientation.mirror_y ? stored.height - 1 - x : x;
      upright.row(y)[x] = stored.row(row)[column];
    }
  }
}

using simd::Vec;

// in[i] contains row i of 8 samples; afterwards out[k] contains columns 2k and 2k + 1, 8 samples each.
inline void transpose_8x8(const Vec (&in)[8], Vec (&out)[4]) {
  const Vec rows01 = simd::zip_low8(in[0], in[1]);
  const Vec rows23 = simd::zip_low8(in[2], in[3]);
  const Vec rows45 = simd::zip_low8(in[4], in[5]);
  const Vec rows67 = simd::zip_low8(in[6], in[7]);
  const Vec left_top = simd::zip_low16(rows01, rows23);
  const Vec right_top = simd::zip_high16(rows01, rows23);
  const Vec left_bottom = simd::zip_low16(rows45, rows67);
  const Vec right_bottom = simd::zip_high16(rows45, rows67);
  out[0] = simd::zip_low32(left_top, left_bottom);
  out[1] = simd::zip_high32(left_top, left_bottom);
  out[2] = simd::zip_low32(right_top, right_bottom);
  out[3] = simd::zip_high32(right_top, right_bottom);
}

void transpose_block(const Plane& stored, Orientation orientation, Plane& upright, std::uint32_t x,
                     std::uint32_t y) {
  const std::uint32_t column = orientation.mirror_x ? stored.width - 8 - y : y;
  Vec in[8];
  for (std::uint32_t i = 0; i < 8; ++i) {
    in[i] = simd::load_low64(stored.row(orientation.mirror_y ? stored.height - 1 - x - i : x + i) + column);
  }
  Vec columns[4];
  transpose_8x8(in, columns);
  for (std::uint32_t j = 0; j < 8; ++j) {
    const std::uint32_t k = orientation.mirror_x ? 7 - j : j;
    std::uint8_t* const to = upright.row(y + j) + x;
    if (k % 2 == 0) {
      simd::store_low64(to, columns[k / 2]);
    } else {
      simd::store_high64(to, columns[k / 2]);
    }
  }
}

void transpose(const Plane& stored, Orientation orientation, Plane& upright) {
  std::uint32_t whole_x = 0;
  std::uint32_t whole_y = 0;
  whole_x = upright.width / 8 * 8;
  whole_y = upright.height / 8 * 8;
  for (std::uint32_t y = 0; y < whole_y; y += 8) {
    for (std::uint32_t x = 0; x < whole_x; x += 8) transpose_block(stored, orientation, upright, x, y);
  }
  transpose_pixels(stored, orientation, upright, whole_x, upright.width, 0, whole_y);
  transpose_pixels(stored, orientation, upright, 0, upright.width, whole_y, upright.height);
}

Result<Plane> orient_plane(const Plane& stored, Orientation orientation) {
  NETOCR_ASSIGN(auto upright, orientation.swap_axes ? make_plane(stored.height, stored.width)
                                                    : make_plane(stored.width, stored.height));
  if (orientation.swap_axes) {
    transpose(stored, orientation, upright);
  } else {
    mirror(stored, orientation, upright);
  }
  return upright;
}

}  // namespace

Result<PlanarImage> orient(PlanarImage stored, Orientation orientation) {
  if (orientation.is_upright()) return stored;
  for (std::uint8_t i = 0; i < stored.plane_count; ++i) {
    NETOCR_ASSIGN(stored.planes[i], orient_plane(stored.planes[i], orientation));  // at most one exists twice
  }
  if (orientation.swap_axes) stored.chroma = {stored.chroma.y, stored.chroma.x};
  return stored;
}

}  // namespace netocr
