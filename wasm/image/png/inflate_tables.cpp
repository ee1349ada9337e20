// Builds the tables. Codes are entered in their order (RFC 1951, 3.2.2), so that a table of few bits is
// complete before it is doubled for the next longer codes.
#include "image/png/inflate_tables.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace netocr::png {
namespace {

constexpr unsigned kMaxCodeBits = 15;

// The bases and extra bits of RFC 1951, 3.2.5.
constexpr std::uint16_t kLengthBase[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::uint8_t kLengthExtra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static_assert(std::size(kLengthBase) == kMaxLengthCodes - 257 &&
              std::size(kLengthExtra) == kMaxLengthCodes - 257);

InflateEntry length_entry(std::size_t symbol, unsigned code_bits) {
  const auto value = static_cast<std::uint32_t>(symbol);
  if (value < kEndSymbol) return InflateEntry::of(value, code_bits, 0, InflateEntry::kOneLiteral);
  if (value == kEndSymbol) return InflateEntry::of(0, code_bits, 0, InflateEntry::kEndOfBlock);
  if (symbol >= kMaxLengthCodes) return InflateEntry::of(0, code_bits, 0, InflateEntry::kInvalid);
  return InflateEntry::of(kLengthBase[symbol - 257], code_bits, kLengthExtra[symbol - 257]);
}

InflateEntry distance_entry(std::size_t symbol, unsigned code_bits) {
  if (symbol >= kMaxDistanceCodes) return InflateEntry::of(0, code_bits, 0, InflateEntry::kInvalid);
  const auto code = static_cast<std::uint32_t>(symbol);
  if (code < 4) return InflateEntry::of(code + 1, code_bits, 0);
  const unsigned extra = code / 2 - 1;
  return InflateEntry::of(((2 + code % 2) << extra) + 1, code_bits, extra);
}

InflateEntry plain_entry(std::size_t symbol, unsigned code_bits) {
  return InflateEntry::of(static_cast<std::uint32_t>(symbol), code_bits, 0);
}

// Returns the code of `bits` bits after this one. Codes start with their highest bit and the stream with its
// lowest, so codes are stored bit-reversed: the increment starts at the top. The last code has no successor.
std::uint32_t next_code(std::uint32_t code, unsigned bits) {
  const std::uint32_t top = std::bit_floor(~code & ((1U << bits) - 1));
  return (code & (top - 1)) | top;
}

// The symbols of a code in the order of its codes (RFC 1951, 3.2.2).
class CodeOrder {
 public:
  // Returns false as make_inflate_tables() does; without `may_be_short` also for a single code.
  bool sort(std::span<const std::uint8_t> lengths, bool may_be_short) {
    const std::int32_t unused = count(lengths);
    if (unused < 0) return false;
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] != 0) symbols_[ends_[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
    }
    return unused == 0 || size() == 0 || (may_be_short && size() == counts_[1]);
  }

  std::size_t size() const { return ends_[kMaxCodeBits]; }
  // Returns the index behind the last code of this length.
  std::size_t end(unsigned bits) const { return ends_[bits]; }
  std::size_t symbol(std::size_t index) const { return symbols_[index]; }
  std::int32_t count(unsigned bits) const { return counts_[bits]; }

 private:
  // Sets the counts, and where the codes of each length begin. Returns the number of codes of the longest
  // length that could be added; it is negative when there are too many codes.
  std::int32_t count(std::span<const std::uint8_t> lengths) {
    for (const std::uint8_t bits : lengths) ++counts_[bits];
    counts_[0] = 0;
    std::int32_t unused = 1;
    for (unsigned bits = 1; bits <= kMaxCodeBits; ++bits) {
      unused = 2 * unused - counts_[bits];
      if (unused < 0) return unused;
      ends_[bits] = static_cast<std::uint16_t>(ends_[bits - 1] + counts_[bits - 1]);
    }
    return unused;
  }

  std::array<std::uint16_t, kMaxCodeBits + 1> counts_{};
  std::array<std::uint16_t, kMaxCodeBits + 1> ends_{};
  std::array<std::uint16_t, kFixedLengthCodes> symbols_{};
};

// Fills a table whose first 2^table_bits entries are indexed by as many bits; longer codes are in subtables.
class TableMaker {
 public:
  TableMaker(std::span<InflateEntry> table, unsigned table_bits) : table_(table), table_bits_(table_bits) {}

  template <typename MakeEntry>
  bool make(std::span<const std::uint8_t> lengths, bool may_be_short, MakeEntry make_entry) {
    if (!order_.sort(lengths, may_be_short)) return false;
    start(order_.size() == 0 ? 0 : lengths[order_.symbol(0)]);
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
  void start(unsigned shortest) {
    used_ = std::size_t{1} << table_bits_;
    filled_bits_ = std::min(shortest, table_bits_);
    std::fill_n(table_.begin(), std::size_t{1} << filled_bits_, InflateEntry::no_code());
  }

  // Doubles the entries for every additional bit, as a short code is followed by any bits.
  void grow_to(unsigned bits) {
    for (; filled_bits_ < bits; ++filled_bits_)
      std::copy_n(table_.begin(), std::size_t{1} << filled_bits_, table_.begin() + (1 << filled_bits_));
  }

  // Sets every entry of the last subtable whose index begins with `pattern`.
  void fill_subtable(std::uint32_t pattern, unsigned bits, InflateEntry entry) {
    for (std::size_t i = pattern; i < std::size_t{1} << sub_bits_; i += std::size_t{1} << bits) {
      table_[sub_start_ + i] = entry;
    }
  }

  // Codes of one prefix are consecutive: a new prefix opens a new subtable. Returns false when there is no
  // room for it, which does not happen with a complete code.
  bool enter_subtable(std::uint32_t prefix, std::size_t first, unsigned bits) {
    if (prefix == sub_prefix_) return true;
    sub_prefix_ = prefix;
    sub_start_ = used_;
    sub_bits_ = subtable_bits(first, bits);
    used_ += std::size_t{1} << sub_bits_;
    if (used_ > table_.size()) return false;
    std::fill_n(table_.begin() + static_cast<std::ptrdiff_t>(sub_start_), std::size_t{1} << sub_bits_,
                InflateEntry::no_code());
    table_[prefix] = {InflateEntry::kLink | static_cast<std::uint32_t>(sub_start_) << 16 | sub_bits_ << 8 |
                      table_bits_};
    return true;
  }

  // Returns the index bits that the longest code with the same prefix needs; the code at index `first` has
  // `bits`.
  unsigned subtable_bits(std::size_t first, unsigned bits) const {
    unsigned sub_bits = bits - table_bits_;
    auto room = static_cast<std::int32_t>(std::size_t{1} << sub_bits) -
                static_cast<std::int32_t>(order_.end(bits) - first);
    while (room > 0 && table_bits_ + sub_bits < kMaxCodeBits) {
      ++sub_bits;
      room = 2 * room - order_.count(table_bits_ + sub_bits);
    }
    return sub_bits;
  }

  std::span<InflateEntry> table_;
  unsigned table_bits_;
  CodeOrder order_;
  unsigned filled_bits_ = 0;  // index bits of the filled entries
  std::size_t used_ = 0;
  std::uint32_t sub_prefix_ = 0xFFFFFFFFU;
  std::size_t sub_start_ = 0;
  unsigned sub_bits_ = 0;
};

// Combines the entries of two literals whose codes both fit into the index bits. The loop has no branches,
// because they would be unpredictable.
void pair_literals(std::span<InflateEntry> table) {
  constexpr unsigned kBits = InflateTables::kLengthBits;
  // The order is descending: an entry is combined from two that are not after it.
  for (std::size_t i = std::size_t{1} << kBits; i-- > 0;) {
    const InflateEntry first = table[i];
    const InflateEntry second = table[i >> first.bits()];
    const unsigned bits = first.bits() + second.bits();
    const InflateEntry pair{InflateEntry::kTwoLiterals | second.value() << 24 | first.value() << 16 | bits};
    const std::uint32_t others =
        ((first.word ^ InflateEntry::kOneLiteral) | (second.word ^ InflateEntry::kOneLiteral)) &
        InflateEntry::kLiterals;
    table[i] = (others | (bits > kBits ? 1U : 0U)) == 0 ? pair : first;
  }
}

}  // namespace

bool make_inflate_tables(std::span<const std::uint8_t> lengths, std::size_t length_count,
                         InflateTables& tables) {
  TableMaker of_lengths(tables.lengths, InflateTables::kLengthBits);
  TableMaker of_distances(tables.distances, InflateTables::kDistanceBits);
  if (!of_lengths.make(lengths.first(length_count), true, length_entry) ||
      !of_distances.make(lengths.subspan(length_count), true, distance_entry)) {
    return false;
  }
  pair_literals(tables.lengths);
  return true;
}

bool make_code_length_table(std::span<const std::uint8_t, kCodeLengthCodes> lengths,
                            std::span<InflateEntry, 1U << kCodeLengthBits> table) {
  return TableMaker(table, kCodeLengthBits).make(lengths, false, plain_entry);
}

}  // namespace netocr::png
