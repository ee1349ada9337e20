// The entropy-coded bytes of a scan: without the stuffed zeroes, in 32-bit words, a few KiB at a time.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "image/jpeg_tables.hpp"

namespace netocr {

// Where a decoder stands in the words of a ScanBytes. Its bits are left-aligned, and `count` of them are
// there.
struct BitCursor {
  std::uint64_t bits = 0;
  std::int32_t count = 0;
  const std::uint32_t* next = nullptr;

  // From here on at least 32 bits are there.
  void refill() {
    if (count > 32) return;
    bits |= static_cast<std::uint64_t>(*next++) << (32 - count);
    count += 32;
  }
  std::uint32_t peek(unsigned width) const { return static_cast<std::uint32_t>(bits >> (64 - width)); }
  void skip(std::uint32_t width) {
    bits <<= width;
    count -= static_cast<std::int32_t>(width);
  }
};

class ScanBytes {
 public:
  // Words that are there after ensure(): those of an MCU's blocks with 64 symbols of 31 bits.
  static constexpr std::size_t kReserve = kMostBlocksInMcu * 64;

  // `bytes` outlive it. Errors: OUT_OF_MEMORY.
  static Result<ScanBytes> create(Bytes bytes);

  // Begins a segment (the start of a scan, or behind a restart marker) at an offset of the file.
  void start(std::size_t position, BitCursor& cursor);

  // Makes sure of kReserve words. Behind the segment's end they are zero.
  void ensure(BitCursor& cursor) {
    if (static_cast<std::size_t>(words_.data() + filled_ - cursor.next) < kReserve && !ended_) fill(cursor);
  }
  // True when more bits were taken than the segment has.
  bool is_overrun(const BitCursor& cursor) const {
    return ended_ && static_cast<std::uint64_t>(cursor.next - words_.data()) * 32 >
                         valid_bits_ + static_cast<std::uint64_t>(cursor.count);
  }
  // Goes on to the segment's end, whatever is left of it, and tells where it is: at the 0xFF of a marker, or
  // at the end of the file.
  std::size_t finish(BitCursor& cursor);

 private:
  static constexpr std::size_t kWords = 4096;

  void fill(BitCursor& cursor);
  std::size_t unstuff(std::uint8_t* to, std::size_t room);
  bool unstuff_marked(std::uint8_t* to, std::size_t& count);

  Bytes bytes_;
  std::size_t position_ = 0;    // of the next byte to unstuff
  Array<std::uint32_t> words_;  // kWords, and kReserve zeroes behind the last segment's end
  std::size_t filled_ = 0;
  std::uint8_t rest_[4] = {};  // unstuffed bytes that are no whole word yet
  std::size_t rest_count_ = 0;
  std::uint64_t valid_bits_ = 0;  // from the first word on, once ended_
  bool ended_ = false;
};

}  // namespace netocr
