// Converts the code lengths of one deflate block (RFC 1951, 3.2.2 to 3.2.6) to decoding tables, which the
// kernel indexes by the next bits of the stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace netocr::png {

// The meaning of the bits of one lookup, and how many of them it consumes. The word is one of
//   literals            one or two, at bits 16 and 24; their number is at bits 12..13
//   length or distance  its base is at bits 16.., the size of the code without extra bits at 8..11
//   link                the index of the subtable is at bits 16.., the size of its index at 8..11
//   end of block, or no code
// and its lowest byte is the number of consumed bits, including the extra bits.
struct InflateEntry {
  static constexpr std::uint32_t kOneLiteral = 1U << 12;
  static constexpr std::uint32_t kTwoLiterals = 2U << 12;
  static constexpr std::uint32_t kLiterals = 3U << 12;
  static constexpr std::uint32_t kEndOfBlock = 1U << 14;
  static constexpr std::uint32_t kLink = 1U << 15;
  static constexpr std::uint32_t kInvalid = kEndOfBlock | kLink;

  std::uint32_t word;

  static constexpr InflateEntry of(std::uint32_t value, unsigned code_bits, unsigned extra_bits,
                                   std::uint32_t kind = 0) {
    return {kind | value << 16 | code_bits << 8 | (code_bits + extra_bits)};
  }
  // The entry of bits that are no code. It consumes one bit.
  static constexpr InflateEntry no_code() { return of(0, 1, 0, kInvalid); }

  constexpr bool has_any(std::uint32_t kinds) const { return (word & kinds) != 0; }
  constexpr unsigned bits() const { return word & 63; }
  constexpr unsigned code_bits() const { return word >> 8 & 15; }
  constexpr unsigned literal_count() const { return word >> 12 & 3; }
  constexpr std::uint32_t value() const { return word >> 16; }
  // Returns the base plus the extra bits; `bits_ahead` begin with the code.
  constexpr std::uint32_t whole_value(std::uint64_t bits_ahead) const {
    const std::uint64_t own = bits_ahead & ((std::uint64_t{1} << bits()) - 1);
    return value() + static_cast<std::uint32_t>(own >> code_bits());
  }
};

struct InflateTables {
  static constexpr unsigned kLengthBits = 11;
  static constexpr unsigned kDistanceBits = 8;
  // The max number of entries, with subtables, for a complete code of 288 (32) symbols of up to 15 bits.
  static constexpr std::size_t kLengthEntries = 2342;
  static constexpr std::size_t kDistanceEntries = 402;
  InflateEntry lengths[kLengthEntries];  // literals and lengths
  InflateEntry distances[kDistanceEntries];
};

// The max numbers of codes in a block's header. The fixed codes have two more lengths and distances, which
// are invalid.
inline constexpr std::size_t kMaxLengthCodes = 286;
inline constexpr std::size_t kMaxDistanceCodes = 30;
inline constexpr std::size_t kFixedLengthCodes = 288;
inline constexpr std::size_t kFixedDistanceCodes = 32;
inline constexpr std::size_t kEndSymbol = 256;

// Fills the tables of a block. `lengths` are the bits of each code, 0 for an unused one; the first
// `length_count` are those of literals and lengths, the others those of distances. Returns false when the
// codes are oversubscribed or incomplete. As in zlib an empty code is allowed, and a single code of one bit.
[[nodiscard]] bool make_inflate_tables(std::span<const std::uint8_t> lengths, std::size_t length_count,
                                       InflateTables& tables);

// Fills the table of the code lengths' own code in a dynamic block; the value of an entry is the symbol.
// Returns false as above, and for a single code.
inline constexpr unsigned kCodeLengthBits = 7;
inline constexpr std::size_t kCodeLengthCodes = 19;
[[nodiscard]] bool make_code_length_table(std::span<const std::uint8_t, kCodeLengthCodes> lengths,
                                          std::span<InflateEntry, 1U << kCodeLengthBits> table);

}  // namespace netocr::png
