// Sub, Average and Paeth depend on the previous pixel, so their speed is the number of dependent operations
// from pixel to pixel.
#include "image/png/filter.hpp"

#include <cstring>

#include "base/simd.hpp"

namespace netocr::png {
namespace {

using simd::Vec;

void undo_up(const std::uint8_t* filtered, const std::uint8_t* above, std::size_t size, std::uint8_t* row) {
  for (std::size_t i = 0; i < size; i += 16) {
    simd::store(row + i, simd::add8(simd::load(filtered + i), simd::load(above + i)));
  }
}

// Loads or stores 4 or 8 bytes, although a pixel may have fewer. The next pixel overwrites the excess bytes.
template <std::size_t kBytes>
Vec load_pixel(const std::uint8_t* from) {
  return kBytes <= 4 ? simd::load_low32(from) : simd::load_low64(from);
}
template <std::size_t kBytes>
void store_pixel(std::uint8_t* to, Vec pixel) {
  kBytes <= 4 ? simd::store_low32(to, pixel) : simd::store_low64(to, pixel);
}

template <std::size_t kBytes>
void undo_sub(const std::uint8_t* filtered, std::size_t size, std::uint8_t* row) {
  Vec left = simd::zero();
  for (std::size_t i = 0; i < size; i += kBytes) {
    left = simd::add8(left, load_pixel<kBytes>(filtered + i));
    store_pixel<kBytes>(row + i, left);
  }
}

// Processors only have the mean of two bytes rounded up. Applied to complements it is the complement of the
// mean rounded down, and the complement of a sum is the complement minus the other: two operations from pixel
// to pixel.
template <std::size_t kBytes>
void undo_average(const std::uint8_t* filtered, const std::uint8_t* above, std::size_t size,
                  std::uint8_t* row) {
  Vec inverted = simd::invert(simd::zero());
  for (std::size_t i = 0; i < size; i += kBytes) {
    const Vec mean = simd::average_u8(inverted, simd::invert(load_pixel<kBytes>(above + i)));
    inverted = simd::sub8(mean, load_pixel<kBytes>(filtered + i));
    store_pixel<kBytes>(row + i, simd::invert(inverted));
  }
}

// The samples are in 16-bit lanes.
template <std::size_t kBytes>
void undo_paeth(const std::uint8_t* filtered, const std::uint8_t* above, std::size_t size,
                std::uint8_t* row) {
  Vec left = simd::zero();
  Vec corner = simd::zero();
  for (std::size_t i = 0; i < size; i += kBytes) {
    const Vec up = simd::widen_low8(load_pixel<kBytes>(above + i));
    const Vec along = simd::sub16(up, corner);
    const Vec down = simd::sub16(left, corner);
    const Vec to_left = simd::abs16(along);
    const Vec to_above = simd::abs16(down);
    const Vec to_corner = simd::abs16(simd::add16(along, down));
    const Vec above_or_corner = simd::choose(simd::greater16(to_above, to_corner), corner, up);
    const Vec not_left = simd::greater16(to_left, simd::min16(to_above, to_corner));
    const Vec predicted = simd::choose(not_left, above_or_corner, left);
    const Vec pixel = simd::add8(simd::narrow16_u8(predicted, predicted), load_pixel<kBytes>(filtered + i));
    store_pixel<kBytes>(row + i, pixel);
    left = simd::widen_low8(pixel);
    corner = up;
  }
}

template <std::size_t kBytes>
void undo(Filter filter, const std::uint8_t* filtered, const std::uint8_t* above, std::size_t size,
          std::uint8_t* row) {
  if (filter == Filter::kSub) undo_sub<kBytes>(filtered, size, row);
  if (filter == Filter::kAverage) undo_average<kBytes>(filtered, above, size, row);
  if (filter == Filter::kPaeth) undo_paeth<kBytes>(filtered, above, size, row);
}

}  // namespace

void detail::undo_filter_scalar(Filter filter, const std::uint8_t* filtered, const std::uint8_t* above,
                                std::size_t size, std::size_t pixel_bytes, std::uint8_t* row) {
  for (std::size_t i = 0; i < size; ++i) {
    const int left = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
    const int corner = i >= pixel_bytes ? above[i - pixel_bytes] : 0;
    int predicted = 0;
    if (filter == Filter::kSub) predicted = left;
    if (filter == Filter::kUp) predicted = above[i];
    if (filter == Filter::kAverage) predicted = (left + above[i]) / 2;
    if (filter == Filter::kPaeth) predicted = paeth(left, above[i], corner);
    row[i] = static_cast<std::uint8_t>(filtered[i] + predicted);
  }
}

void undo_filter(Filter filter, const std::uint8_t* filtered, const std::uint8_t* above, std::size_t size,
                 std::size_t pixel_bytes, std::uint8_t* row) {
  if (filter == Filter::kNone) {
    std::memcpy(row, filtered, size);
    return;
  }
  if (filter == Filter::kUp) return undo_up(filtered, above, size, row);
  switch (pixel_bytes) {
    case 3:
      return undo<3>(filter, filtered, above, size, row);
    case 4:
      return undo<4>(filter, filtered, above, size, row);
    case 6:
      return undo<6>(filter, filtered, above, size, row);
    case 8:
      return undo<8>(filter, filtered, above, size, row);
    default:
      break;
  }
  detail::undo_filter_scalar(filter, filtered, above, size, pixel_bytes, row);
}

}  // namespace netocr::png
