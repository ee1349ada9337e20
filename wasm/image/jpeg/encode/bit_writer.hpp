// BitWriter writes the bits of an entropy-coded segment, most significant first, with a zero byte after each
// 0xFF (T.81 F.1.2.3).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"

namespace netocr::jpeg {

class BitWriter {
 public:
  // Between two checks of has_room() the caller writes at most kSlack bytes of bits.
  static constexpr std::size_t kSlack = 1024;

  // Writes to `out`, never beyond it.
  explicit BitWriter(MutableBytes out) : out_(out) {}

  // Returns whether kSlack more bytes can be written.
  bool has_room() const { return out_.size() - size_ >= kSlack; }
  std::size_t size() const { return size_; }
  std::size_t stuffed() const { return stuffed_; }

  // Writes the low `count` (at most 32) bits of `bits`, whose other bits are zero.
  void put(std::uint32_t bits, std::uint32_t count) {
    held_ = held_ << count | bits;
    held_count_ += count;
    if (held_count_ >= 32) flush_word();
  }

  // Pads the last byte with ones.
  void finish() {
    const std::uint32_t padding = (8 - held_count_ % 8) % 8;
    put((1U << padding) - 1, padding);
    while (held_count_ >= 8) {
      held_count_ -= 8;
      put_byte(static_cast<std::uint8_t>(held_ >> held_count_));
    }
  }

 private:
  void flush_word() {
    held_count_ -= 32;
    const auto word = static_cast<std::uint32_t>(held_ >> held_count_);
    // A byte is 0xFF when its complement is zero: the usual test for a zero byte in a word.
    const std::uint32_t complement = ~word;
    if (((complement - 0x01010101U) & word & 0x80808080U) == 0) {
      store_word(word);
      return;
    }
    for (int shift = 24; shift >= 0; shift -= 8) put_byte(static_cast<std::uint8_t>(word >> shift));
  }

  void store_word(std::uint32_t word) {
    static_assert(std::endian::native == std::endian::little);
    const std::uint32_t swapped = __builtin_bswap32(word);
    std::memcpy(out_.data() + size_, &swapped, sizeof swapped);
    size_ += sizeof swapped;
  }

  void put_byte(std::uint8_t byte) {
    out_[size_++] = byte;
    if (byte != 0xFF) return;
    out_[size_++] = 0;
    ++stuffed_;
  }

  MutableBytes out_;
  std::size_t size_ = 0;
  std::size_t stuffed_ = 0;
  std::uint64_t held_ = 0;
  std::uint32_t held_count_ = 0;
};

}  // namespace netocr::jpeg
