// Four-character codes: the names of boxes, chunks and brands.
#pragma once

#include <cstdint>
#include <string_view>

namespace netocr {

// Returns a four-character code as it is stored in the file, the first character in the highest byte.
constexpr std::uint32_t fourcc(std::string_view text) {
  std::uint32_t code = 0;
  for (const char character : text) code = code << 8 | static_cast<std::uint8_t>(character);
  return code;
}

}  // namespace netocr
