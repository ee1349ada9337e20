// Files that tests put together from their parts.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace netocr::testing {

using ByteVector = std::vector<std::uint8_t>;

inline ByteVector joined(const std::vector<ByteVector>& parts) {
  ByteVector bytes;
  for (const ByteVector& part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
  return bytes;
}
inline void append(ByteVector& to, const ByteVector& bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}
inline ByteVector letters(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace netocr::testing
