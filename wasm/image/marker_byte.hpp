// The search for the 0xFF that begins a JPEG marker: most of what is done with the bytes of a large file that
// are only passed over.
#pragma once

#include <bit>
#include <cstdint>

#include "base/buffer.hpp"
#include "image/simd.hpp"

namespace netocr {

// The place of the first byte 0xFF from `position` on; the size when there is none.
inline std::size_t find_marker_byte(Bytes bytes, std::size_t position) {
#if NETOCR_SIMD
  for (; position + 16 <= bytes.size(); position += 16) {
    const std::uint32_t full = simd::full_bytes(simd::load(bytes.data() + position));
    if (full != 0) return position + static_cast<std::size_t>(std::countr_zero(full));
  }
#endif
  while (position < bytes.size() && bytes[position] != 0xFF) ++position;
  return position < bytes.size() ? position : bytes.size();
}

}  // namespace netocr
