// The searches for marker bytes against a plain loop.
#include "image/jpeg/common/marker_byte.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace netocr::jpeg {
namespace {

bool is_restart(std::uint8_t code) { return code >= 0xD0 && code <= 0xD7; }

std::size_t marker_from(const std::vector<std::uint8_t>& bytes, std::size_t at, bool of_segment) {
  for (; at < bytes.size(); ++at) {
    if (bytes[at] != 0xFF) continue;
    if (!of_segment || at + 1 == bytes.size() || (bytes[at + 1] != 0 && !is_restart(bytes[at + 1])))
      return at;
  }
  return bytes.size();
}

// Every length and place, of bytes that are often a part of a marker.
TEST(MarkerByte, IsWhereAPlainLoopFindsIt) {
  constexpr std::uint8_t kParts[] = {0xFF, 0, 0xD0, 0xD7, 0xCF, 0xD8, 0xD9, 0xC4};
  std::mt19937 random(1);
  for (const unsigned one_in : {1U, 2U, 8U, 40U}) {
    for (std::size_t size = 0; size < 120; ++size) {
      std::vector<std::uint8_t> bytes(size);
      for (std::uint8_t& byte : bytes)
        byte = random() % one_in == 0 ? kParts[random() % 3] : static_cast<std::uint8_t>(random());
      for (std::size_t i = 0; i + 1 < size; ++i) {
        if (bytes[i] == 0xFF && random() % 3 != 0) bytes[i + 1] = kParts[random() % std::size(kParts)];
      }
      for (std::size_t at = 0; at <= size; ++at) {
        ASSERT_EQ(find_marker_byte(bytes, at), marker_from(bytes, at, false)) << size << ' ' << at;
        ASSERT_EQ(find_segment_marker(bytes, at), marker_from(bytes, at, true)) << size << ' ' << at;
      }
    }
  }
}

}  // namespace
}  // namespace netocr::jpeg
