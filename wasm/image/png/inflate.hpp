// Decoder of zlib streams (RFC 1950 and 1951) for PNG: pieces of any size in, runs of any size out, in
// memory that does not grow. It is half of the time of a PNG.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "image/png/checksums.hpp"

namespace netocr::png {

// Where compressed bytes come from.
class PieceSource {
 public:
  // The next ones, valid until the next call; empty at the end, and from then on.
  virtual Bytes next() = 0;

 protected:
  ~PieceSource() = default;
};

// The tables of one deflate block: bits of the stream -> what they mean and how many they are.
// An entry of 32 bits is one of
//   literals            2..1 at bits 12..13 are how many, at 16 and 24 they are
//   length or distance  its base at bits 16.., 8..11 are the bits of the code
//   link                the subtable's first entry at bits 16.., 8..11 are the bits of its index
//   end of block, or no code
// and its lowest byte is how many bits it takes, those that are added to the base included.
struct InflateTables {
  static constexpr unsigned kLengthBits = 11;
  static constexpr unsigned kDistanceBits = 8;
  // The most entries that a complete code of 288 (32) symbols of up to 15 bits needs with its subtables.
  static constexpr std::size_t kLengthEntries = 2342;
  static constexpr std::size_t kDistanceEntries = 402;
  std::uint32_t lengths[kLengthEntries];  // and literals
  std::uint32_t distances[kDistanceEntries];
};

class Inflater {
 public:
  enum class State : std::uint8_t {
    kMore,     // there is more to decode
    kEnded,    // the stream ended as it should, its checksum included
    kCut,      // the input ended before the stream
    kDamaged,  // no such code, a match of bytes before the first, a wrong checksum, a flood of empty blocks
  };

  // `most_wanted` is the largest count that need() will be asked for. `source` outlives the inflater.
  // Errors: OUT_OF_MEMORY.
  static Result<Inflater> create(PieceSource& source, std::size_t most_wanted);

  // Decodes until `count` bytes that were not taken yet are there, or no more come: then there are fewer. The
  // bytes are valid until the next call; kReadable behind them may be read, and mean nothing.
  Bytes need(std::size_t count);
  static constexpr std::size_t kReadable = 16;
  // Takes the first `count` of them.
  void take(std::size_t count) { read_ += count; }
  State state() const { return state_; }
  // Whether the source has nothing behind the stream; only once it has ended. Asks the source for its next
  // piece.
  bool is_all_input_used();

 private:
  enum class Step : std::uint8_t { kZlibHeader, kBlockHeader, kStored, kCodes, kTrailer };
  struct Cursor;

  explicit Inflater(PieceSource& source) : source_(&source) {}

  void decode();
  void sum();
  void slide();
  void stop(bool is_damaged);
  void read_zlib_header();
  void read_block_header();
  void leave_block();
  void read_stored_header();
  void copy_stored(std::size_t full);
  void read_fixed_codes();
  void read_dynamic_codes();
  bool read_code_lengths(std::size_t code_count, std::span<std::uint8_t> lengths);
  bool make_tables(std::span<const std::uint8_t> lengths, std::size_t literal_count);
  void decode_codes(std::size_t full);
  void read_trailer();

  void fetch();
  void refill();
  std::uint32_t take_bits(unsigned count);
  bool is_overrun() const;

  static constexpr std::size_t kStage = 256;

  PieceSource* source_;
  Bytes piece_;                         // of the source, what is neither in the stage nor ahead of next_
  const std::uint8_t* next_ = nullptr;  // in the stage or in the source's piece
  const std::uint8_t* end_ = nullptr;   // of what may be read at next_
  std::uint64_t bits_ = 0;  // the next one lowest; above bit_count_ are zeroes or those that follow
  unsigned bit_count_ = 0;
  bool is_staged_ = false;
  bool input_ended_ = false;
  std::size_t staged_of_piece_ = 0;  // bytes at the stage's end that are those before piece_

  Buffer out_;  // up to 32 KiB of what was decoded before, what is unread, room
  std::size_t read_ = 0;
  std::size_t written_ = 0;
  std::size_t summed_ = 0;  // bytes of out_ that the checksum has
  Adler32 adler_;

  State state_ = State::kMore;
  Step step_ = Step::kZlibHeader;
  bool is_last_block_ = false;
  bool has_fixed_codes_ = false;  // tables_ are those of fixed codes
  std::size_t stored_left_ = 0;
  std::size_t waste_ = 0;  // of blocks that give less than their tables cost
  Array<InflateTables> tables_;
  Array<std::uint8_t> stage_;
};

}  // namespace netocr::png
