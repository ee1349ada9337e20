// Buffers the entropy-coded bytes of a scan without the stuffed zeroes, a few KiB at a time. They are stored
// backwards, the later ones at the lower addresses, so that eight of them load as one little-endian number
// whose highest bits come first.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"
#include "image/jpeg/decode/tables.hpp"

namespace netocr::jpeg {

// A decoder's position in a ScanBytes. The bits are left-aligned and `count` of them are valid; the bits
// behind are either zero or the next bits of the scan.
struct BitCursor {
  std::uint64_t bits = 0;
  std::uint32_t count = 0;             // number of valid bits, at most 63
  const std::uint8_t* next = nullptr;  // the byte before it is the next one

  // refill() guarantees at least this number of bits.
  static constexpr std::uint32_t kRefilled = 56;
  void refill() {
    std::uint64_t eight = 0;
    std::memcpy(&eight, next - sizeof eight, sizeof eight);
    bits |= eight >> count;
    next -= (63 - count) >> 3;
    count |= kRefilled;
  }
  // Guarantees `width` bits (at most kRefilled), for a small width that is usually available.
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
  // The number of bytes that ensure() guarantees: an MCU's blocks with 64 symbols of 31 bits, and the bytes
  // that a refill loads beyond them.
  static constexpr std::size_t kReserve = kMaxBlocksInMcu * 64 * 4 + 8;

  // `bytes` must outlive the object. Errors: OUT_OF_MEMORY.
  static Result<ScanBytes> create(Bytes bytes);

  // Begins a segment (at the start of a scan, or behind a restart marker) at an offset of the file.
  void start(std::size_t position, BitCursor& cursor);

  // Guarantees kReserve bytes; behind the segment's end they are zero.
  void ensure(BitCursor& cursor) {
    if (cursor.next < enough_) fill(cursor);
  }
  // Returns whether more bits were consumed than the segment has.
  bool is_overrun(const BitCursor& cursor) const {
    return ended_ && used(cursor) * 8 > filled_ * 8 + cursor.count;
  }
  // Skips to the segment's end and returns its offset: that of the 0xFF of a marker, or the end of the file.
  std::size_t finish(BitCursor& cursor);

 private:
  static constexpr std::size_t kMax = 16384;  // max number of buffered bytes of the scan
  static constexpr std::size_t kStep = 16;    // number of bytes written at once
  static constexpr std::size_t kRoom = kMax + kStep + kReserve;

  const std::uint8_t* begin() const { return backwards_.data() + kRoom; }
  std::size_t used(const BitCursor& cursor) const { return static_cast<std::size_t>(begin() - cursor.next); }
  void fill(BitCursor& cursor);
  void unstuff(std::uint8_t*& to, const std::uint8_t* end);
  bool unstuff_marked(std::uint8_t*& to);

  Bytes bytes_;
  std::size_t position_ = 0;       // offset of the next byte to unstuff
  Array<std::uint8_t> backwards_;  // from begin() down: kMax, the slack of a step, the zeroes behind the end
  std::size_t filled_ = 0;
  const std::uint8_t* enough_ = nullptr;  // lowest position with kReserve bytes left
  bool ended_ = false;
};

}  // namespace netocr::jpeg
