// Implements undo_filter() by libpng's filters, which work in place.
#include <cstring>

#include "rows.hpp"

#define PNGLIB_BUILD
#include "pngpriv.h"

namespace netocr::bench {
namespace {

png_struct make_png(std::size_t pixel_bytes) {
  png_struct png{};
  png.pixel_depth = static_cast<png_byte>(8 * pixel_bytes);
  return png;
}

}  // namespace

void undo_filter(std::uint8_t filter, const std::uint8_t* filtered, const std::uint8_t* above,
                 const RowShape& shape, std::uint8_t* row) {
  std::memcpy(row, filtered, shape.bytes);
  if (filter == PNG_FILTER_VALUE_NONE) return;
  static png_struct png = make_png(shape.pixel_bytes);
  if (png.pixel_depth != 8 * shape.pixel_bytes) png = make_png(shape.pixel_bytes);
  png_row_info info{};
  info.rowbytes = shape.bytes;
  info.pixel_depth = png.pixel_depth;
  png_read_filter_row(&png, &info, row, above, filter);
}

}  // namespace netocr::bench
