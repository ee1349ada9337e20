// Undoes the filters of PNG rows (PNG specification, 9.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace netocr::png {

// The filter types, numbered as in the file.
enum class Filter : std::uint8_t { kNone, kSub, kUp, kAverage, kPaeth };
inline constexpr std::uint8_t kFilterCount = 5;

// The Paeth predictor of PNG specification, 9.4.
inline int paeth(int left, int above, int corner) {
  const int to_left = std::abs(above - corner);
  const int to_above = std::abs(left - corner);
  const int to_corner = std::abs(left + above - 2 * corner);
  return to_left <= to_above && to_left <= to_corner ? left : to_above <= to_corner ? above : corner;
}

// The number of bytes behind `size` of each row that may be read and, in `row`, overwritten; their values are
// undefined.
inline constexpr std::size_t kRowPadding = 16;

// Unfilters `size` bytes of one row: those of the file at `filtered` and the unfiltered row above at `above`
// (zeroes for the first row) become `row`, which overlaps neither. `pixel_bytes` is 1, 2, 3, 4, 6 or 8: the
// distance from a sample to that of the pixel on its left.
void undo_filter(Filter filter, const std::uint8_t* filtered, const std::uint8_t* above, std::size_t size,
                 std::size_t pixel_bytes, std::uint8_t* row);

namespace detail {
// Does the same byte by byte and without padding.
void undo_filter_scalar(Filter filter, const std::uint8_t* filtered, const std::uint8_t* above,
                        std::size_t size, std::size_t pixel_bytes, std::uint8_t* row);
}  // namespace detail

}  // namespace netocr::png
