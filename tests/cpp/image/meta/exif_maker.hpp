// EXIF structures for the tests.
#pragma once

#include <cstdint>
#include <vector>

namespace netocr::testing {

struct ExifSpec {
  bool big_endian = false;
  std::uint16_t orientation_tag = 0x0112;
  std::uint16_t type = 3;  // SHORT
  std::uint32_t count = 1;
  std::uint32_t value = 6;
  std::uint16_t entries_before = 2;
  std::uint32_t directory = 8;  // offset of IFD0
};

inline std::vector<std::uint8_t> make_exif(const ExifSpec& spec) {
  std::vector<std::uint8_t> bytes;
  const auto put = [&](std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(value >> (8 * (spec.big_endian ? count - 1 - i : i))));
    }
  };
  const std::uint8_t mark = spec.big_endian ? 'M' : 'I';
  bytes = {mark, mark};
  put(42, 2);
  put(spec.directory, 4);
  bytes.resize(spec.directory, 0);
  put(spec.entries_before + 1U, 2);
  for (std::uint16_t i = 0; i < spec.entries_before; ++i) {
    put(0x0100U + i, 2);  // image width, height, ...
    put(3, 2);
    put(1, 4);
    put(7, 2);
    put(0, 2);
  }
  put(spec.orientation_tag, 2);
  put(spec.type, 2);
  put(spec.count, 4);
  put(spec.value, spec.type == 4 ? 4 : 2);
  if (spec.type != 4) put(0, 2);
  put(0, 4);  // no further directory
  return bytes;
}

}  // namespace netocr::testing
