// zlib's inner loop of inflate (RFC 1951), which is half of the time of a PNG: the same function with the
// same meaning on zlib's own state, but with 64 bits at hand on a 32-bit machine too, up to three literals
// for one refill, and copies of 16 bytes. A linker that finds it here leaves zlib's inffast.o out.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include <zutil.h>

// After zutil.h, whose types it uses.
#include <inftrees.h>

#include <inflate.h>

namespace netocr {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kLongestSymbol = 6;   // bytes of a length, its distance and their extra bits: 48 bits
constexpr std::size_t kLongestMatch = 258;  // bytes
constexpr std::size_t kVector = 16;
constexpr int kLiteralSteps = 4;  // for one refill: 4 * 9 bits
// What is left on both sides when so many steps may be taken without asking again.
constexpr std::size_t kRoomyInput = 16;
constexpr std::size_t kRoomyOutput = kLongestMatch + kLiteralSteps * 3 + 1;
constexpr unsigned kManyBytes = 2048;  // of output, from which on a LiteralTable is worth being made

// Kinds of a table entry's `op` (inftrees.h); the low bits are a count of extra bits.
constexpr unsigned kBase = 16;
constexpr unsigned kEndOfBlock = 32;
constexpr unsigned kNoLink = 64;
constexpr unsigned kCountMask = 15;

// Bits of the stream, the next one lowest. Bits above `count` are zero or those that follow.
struct BitBuffer {
  std::uint64_t bits;
  unsigned count;
  const std::uint8_t* next;
  const std::uint8_t* end;

  // At least 56 bits, or all that there are.
  void refill() {
    if (bytes_ahead() >= 8) [[likely]] {
      std::uint64_t eight;
      std::memcpy(&eight, next, sizeof eight);
      bits |= eight << count;
      next += (63 - count) >> 3;
      count |= 56;
      return;
    }
    for (; count <= 56 && next != end; count += 8) bits |= std::uint64_t{*next++} << count;
  }
  unsigned peek(unsigned width) const { return static_cast<unsigned>(bits) & ((1U << width) - 1); }
  void skip(unsigned width) {
    bits >>= width;
    count -= width;
  }
  unsigned take(unsigned width) {
    const unsigned value = peek(width);
    skip(width);
    return value;
  }
  std::size_t bytes_ahead() const { return static_cast<std::size_t>(end - next); }
  std::size_t bytes_left() const { return bytes_ahead() + count / 8; }
  // Gives whole bytes back.
  void settle() {
    next -= count >> 3;
    count &= 7;
    bits = peek(count);
  }
};

struct CodeTable {
  const code* entries;
  unsigned bits;

  code look_up(const BitBuffer& in) const { return entries[in.peek(bits)]; }
  // The entry of a code longer than the first table.
  code follow(BitBuffer& in, code link) const {
    in.skip(link.bits);
    return entries[link.val + in.peek(link.op)];
  }
};

constexpr bool is_link(code entry) { return entry.op != 0 && (entry.op & (kBase | kNoLink)) == 0; }

// As many literals as the bits of a look-up hold, at most three: from the lowest byte on they, 4 bits of how
// many bits they take, and how many they are; 0 when the bits begin with no literal.
class LiteralTable {
 public:
  void make(const CodeTable& lengths) {
    for (unsigned pattern = 0; pattern < 1U << lengths.bits; ++pattern) {
      std::uint32_t made = 0;
      unsigned used = 0;
      unsigned count = 0;
      for (; count < 3; ++count) {
        const code entry = lengths.entries[pattern >> used];
        if (entry.op != 0 || used + entry.bits > lengths.bits) break;
        made |= std::uint32_t{entry.val} << (8 * count);
        used += entry.bits;
      }
      entries_[pattern] = made | used << 24 | count << 28;
    }
  }
  std::uint32_t operator[](unsigned pattern) const { return entries_[pattern]; }

 private:
  static constexpr std::size_t kMostPatterns = 512;  // zlib's first tables have 9 bits at most
  std::uint32_t entries_[kMostPatterns];
};

// Where bytes of a match are, and how many are there in one piece; `readable` may be more.
struct Piece {
  const std::uint8_t* from;
  std::size_t size;
  std::size_t readable;
};

// What inflate() keeps of earlier output: a ring.
class Window {
 public:
  explicit Window(const inflate_state& state)
      : bytes_(state.window), size_(state.wsize), filled_(state.whave), next_(state.wnext) {}

  bool reaches(std::size_t back) const { return back <= filled_; }
  // From `back` bytes before its newest end on.
  Piece at(std::size_t back) const {
    const bool wrapped = back > next_;
    const std::size_t place = next_ - back + (wrapped ? size_ : 0);
    return {bytes_ + place, wrapped ? back - next_ : back, size_ - place};
  }

 private:
  const std::uint8_t* bytes_;
  std::size_t size_;
  std::size_t filled_;
  std::size_t next_;
};

// Copies whole vectors: up to kVector - 1 bytes more than `size` on both sides.
inline std::uint8_t* copy_vectors(std::uint8_t* out, const std::uint8_t* from, std::size_t size) {
  std::uint8_t* const end = out + size;
  do {
    std::memcpy(out, from, kVector);
    out += kVector;
    from += kVector;
  } while (out < end);
  return end;
}

enum class Stop { kNone, kEndOfBlock, kBadCode, kBadDistanceCode, kTooFarBack };

class Inflater {
 public:
  Inflater(z_stream& stream, unsigned start)
      : stream_(stream),
        state_(*reinterpret_cast<inflate_state*>(stream.state)),
        window_(state_),
        lengths_{state_.lencode, state_.lenbits},
        distances_{state_.distcode, state_.distbits},
        begin_(stream.next_out - (start - stream.avail_out)),
        limit_(stream.next_out + stream.avail_out),
        has_literals_(std::min(stream.avail_in, stream.avail_out) >= kManyBytes) {
    if (has_literals_) literals_.make(lengths_);
  }

  void run() {
    // Local, or each byte that is written could be one of theirs.
    Cursor at{{state_.hold, state_.bits, stream_.next_in, stream_.next_in + stream_.avail_in},
              stream_.next_out};
    Stop stop = Stop::kNone;
    do {
      stop = step(at);
    } while (stop == Stop::kNone && at.in.bytes_left() >= kLongestSymbol && at.room(limit_) >= kLongestMatch);
    finish(at, stop);
  }

 private:
  struct Cursor {
    BitBuffer in;
    std::uint8_t* out;

    std::size_t room(const std::uint8_t* limit) const { return static_cast<std::size_t>(limit - out); }
    void put(code literal) {
      in.skip(literal.bits);
      *out++ = static_cast<std::uint8_t>(literal.val);
    }
  };

  // Literals, and the symbol behind them.
  [[gnu::always_inline]] Stop step(Cursor& at) const {
    const bool roomy = at.in.bytes_ahead() >= kRoomyInput && at.room(limit_) >= kRoomyOutput;
    at.in.refill();
    if (has_literals_ && roomy) [[likely]] {
      for (int i = 0; i < kLiteralSteps; ++i) {
        const std::uint32_t literals = literals_[at.in.peek(lengths_.bits)];
        if (literals == 0) break;
        std::memcpy(at.out, &literals, sizeof literals);
        at.out += literals >> 28;
        at.in.skip(literals >> 24 & 15);
      }
      at.in.refill();
    }
    code entry = lengths_.look_up(at.in);
    if (is_link(entry)) entry = lengths_.follow(at.in, entry);
    if (entry.op == 0) {
      at.put(entry);
      return Stop::kNone;
    }
    at.in.skip(entry.bits);
    if ((entry.op & kBase) == 0) return (entry.op & kEndOfBlock) != 0 ? Stop::kEndOfBlock : Stop::kBadCode;
    return match(at, entry.val + at.in.take(entry.op & kCountMask));
  }

  [[gnu::always_inline]] Stop match(Cursor& at, std::size_t size) const {
    code entry = distances_.look_up(at.in);
    if (is_link(entry)) entry = distances_.follow(at.in, entry);
    at.in.skip(entry.bits);
    if ((entry.op & kBase) == 0) return Stop::kBadDistanceCode;
    const std::size_t distance = entry.val + at.in.take(entry.op & kCountMask);
    const auto here = static_cast<std::size_t>(at.out - begin_);
    Piece piece{at.out - distance, distance, distance};
    if (distance > here) {
      if (!window_.reaches(distance - here)) return Stop::kTooFarBack;
      piece = window_.at(distance - here);
    } else if (distance >= kVector) {
      piece.size = piece.readable = kLongestMatch + kVector;  // it grows with what is copied
    }
    if (piece.size >= size && piece.readable >= size + kVector && at.room(limit_) >= size + kVector)
        [[likely]] {
      at.out = copy_vectors(at.out, piece.from, size);
    } else {
      at.out = copy_pieces(at.out, distance, size);
    }
    return Stop::kNone;
  }

  // Whatever the match is made of: the ring's end, its begin, this call's output, itself.
  std::uint8_t* copy_pieces(std::uint8_t* out, std::size_t distance, std::size_t size) const {
    while (size != 0 && distance > static_cast<std::size_t>(out - begin_)) {
      const Piece piece = window_.at(distance - static_cast<std::size_t>(out - begin_));
      const std::size_t count = std::min(size, piece.size);
      std::memcpy(out, piece.from, count);
      out += count;
      size -= count;
    }
    if (size != 0 && distance == 1) {
      std::memset(out, out[-1], size);
      return out + size;
    }
    for (; size != 0; --size, ++out) *out = *(out - distance);
    return out;
  }

  void finish(Cursor& at, Stop stop) {
    at.in.settle();
    stream_.next_in = const_cast<Bytef*>(at.in.next);
    stream_.avail_in = static_cast<uInt>(at.in.end - at.in.next);
    stream_.next_out = at.out;
    stream_.avail_out = static_cast<uInt>(limit_ - at.out);
    state_.hold = static_cast<unsigned long>(at.in.bits);
    state_.bits = at.in.count;
    if (stop == Stop::kNone) return;
    state_.mode = stop == Stop::kEndOfBlock ? TYPE : BAD;
    // zlib's own words.
    if (stop == Stop::kBadCode) stream_.msg = const_cast<char*>("invalid literal/length code");
    if (stop == Stop::kBadDistanceCode) stream_.msg = const_cast<char*>("invalid distance code");
    if (stop == Stop::kTooFarBack) stream_.msg = const_cast<char*>("invalid distance too far back");
  }

  z_stream& stream_;
  inflate_state& state_;
  const Window window_;
  const CodeTable lengths_;
  const CodeTable distances_;
  const std::uint8_t* const begin_;  // of this call's output
  const std::uint8_t* const limit_;
  const bool has_literals_;
  LiteralTable literals_;
};

}  // namespace
}  // namespace netocr

// Decodes until the input, the output or the block ends. On entry the mode is LEN, 6 bytes of input and room
// for 258 of output are there, and fewer than 8 bits are held; `start` is what avail_out was when inflate()
// was called.
extern "C" void ZLIB_INTERNAL inflate_fast(z_streamp stream, unsigned start) {
  netocr::Inflater(*stream, start).run();
}
