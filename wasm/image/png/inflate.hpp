// Decodes zlib streams (RFC 1950 and 1951) for PNG from pieces of any size to runs of any size, in constant
// memory. It takes half of the time of a PNG.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "image/png/checksums.hpp"
#include "image/png/inflate_input.hpp"
#include "image/png/inflate_tables.hpp"

namespace netocr::png {

class Inflater {
 public:
  enum class State : std::uint8_t {
    kMore,     // more output follows
    kEnded,    // the stream ended correctly, including its checksum
    kCut,      // the input ended before the stream
    kDamaged,  // an invalid code, a match before the first byte, a wrong checksum, an excess of empty blocks
  };

  // `max_wanted` is the max count for need(). `source` must outlive the inflater. Errors: OUT_OF_MEMORY.
  static Result<Inflater> create(PieceSource& source, std::size_t max_wanted);

  // Decodes until `count` unread bytes are available, or until the end: then there are fewer. The bytes are
  // valid until the next call; kReadable bytes behind them may be read, their values are undefined.
  Bytes need(std::size_t count);
  static constexpr std::size_t kReadable = 16;
  // Consumes the first `count` of them.
  void take(std::size_t count) { read_ += count; }
  State state() const { return state_; }
  // Returns whether the source has nothing behind the stream, which must have ended. It requests the source's
  // next piece.
  bool is_all_input_used() { return input_.is_all_used(); }

 private:
  enum class Step : std::uint8_t { kZlibHeader, kBlockHeader, kStored, kCodes, kTrailer };

  explicit Inflater(InflateInput input) : input_(std::move(input)) {}

  std::size_t limit() const;
  void decode();
  void sum();
  void slide();
  void stop(bool is_damaged);
  void read_zlib_header();
  void read_block_header();
  void leave_block();
  void read_stored_header();
  void copy_stored();
  void take_fixed_codes();
  void take_dynamic_codes();
  void decode_codes();
  void read_trailer();

  InflateInput input_;

  Buffer out_;  // up to 32 KiB of earlier output, the unread bytes, room
  std::size_t read_ = 0;
  std::size_t written_ = 0;
  std::size_t summed_ = 0;  // bytes of out_ that the checksum includes
  Adler32 adler_;

  State state_ = State::kMore;
  Step step_ = Step::kZlibHeader;
  bool is_last_block_ = false;
  bool has_fixed_codes_ = false;  // tables_ contain the fixed codes
  std::size_t stored_left_ = 0;
  std::size_t waste_ = 0;  // total cost of the blocks that are smaller than the cost of their tables
  Array<InflateTables> tables_;
};

}  // namespace netocr::png
