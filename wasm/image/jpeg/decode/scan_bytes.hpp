// The entropy-coded bytes of a scan: without the stuffed zeroes, a few KiB at a time. They lie backwards, the
// later ones at the lower addresses, so that eight of them are loaded as one little-endian number whose
// highest bits come first.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"
#include "image/jpeg/decode/tables.hpp"

namespace netocr::jpeg {

// Where a decoder stands in a ScanBytes. Its bits are left-aligned; `count` of them are there, and behind
// these may be more of the scan's, but no others.
struct BitCursor {
  std::uint64_t bits = 0;
  std::uint32_t count = 0;             // at most 63
  const std::uint8_t* next = nullptr;  // the byte before it is the next one

  // From here on at least kRefilled bits are there.
  static constexpr std::uint32_t kRefilled = 56;
  void refill() {
    std::uint64_t eight = 0;
    std::memcpy(&eight, next - sizeof eight, sizeof eight);
    bits |= eight >> count;
    next -= (63 - count) >> 3;
    count |= kRefilled;
  }
  // The same for a few bits (at most kRefilled), where they are there mostly.
  void want(std::uint32_t width) {
    if (count < width) refill();
  }
  std::uint32_t peek(unsigned width) const { return static_cast<std::uint32_t>(bits >> (64 - width)); }
  void skip(std::uint32_t width) {
    bits <<= width;
    count -= width;
  }
};

class ScanBytes {
 public:
  // Bytes that are there after ensure(): those of an MCU's blocks with 64 symbols of 31 bits, and what a
  // refill loads beyond them.
  static constexpr std::size_t kReserve = kMostBlocksInMcu * 64 * 4 + 8;

  // `bytes` outlive it. Errors: OUT_OF_MEMORY.
  static Result<ScanBytes> create(Bytes bytes);

  // Begins a segment (the start of a scan, or behind a restart marker) at an offset of the file.
  void start(std::size_t position, BitCursor& cursor);

  // Makes sure of kReserve bytes. Behind the segment's end they are zero.
  void ensure(BitCursor& cursor) {
    if (cursor.next < enough_) fill(cursor);
  }
  // True when more bits were taken than the segment has.
  bool is_overrun(const BitCursor& cursor) const {
    return ended_ && used(cursor) * 8 > filled_ * 8 + cursor.count;
  }
  // Goes on to the segment's end, whatever is left of it, and tells where it is: at the 0xFF of a marker, or
  // at the end of the file.
  std::size_t finish(BitCursor& cursor);

 private:
  static constexpr std::size_t kMost = 16384;  // bytes of the scan that are there at a time
  static constexpr std::size_t kStep = 16;     // as many are written at once
  static constexpr std::size_t kRoom = kMost + kStep + kReserve;

  const std::uint8_t* begin() const { return backwards_.data() + kRoom; }
  std::size_t used(const BitCursor& cursor) const { return static_cast<std::size_t>(begin() - cursor.next); }
  void fill(BitCursor& cursor);
  void unstuff(std::uint8_t*& to, const std::uint8_t* end);
  bool unstuff_marked(std::uint8_t*& to);

  Bytes bytes_;
  std::size_t position_ = 0;       // of the next byte to unstuff
  Array<std::uint8_t> backwards_;  // from begin() down: kMost, the slack of a step, the zeroes behind the end
  std::size_t filled_ = 0;
  const std::uint8_t* enough_ = nullptr;  // down to here kReserve bytes are there
  bool ended_ = false;
};

}  // namespace netocr::jpeg
