// Walks the chunks of a PNG and mends their check sums.
#include "png_repair.hpp"

#include "base/bytes.hpp"

namespace netocr::fuzz {
namespace {

// ISO/IEC 15948, annex D, bit by bit.
std::uint32_t crc_of(Bytes bytes) {
  std::uint32_t crc = 0xffff'ffffU;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb8'8320U : 0);
  }
  return ~crc;
}

}  // namespace

std::vector<std::uint8_t> with_good_check_sums(Bytes png) {
  std::vector<std::uint8_t> repaired(png.begin(), png.end());
  ByteReader reader(png, 8);
  while (reader.remaining() >= 12) {
    const std::uint64_t length = reader.u32be();
    const Bytes covered = reader.take(length + 4);
    const std::size_t at = reader.position();
    reader.skip(4);
    if (!reader.ok()) break;
    const std::uint32_t crc = crc_of(covered);
    for (std::size_t i = 0; i < 4; ++i) repaired[at + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  }
  return repaired;
}

}  // namespace netocr::fuzz
