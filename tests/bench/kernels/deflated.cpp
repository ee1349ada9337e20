// Writes the stream bit by bit: one block of fixed Huffman codes, literals and matches in a pseudo-random
// order.
#include "deflated.hpp"

#include <utility>

#include "image/png/checksums.hpp"

namespace netocr::bench {
namespace {

constexpr std::size_t kDistance = 12'000;
constexpr std::size_t kLength = 7;

// Writes the fixed Huffman codes of RFC 1951, 3.2.6, for the symbols that occur here.
class Writer {
 public:
  void literal(std::uint32_t value) { value < 144 ? code(48 + value, 8) : code(400 + value - 144, 9); }
  void match() {
    code(kLength + 254 - 256, 7);  // length symbol 261
    code(26, 5);                   // distance symbol 26: 8193 and 12 extra bits
    bits(kDistance - 8193, 12);
  }
  void end_of_block() { code(0, 7); }
  void bits(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i, ++used_) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | (value >> i & 1) << used_ % 8);
    }
  }
  std::vector<std::uint8_t> finish(std::uint32_t checksum) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes_.push_back(static_cast<std::uint8_t>(checksum >> shift));
    return std::move(bytes_);
  }

 private:
  void code(std::uint32_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) bits(value >> i & 1, 1);
  }

  std::vector<std::uint8_t> bytes_{0x78, 0x01};
  std::size_t used_ = 0;
};

}  // namespace

Deflated make_deflated(std::size_t size) {
  Writer writer;
  writer.bits(1, 1);
  writer.bits(1, 2);
  std::vector<std::uint8_t> out;
  std::uint32_t state = 1;
  while (out.size() < size) {
    state = state * 1664525U + 1013904223U;
    if (out.size() >= kDistance && (state >> 24) % 5 == 0) {
      writer.match();
      for (std::size_t i = 0; i < kLength; ++i) out.push_back(out[out.size() - kDistance]);
    } else {
      const std::uint32_t value = ((state >> 20 & 31) - 16) & 255;
      writer.literal(value);
      out.push_back(static_cast<std::uint8_t>(value));
    }
  }
  writer.end_of_block();
  png::Adler32 adler;
  adler.extend(out);
  return {writer.finish(adler.value()), out.size()};
}

}  // namespace netocr::bench
