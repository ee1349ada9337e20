// One step decodes up to six literals or a match for three refills of a bit buffer of 64 bits, from tables
// that give literals in pairs, and copies matches 16 bytes at a time. Steps need some bytes of input and room
// ahead of them; the last bytes of a piece of input are therefore put before the next piece's first ones, in
// a stage, and those of the whole input before zeroes.
#include "image/png/inflate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/simd.hpp"

namespace netocr::png {
namespace {

constexpr std::size_t kWindow = 32U << 10;  // the longest distance
constexpr std::size_t kRoom = 96U << 10;    // what is decoded at a time
// A step reads 8 bytes at three places, the last at most 14 bytes from the first.
constexpr std::size_t kInputAhead = 24;
// Zeroes behind the input's end. Where all bits are of the input, next_ is at most 7 bytes behind it.
constexpr std::ptrdiff_t kMostBehind = 8;
constexpr std::size_t kPadding = kMostBehind + kInputAhead;
constexpr std::size_t kLongestMatch = 258;
// What a step may write: six literals, the two bytes that a pair is written as, a match in whole vectors.
constexpr std::size_t kOutputAhead = 8 + kLongestMatch + 16;

constexpr unsigned kMaxCodeBits = 15;
constexpr std::size_t kLengthCodes = 286;
constexpr std::size_t kDistanceCodes = 30;
constexpr std::size_t kFixedLengthCodes = 288;  // the last two mean nothing
constexpr std::size_t kCodeLengthCodes = 19;
constexpr std::uint32_t kEndSymbol = 256;

// A block whose tables are its own costs about what so many bytes of output do; a stream may have so many
// more of these than bytes: a third of a second of tables. No encoder writes a block that takes more than
// what is in it.
constexpr std::size_t kWastePerBlock = 256;
constexpr std::size_t kMaxWaste = 16U << 20;

// Entries (see InflateTables).
constexpr std::uint32_t kOneLiteral = 1U << 12;
constexpr std::uint32_t kTwoLiterals = 2U << 12;
constexpr std::uint32_t kLiterals = 3U << 12;
constexpr std::uint32_t kEndOfBlock = 1U << 14;
constexpr std::uint32_t kLink = 1U << 15;
constexpr std::uint32_t kInvalid = kEndOfBlock | kLink;
// Where a table has no code one bit tells.
constexpr std::uint32_t kNoCode = kInvalid | 1U << 8 | 1U;

constexpr std::uint32_t entry_of(std::uint32_t value, unsigned code_bits, unsigned extra_bits) {
  return value << 16 | code_bits << 8 | (code_bits + extra_bits);
}
constexpr unsigned bits_of(std::uint32_t entry) { return entry & 63; }
constexpr unsigned code_bits_of(std::uint32_t entry) { return entry >> 8 & 15; }
constexpr std::uint32_t value_of(std::uint32_t entry) { return entry >> 16; }

// The base with the bits that are added to it; `bits` begin with the code.
inline std::uint32_t whole_value(std::uint32_t entry, std::uint64_t bits) {
  const std::uint64_t own = bits & ((std::uint64_t{1} << bits_of(entry)) - 1);
  return value_of(entry) + static_cast<std::uint32_t>(own >> code_bits_of(entry));
}

// RFC 1951, 3.2.5.
constexpr std::uint16_t kLengthBase[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::uint8_t kLengthExtra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static_assert(std::size(kLengthBase) == kLengthCodes - 257 && std::size(kLengthExtra) == kLengthCodes - 257);

std::uint32_t length_entry(std::size_t symbol, unsigned code_bits) {
  const auto value = static_cast<std::uint32_t>(symbol);
  if (value < kEndSymbol) return kOneLiteral | entry_of(value, code_bits, 0);
  if (value == kEndSymbol) return kEndOfBlock | entry_of(0, code_bits, 0);
  if (symbol >= kLengthCodes) return kInvalid | entry_of(0, code_bits, 0);
  return entry_of(kLengthBase[symbol - 257], code_bits, kLengthExtra[symbol - 257]);
}

std::uint32_t distance_entry(std::size_t symbol, unsigned code_bits) {
  if (symbol >= kDistanceCodes) return kInvalid | entry_of(0, code_bits, 0);
  const auto code = static_cast<std::uint32_t>(symbol);
  if (code < 4) return entry_of(code + 1, code_bits, 0);
  const unsigned extra = code / 2 - 1;
  return entry_of(((2 + code % 2) << extra) + 1, code_bits, extra);
}

std::uint32_t plain_entry(std::size_t symbol, unsigned code_bits) {
  return entry_of(static_cast<std::uint32_t>(symbol), code_bits, 0);
}

// The code of `bits` bits behind this one. Codes go from their highest bit on and the stream from its lowest,
// so they are kept the other way round: what is added goes in at the top. Behind the last one there is none.
std::uint32_t next_code(std::uint32_t code, unsigned bits) {
  const std::uint32_t top = std::bit_floor(~code & ((1U << bits) - 1));
  return (code & (top - 1)) | top;
}

// The symbols of a code in the order of its codes (RFC 1951, 3.2.2).
class CodeOrder {
 public:
  // False when there are more codes of these lengths than there can be, or fewer: then bits could mean
  // nothing. As in zlib none at all are allowed, and one alone of one bit.
  bool sort(std::span<const std::uint8_t> lengths, bool may_be_short) {
    for (const std::uint8_t bits : lengths) ++counts_[bits];
    counts_[0] = 0;
    std::int32_t left = 1;
    for (unsigned bits = 1; bits <= kMaxCodeBits; ++bits) {
      left = 2 * left - counts_[bits];
      if (left < 0) return false;
      ends_[bits] = static_cast<std::uint16_t>(ends_[bits - 1] + counts_[bits - 1]);
    }
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != 0) symbols_[ends_[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
    }
    return left == 0 || size() == 0 || (may_be_short && size() == counts_[1]);
  }

  std::size_t size() const { return ends_[kMaxCodeBits]; }
  // One past the last code of this length, by its index.
  std::size_t end(unsigned bits) const { return ends_[bits]; }
  std::size_t symbol(std::size_t index) const { return symbols_[index]; }
  std::int32_t count(unsigned bits) const { return counts_[bits]; }

 private:
  std::array<std::uint16_t, kMaxCodeBits + 1> counts_{};
  std::array<std::uint16_t, kMaxCodeBits + 1> ends_{};
  std::array<std::uint16_t, kFixedLengthCodes> symbols_{};
};

// Fills a table whose first 2^table_bits entries are looked up by as many bits; longer codes are in
// subtables.
class TableMaker {
 public:
  TableMaker(std::span<std::uint32_t> table, unsigned table_bits) : table_(table), table_bits_(table_bits) {}

  template <typename MakeEntry>
  bool make(std::span<const std::uint8_t> lengths, bool may_be_short, MakeEntry make_entry) {
    if (!order_.sort(lengths, may_be_short)) return false;
    used_ = std::size_t{1} << table_bits_;
    // The entries that `bits` bits look up; every bit more doubles them.
    unsigned bits = std::min<unsigned>(order_.size() == 0 ? 0 : lengths[order_.symbol(0)], table_bits_);
    std::fill_n(table_.begin(), std::size_t{1} << bits, kNoCode);
    const auto grow_to = [&](unsigned wanted) {
      for (; bits < wanted; ++bits)
        std::copy_n(table_.begin(), std::size_t{1} << bits, table_.begin() + (1 << bits));
    };
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::size_t symbol = order_.symbol(i);
      const unsigned length = lengths[symbol];
      grow_to(std::min(length, table_bits_));
      if (length <= table_bits_) {
        table_[code] = make_entry(symbol, length);
      } else {
        if (!enter_subtable(code & ((1U << table_bits_) - 1), i, length)) return false;
        const unsigned own_bits = length - table_bits_;
        fill_subtable(code >> table_bits_, own_bits, make_entry(symbol, own_bits));
      }
      code = next_code(code, length);
    }
    grow_to(table_bits_);
    return true;
  }

 private:
  // Every entry of the last subtable whose index begins with `pattern`.
  void fill_subtable(std::uint32_t pattern, unsigned bits, std::uint32_t entry) {
    for (std::size_t i = pattern; i < std::size_t{1} << sub_bits_; i += std::size_t{1} << bits) {
      table_[sub_start_ + i] = entry;
    }
  }

  // Codes of one prefix follow each other: a new prefix opens a new table, as large as its longest code asks.
  bool enter_subtable(std::uint32_t prefix, std::size_t first, unsigned bits) {
    if (prefix == sub_prefix_) return true;
    sub_prefix_ = prefix;
    sub_start_ = used_;
    sub_bits_ = bits - table_bits_;
    auto room = static_cast<std::int32_t>(std::size_t{1} << sub_bits_) -
                static_cast<std::int32_t>(order_.end(bits) - first);
    while (room > 0 && table_bits_ + sub_bits_ < kMaxCodeBits) {
      ++sub_bits_;
      room = 2 * room - order_.count(table_bits_ + sub_bits_);
    }
    used_ += std::size_t{1} << sub_bits_;
    if (used_ > table_.size()) return false;
    std::fill_n(table_.begin() + static_cast<std::ptrdiff_t>(sub_start_), std::size_t{1} << sub_bits_,
                kNoCode);
    table_[prefix] = kLink | static_cast<std::uint32_t>(sub_start_) << 16 | sub_bits_ << 8 | table_bits_;
    return true;
  }

  std::span<std::uint32_t> table_;
  unsigned table_bits_;
  CodeOrder order_;
  std::size_t used_ = 0;
  std::uint32_t sub_prefix_ = 0xFFFFFFFFU;
  std::size_t sub_start_ = 0;
  unsigned sub_bits_ = 0;
};

// Where the bits of a look-up hold the codes of two literals, its entry gives both. Without branches: which
// entries these are nothing foretells.
void pair_literals(std::uint32_t* table) {
  constexpr unsigned kBits = InflateTables::kLengthBits;
  // From the last on: an entry is made of two that are not after it.
  for (std::size_t i = std::size_t{1} << kBits; i-- > 0;) {
    const std::uint32_t first = table[i];
    const std::uint32_t second = table[i >> bits_of(first)];
    const unsigned bits = bits_of(first) + bits_of(second);
    const std::uint32_t pair = kTwoLiterals | value_of(second) << 24 | value_of(first) << 16 | bits;
    const std::uint32_t others = ((first ^ kOneLiteral) | (second ^ kOneLiteral)) & kLiterals;
    table[i] = (others | (bits > kBits ? 1U : 0U)) == 0 ? pair : first;
  }
}

inline void copy_vector(std::uint8_t* to, const std::uint8_t* from) { std::memcpy(to, from, 16); }

// The bytes of a match that begins `distance` < 16 bytes before `out`, repeated to a whole vector.
constexpr auto kSpread = [] {
  std::array<std::array<std::uint8_t, 16>, 16> table{};
  for (std::size_t distance = 1; distance < 16; ++distance) {
    for (std::size_t i = 0; i < 16; ++i) table[distance][i] = static_cast<std::uint8_t>(i % distance);
  }
  return table;
}();
inline void spread(const std::uint8_t* out, std::size_t distance, std::uint8_t* pattern) {
  simd::store(pattern, simd::swizzle(simd::load(out - distance), simd::load(kSpread[distance].data())));
}
// How far such a vector takes the match: the whole repetitions in it.
constexpr auto kSpreadStep = [] {
  std::array<std::uint8_t, 16> steps{};
  for (std::size_t distance = 1; distance < 16; ++distance)
    steps[distance] = static_cast<std::uint8_t>(16 / distance * distance);
  return steps;
}();

// Writes whole vectors: up to 15 bytes more than the match has.
inline std::uint8_t* copy_match(std::uint8_t* out, std::size_t distance, std::size_t length) {
  std::uint8_t* const end = out + length;
  if (distance >= 16) [[likely]] {
    const std::uint8_t* from = out - distance;
    do {
      copy_vector(out, from);
      out += 16;
      from += 16;
    } while (out < end);
    return end;
  }
  std::uint8_t pattern[16];
  spread(out, distance, pattern);
  const std::size_t step = kSpreadStep[distance];
  do {
    copy_vector(out, pattern);
    out += step;
  } while (out < end);
  return end;
}

}  // namespace

Result<Inflater> Inflater::create(PieceSource& source, std::size_t most_wanted) {
  Inflater made(source);
  NETOCR_ASSIGN(made.out_, Buffer::create(kWindow + std::max(kRoom, most_wanted + kOutputAhead) +
                                          kOutputAhead + kReadable));
  NETOCR_ASSIGN(made.tables_, Array<InflateTables>::create(1));
  NETOCR_ASSIGN(made.stage_, Buffer::create(kStage + kPadding));
  return made;
}

Bytes Inflater::need(std::size_t count) {
  if (written_ - read_ < count && state_ == State::kMore) decode();
  return {out_.data() + read_, written_ - read_};
}

// Until the room is used up, which is when `count` bytes are there and more.
void Inflater::decode() {
  slide();
  const std::size_t full = out_.size() - kOutputAhead - kReadable;
  while (state_ == State::kMore && written_ < full) {
    switch (step_) {
      case Step::kZlibHeader:
        read_zlib_header();
        break;
      case Step::kBlockHeader:
        read_block_header();
        break;
      case Step::kStored:
        copy_stored(full);
        break;
      case Step::kCodes:
        decode_codes(full);
        break;
      case Step::kTrailer:
        read_trailer();
        break;
    }
  }
  sum();
}

void Inflater::sum() {
  adler_.extend({out_.data() + summed_, written_ - summed_});
  summed_ = written_;
}

// Moves the window and what is unread to the buffer's begin.
void Inflater::slide() {
  const std::size_t kept = std::max(written_ - read_, std::min(written_, kWindow));
  const std::size_t gone = written_ - kept;
  if (gone == 0) return;
  std::memmove(out_.data(), out_.data() + gone, kept);
  read_ -= gone;
  written_ -= gone;
  summed_ -= gone;
}

// At least kInputAhead bytes at next_, or zeroes after the last ones.
void Inflater::fetch() {
  const auto left = static_cast<std::size_t>(end_ - next_);
  if (left >= kInputAhead || input_ended_) return;
  // All that is left in the stage is of a piece that goes on behind it: there it can be read in place.
  if (is_staged_ && staged_of_piece_ >= left && piece_.size() + left >= kInputAhead) {
    next_ = piece_.data() - left;
    end_ = piece_.data() + piece_.size();
    piece_ = {};
    is_staged_ = false;
    return;
  }
  if (left != 0) std::memmove(stage_.data(), next_, left);
  // What is left is of the piece that next_ is in, and that has nothing more.
  if (!is_staged_) staged_of_piece_ = left;
  std::size_t size = left;
  while (size < kStage) {
    if (piece_.empty()) {
      piece_ = source_->next();
      staged_of_piece_ = 0;
      if (piece_.empty()) {
        input_ended_ = true;
        std::memset(stage_.data() + size, 0, kPadding);
        break;
      }
    }
    const std::size_t count = std::min(kStage - size, piece_.size());
    std::memcpy(stage_.data() + size, piece_.data(), count);
    piece_ = piece_.subspan(count);
    staged_of_piece_ += count;
    size += count;
  }
  is_staged_ = true;
  next_ = stage_.data();
  end_ = next_ + size;
}

bool Inflater::is_all_input_used() {
  const bool is_area_used = end_ - next_ + static_cast<std::ptrdiff_t>(bit_count_ / 8) == 0;
  return is_area_used && piece_.empty() && source_->next().empty();
}

// At least 56 bits. Those behind the input's end are zeroes, and next_ goes no further than they do.
void Inflater::refill() {
  fetch();
  if (!input_ended_ || next_ <= end_ + kMostBehind) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, next_, sizeof eight);
    bits_ |= eight << bit_count_;
    next_ += (63 - bit_count_) >> 3;
  }
  bit_count_ |= 56;
}

std::uint32_t Inflater::take_bits(unsigned count) {
  const auto value = static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << count) - 1));
  bits_ >>= count;
  bit_count_ -= count;
  return value;
}

// Whether bits were taken that the input does not have.
bool Inflater::is_overrun() const {
  return input_ended_ && (next_ - end_) * 8 > static_cast<std::ptrdiff_t>(bit_count_);
}

void Inflater::stop(bool is_damaged) {
  state_ = is_overrun() ? State::kCut : is_damaged ? State::kDamaged : state_;
}

// RFC 1950, 2.2. A preset dictionary is nothing that a PNG could have.
void Inflater::read_zlib_header() {
  refill();
  const std::uint32_t method = take_bits(8);
  const std::uint32_t flags = take_bits(8);
  const bool is_deflate = (method & 15) == 8 && method >> 4 <= 7;
  stop(!is_deflate || (method << 8 | flags) % 31 != 0 || (flags & 32) != 0);
  step_ = Step::kBlockHeader;
}

// RFC 1951, 3.2.3.
void Inflater::read_block_header() {
  refill();
  is_last_block_ = take_bits(1) != 0;
  switch (take_bits(2)) {
    case 0:
      return read_stored_header();
    case 1:
      return read_fixed_codes();
    case 2:
      return read_dynamic_codes();
    default:
      return stop(true);
  }
}

void Inflater::leave_block() { step_ = is_last_block_ ? Step::kTrailer : Step::kBlockHeader; }

void Inflater::read_stored_header() {
  take_bits(bit_count_ & 7);
  refill();
  stored_left_ = take_bits(16);
  stop((take_bits(16) ^ 0xFFFF) != stored_left_);
  step_ = Step::kStored;
}

void Inflater::copy_stored(std::size_t full) {
  for (; stored_left_ != 0 && bit_count_ != 0; --stored_left_) {  // 7 bytes at most
    const std::uint32_t byte = take_bits(8);
    if (is_overrun()) return stop(true);
    out_[written_++] = static_cast<std::uint8_t>(byte);
  }
  if (stored_left_ == 0) return leave_block();
  if (written_ >= full) return;
  bits_ = 0;
  fetch();
  if (next_ >= end_) {
    state_ = State::kCut;
    return;
  }
  const std::size_t count = std::min({stored_left_, static_cast<std::size_t>(end_ - next_), full - written_});
  std::memcpy(out_.data() + written_, next_, count);
  next_ += count;
  written_ += count;
  stored_left_ -= count;
}

bool Inflater::make_tables(std::span<const std::uint8_t> lengths, std::size_t literal_count) {
  InflateTables& tables = tables_[0];
  const auto make = [&](std::span<std::uint32_t> table, unsigned bits, auto lengths_of_codes, auto entry) {
    return TableMaker(table, bits).make(lengths_of_codes, true, entry);
  };
  if (!make(tables.lengths, InflateTables::kLengthBits, lengths.first(literal_count), length_entry) ||
      !make(tables.distances, InflateTables::kDistanceBits, lengths.subspan(literal_count), distance_entry)) {
    return false;
  }
  pair_literals(tables.lengths);
  return true;
}

// RFC 1951, 3.2.6.
void Inflater::read_fixed_codes() {
  step_ = Step::kCodes;
  if (has_fixed_codes_) return stop(false);
  std::array<std::uint8_t, kFixedLengthCodes + 32> lengths{};
  for (std::size_t symbol = 0; symbol < kFixedLengthCodes; ++symbol) {
    lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
  }
  std::fill(lengths.begin() + kFixedLengthCodes, lengths.end(), 5);
  has_fixed_codes_ = make_tables(lengths, kFixedLengthCodes);
  stop(!has_fixed_codes_);
}

// RFC 1951, 3.2.7.
void Inflater::read_dynamic_codes() {
  step_ = Step::kCodes;
  has_fixed_codes_ = false;
  waste_ += kWastePerBlock;
  const std::size_t literal_count = take_bits(5) + 257;
  const std::size_t distance_count = take_bits(5) + 1;
  const std::size_t code_count = take_bits(4) + 4;
  if (literal_count > kLengthCodes || distance_count > kDistanceCodes || waste_ > kMaxWaste)
    return stop(true);
  std::array<std::uint8_t, kLengthCodes + kDistanceCodes> lengths{};
  const auto used = std::span(lengths).first(literal_count + distance_count);
  stop(!read_code_lengths(code_count, used) || lengths[kEndSymbol] == 0 || !make_tables(used, literal_count));
}

bool Inflater::read_code_lengths(std::size_t code_count, std::span<std::uint8_t> lengths) {
  constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  constexpr unsigned kBits = 7;
  std::array<std::uint8_t, kCodeLengthCodes> own{};
  for (std::size_t i = 0; i < code_count; ++i) {
    refill();
    own[kOrder[i]] = static_cast<std::uint8_t>(take_bits(3));
  }
  std::array<std::uint32_t, 1U << kBits> table{};
  if (!TableMaker(table, kBits).make(own, false, plain_entry)) return false;
  for (std::size_t i = 0; i < lengths.size();) {
    refill();
    const std::uint32_t entry = table[bits_ & (table.size() - 1)];
    take_bits(bits_of(entry));
    const std::uint32_t symbol = value_of(entry);
    if (symbol < 16) {
      lengths[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    if (is_overrun() || (symbol == 16 && i == 0)) return false;
    const std::uint8_t repeated = symbol == 16 ? lengths[i - 1] : 0;
    const std::size_t count = symbol == 16   ? 3 + take_bits(2)
                              : symbol == 17 ? 3 + take_bits(3)
                                             : 11 + take_bits(7);
    if (count > lengths.size() - i) return false;
    std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(i), count, repeated);
    i += count;
  }
  return true;
}

// What decode_codes() works with, in registers.
struct Inflater::Cursor {
  std::uint64_t bits;
  unsigned bit_count;
  const std::uint8_t* next;
  std::uint8_t* out;
  const std::uint8_t* begin;  // of what a match may reach
  const InflateTables& tables;

  void refill() {
    std::uint64_t eight;
    std::memcpy(&eight, next, sizeof eight);
    bits |= eight << bit_count;
    next += (63 - bit_count) >> 3;
    bit_count |= 56;
  }
  std::uint32_t look_up_length() const {
    return tables.lengths[bits & ((1U << InflateTables::kLengthBits) - 1)];
  }
  void skip(std::uint32_t entry) {
    bits >>= bits_of(entry);
    bit_count -= bits_of(entry);
  }
  void put_literals(std::uint32_t entry) {
    const auto pair = static_cast<std::uint16_t>(value_of(entry));
    std::memcpy(out, &pair, sizeof pair);
    out += entry >> 12 & 3;
  }
  // The entry behind a link, whose own bits were skipped.
  std::uint32_t follow(const std::uint32_t* table, std::uint32_t link) const {
    return table[value_of(link) + (bits & ((1U << code_bits_of(link)) - 1))];
  }

  enum class Outcome : std::uint8_t { kGoOn, kEndOfBlock, kDamaged };

  // From `entry` of the bits ahead on: what begins with it, or up to three entries of literals and what is
  // behind the second. `entry` is then that of what follows. 56 bits are there before and after: the longest
  // way is 2 * 11 for literals, 15 + 5 for a length; 15 + 13 for a distance after a refill.
  [[gnu::always_inline]] Outcome step(std::uint32_t& entry) {
    std::uint64_t before = bits;
    skip(entry);
    for (int i = 0; (entry & kLiterals) != 0; ++i) {
      put_literals(entry);
      if (i == 2) return go_on(entry);
      entry = look_up_length();
      before = bits;
      skip(entry);
    }
    if ((entry & (kLink | kEndOfBlock)) != 0) {
      if ((entry & kEndOfBlock) != 0) return (entry & kLink) != 0 ? Outcome::kDamaged : Outcome::kEndOfBlock;
      entry = follow(tables.lengths, entry);
      before = bits;
      skip(entry);
      if ((entry & kLiterals) != 0) {
        put_literals(entry);
        return go_on(entry);
      }
      if ((entry & kEndOfBlock) != 0) return Outcome::kEndOfBlock;
    }
    return match(whole_value(entry, before), entry);
  }

  [[gnu::always_inline]] Outcome go_on(std::uint32_t& entry) {
    refill();
    entry = look_up_length();
    return Outcome::kGoOn;
  }

  [[gnu::always_inline]] Outcome match(std::size_t length, std::uint32_t& entry) {
    refill();
    entry = tables.distances[bits & ((1U << InflateTables::kDistanceBits) - 1)];
    if ((entry & kLink) != 0) {
      skip(entry);
      if ((entry & kEndOfBlock) != 0) return Outcome::kDamaged;
      entry = follow(tables.distances, entry);
    }
    const std::size_t distance = whole_value(entry, bits);
    skip(entry);
    if (distance > static_cast<std::size_t>(out - begin)) return Outcome::kDamaged;
    const Outcome outcome = go_on(entry);  // while it is looked up, bytes are copied
    out = copy_match(out, distance, length);
    return outcome;
  }
};

void Inflater::decode_codes(std::size_t full) {
  refill();
  if (is_overrun()) return stop(true);
  Cursor at{bits_, bit_count_, next_, out_.data() + written_, out_.data(), tables_[0]};
  // Near the end one step at a time: what a step made of zeroes behind the input is thrown away.
  const bool is_near_end = end_ - next_ < static_cast<std::ptrdiff_t>(kInputAhead);
  const std::uint8_t* const unsafe = is_near_end ? next_ : end_ - kInputAhead + 1;
  const std::uint8_t* const limit = out_.data() + full;
  std::uint32_t entry = at.look_up_length();
  auto outcome = Cursor::Outcome::kGoOn;
  do {
    outcome = at.step(entry);
  } while (outcome == Cursor::Outcome::kGoOn && at.next < unsafe && at.out < limit);
  bits_ = at.bits;
  bit_count_ = at.bit_count;
  next_ = at.next;
  stop(outcome == Cursor::Outcome::kDamaged);
  if (state_ == State::kCut) return;
  const auto written = static_cast<std::size_t>(at.out - out_.data());
  waste_ -= std::min(waste_, written - written_);
  written_ = written;
  if (outcome == Cursor::Outcome::kEndOfBlock) leave_block();
}

// RFC 1950, 2.2: the checksum, its highest byte first.
void Inflater::read_trailer() {
  take_bits(bit_count_ & 7);
  refill();
  std::uint32_t checksum = 0;
  for (int i = 0; i < 4; ++i) checksum = checksum << 8 | take_bits(8);
  sum();
  state_ = State::kEnded;
  if (checksum != adler_.value()) state_ = State::kDamaged;
  if (is_overrun()) state_ = State::kCut;
}

}  // namespace netocr::png
