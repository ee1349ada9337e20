// Reads the bits of a zlib stream whose compressed bytes arrive in pieces of any size. Decoding reads several
// bytes ahead without bounds checks; therefore a stage joins the last bytes of a piece to the first ones of
// the next piece, and the last bytes of the input to zeroes.
#pragma once

#include <cstdint>
#include <cstring>

#include "base/buffer.hpp"

namespace netocr::png {

// A source of compressed bytes.
class PieceSource {
 public:
  // Returns the next piece, valid until the next call; empty at the end and from then on.
  virtual Bytes next() = 0;

 protected:
  ~PieceSource() = default;
};

// The next bits of the stream, and the position of the bytes behind them.
struct InflateBits {
  std::uint64_t ahead = 0;  // the next bit is the lowest; bits above `count` are zeroes or the following ones
  unsigned count = 0;
  const std::uint8_t* next = nullptr;  // the first byte whose bits are not all counted

  // Refills to at least 56 bits. Reads the 8 bytes at `next`.
  void refill() {
    std::uint64_t eight;
    std::memcpy(&eight, next, sizeof eight);
    ahead |= eight << count;
    next += (63 - count) >> 3;
    count |= 56;
  }
  void skip(unsigned bits) {
    ahead >>= bits;
    count -= bits;
  }
};

class InflateInput {
 public:
  // `source` must outlive the input. Errors: OUT_OF_MEMORY.
  static Result<InflateInput> create(PieceSource& source);

  // The number of bytes that can be read at bits().next after a refill().
  static constexpr std::size_t kAhead = 24;

  // Refills to at least 56 bits; those behind the input's end are zeroes. May request pieces from the source.
  void refill() {
    fetch();
    if (has_ended_ && bits_.next > end_ + kMaxBehind) {
      bits_.count |= 56;
    } else {
      bits_.refill();
    }
  }
  // Returns the next `count` bits, at most 32 and not more than are available.
  std::uint32_t take_bits(unsigned count) {
    const auto value = static_cast<std::uint32_t>(bits_.ahead & ((std::uint64_t{1} << count) - 1));
    bits_.skip(count);
    return value;
  }
  void skip_to_byte() { bits_.skip(bits_.count & 7); }
  // Returns the next bytes of the stream, up to `max_count`, valid until the next call of any function; none
  // at the input's end. bits().count must be 0.
  Bytes take_bytes(std::size_t max_count);

  // Returns whether more bits were consumed than the input has.
  bool is_overrun() const {
    return has_ended_ && (bits_.next - end_) * 8 > static_cast<std::ptrdiff_t>(bits_.count);
  }
  // Returns whether the input is completely consumed. It requests the source's next piece.
  bool is_all_used();

  // The kernel keeps the bits in registers while bits().next is below ahead_end(): up to there kAhead bytes
  // may be read. ahead_end() is bits().next itself when fewer than kAhead bytes are left.
  const InflateBits& bits() const { return bits_; }
  void set_bits(const InflateBits& bits) { bits_ = bits; }
  const std::uint8_t* ahead_end() const {
    return end_ - bits_.next < static_cast<std::ptrdiff_t>(kAhead) ? bits_.next : end_ - kAhead + 1;
  }

 private:
  explicit InflateInput(PieceSource& source) : source_(&source) {}

  static constexpr std::size_t kStage = 256;
  // The number of zeroes behind the input's end. As long as all bits belong to the input, `next` is at most 7
  // bytes behind it.
  static constexpr std::ptrdiff_t kMaxBehind = 8;
  static constexpr std::size_t kPadding = kMaxBehind + kAhead;

  // Makes kAhead bytes readable at `next`; zeroes follow the last ones of the input.
  void fetch() {
    if (static_cast<std::size_t>(end_ - bits_.next) < kAhead && !has_ended_) fetch_more();
  }
  void fetch_more();
  bool leave_stage(std::size_t left);
  std::size_t fill_stage(std::size_t size);
  bool has_piece();

  PieceSource* source_;
  Array<std::uint8_t> stage_;
  Bytes piece_;  // rest of the source's piece that is neither in the stage nor being read in place
  std::size_t staged_of_piece_ = 0;    // bytes at the stage's end that directly precede piece_
  InflateBits bits_;                   // `next` is in the stage or in the source's piece
  const std::uint8_t* end_ = nullptr;  // end of the readable bytes at `next`
  bool is_staged_ = false;
  bool has_ended_ = false;
};

}  // namespace netocr::png
