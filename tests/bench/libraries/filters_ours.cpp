// Implements undo_filter() by wasm/image/png/filter.hpp.
#include "image/png/filter.hpp"

#include "rows.hpp"

namespace netocr::bench {

void undo_filter(std::uint8_t filter, const std::uint8_t* filtered, const std::uint8_t* above,
                 const RowShape& shape, std::uint8_t* row) {
  png::undo_filter(static_cast<png::Filter>(filter), filtered, above, shape.bytes, shape.pixel_bytes, row);
}

}  // namespace netocr::bench
