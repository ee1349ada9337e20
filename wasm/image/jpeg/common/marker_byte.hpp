// Searches for the 0xFF that begins a JPEG marker. Skipping entropy-coded data is most of the work on large
// files that are not decoded.
#pragma once

#include <bit>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/jpeg_marker.hpp"
#include "base/simd.hpp"

namespace netocr::jpeg {

// Returns the place of the first byte 0xFF from `position` on; the size when there is none.
inline std::size_t find_marker_byte(Bytes bytes, std::size_t position) {
  for (; position + 16 <= bytes.size(); position += 16) {
    const std::uint32_t full = simd::full_bytes(simd::load(bytes.data() + position));
    if (full != 0) return position + static_cast<std::size_t>(std::countr_zero(full));
  }
  while (position < bytes.size() && bytes[position] != 0xFF) ++position;
  return position < bytes.size() ? position : bytes.size();
}

// Returns the same, but skips entropy-coded data: a 0xFF before a stuffed zero or the code of a restart
// marker.
inline std::size_t find_segment_marker(Bytes bytes, std::size_t position) {
  const auto is_data = [](std::uint8_t code) { return code == 0 || jpeg_marker::is_restart(code); };
  const simd::Vec restart_bits = simd::splat16(static_cast<std::int16_t>(0xF8F8));
  const simd::Vec restart = simd::splat16(static_cast<std::int16_t>(0xD0D0));
  for (; position + 17 <= bytes.size(); position += 16) {
    const std::uint32_t full = simd::full_bytes(simd::load(bytes.data() + position));
    const simd::Vec codes = simd::load(bytes.data() + position + 1);
    const std::uint32_t others =
        simd::nonzero_bytes(codes) &
        simd::nonzero_bytes(simd::sub8(simd::and_bits(codes, restart_bits), restart));
    if ((full & others) != 0) return position + static_cast<std::size_t>(std::countr_zero(full & others));
  }
  while ((position = find_marker_byte(bytes, position)) + 1 < bytes.size() && is_data(bytes[position + 1]))
    position += 2;
  return position;
}

}  // namespace netocr::jpeg
