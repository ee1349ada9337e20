// One step decodes up to six literals or a match. It needs three refills of a 64-bit bit buffer, tables that
// contain literals in pairs, and match copies of 16 bytes at a time.
#include "image/png/inflate_kernel.hpp"

#include <array>
#include <cstring>

#include "base/simd.hpp"

namespace netocr::png {
namespace {

// A step reads 8 bytes at three places, the last at most 14 bytes behind the first.
static_assert(InflateInput::kAhead >= 14 + 8);

void copy_vector(std::uint8_t* to, const std::uint8_t* from) { std::memcpy(to, from, 16); }

// Indices that repeat the last `distance` < 16 bytes to a whole vector.
constexpr auto kSpread = [] {
  std::array<std::array<std::uint8_t, 16>, 16> table{};
  for (std::size_t distance = 1; distance < 16; ++distance) {
    for (std::size_t i = 0; i < 16; ++i) table[distance][i] = static_cast<std::uint8_t>(i % distance);
  }
  return table;
}();
// The advance after such a vector: the whole repetitions in it.
constexpr auto kSpreadStep = [] {
  std::array<std::uint8_t, 16> steps{};
  for (std::size_t distance = 1; distance < 16; ++distance)
    steps[distance] = static_cast<std::uint8_t>(16 / distance * distance);
  return steps;
}();

void spread(const std::uint8_t* out, std::size_t distance, std::uint8_t* pattern) {
  simd::store(pattern, simd::swizzle(simd::load(out - distance), simd::load(kSpread[distance].data())));
}

// Writes whole vectors, up to 15 bytes beyond the match. Returns the match's end.
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

using Outcome = DecodedSymbols::Outcome;

// The working state of decode_symbols(), kept in registers.
struct Cursor {
  InflateBits bits;
  std::uint8_t* out;
  const std::uint8_t* begin;  // first byte that a match may refer to
  const InflateTables& tables;

  InflateEntry look_up_length() const {
    return tables.lengths[bits.ahead & ((1U << InflateTables::kLengthBits) - 1)];
  }
  void put_literals(InflateEntry entry) {
    const auto pair = static_cast<std::uint16_t>(entry.value());
    std::memcpy(out, &pair, sizeof pair);
    out += entry.literal_count();
  }
  // Returns the entry behind a link, whose own bits were consumed.
  InflateEntry follow(const InflateEntry* table, InflateEntry link) const {
    return table[link.value() + (bits.ahead & ((1U << link.code_bits()) - 1))];
  }

  // Decodes from `entry`, the entry of the next bits: a match or the end of a block, possibly after up to two
  // entries of literals, or three entries of literals. `entry` is then the following one. 56 bits are
  // available before and after: the longest path needs 2 * 11 for literals and 15 + 5 for a length; 15 + 13
  // for a distance after a refill.
  [[gnu::always_inline]] Outcome step(InflateEntry& entry) {
    std::uint64_t before = bits.ahead;
    bits.skip(entry.bits());
    for (int i = 0; entry.has_any(InflateEntry::kLiterals); ++i) {
      put_literals(entry);
      if (i == 2) return go_on(entry);
      entry = look_up_length();
      before = bits.ahead;
      bits.skip(entry.bits());
    }
    if (entry.has_any(InflateEntry::kInvalid)) {
      if (entry.has_any(InflateEntry::kEndOfBlock)) {
        return entry.has_any(InflateEntry::kLink) ? Outcome::kDamaged : Outcome::kEndOfBlock;
      }
      entry = follow(tables.lengths, entry);
      before = bits.ahead;
      bits.skip(entry.bits());
      if (entry.has_any(InflateEntry::kLiterals)) {
        put_literals(entry);
        return go_on(entry);
      }
      if (entry.has_any(InflateEntry::kEndOfBlock)) return Outcome::kEndOfBlock;
    }
    return match(entry.whole_value(before), entry);
  }

  [[gnu::always_inline]] Outcome go_on(InflateEntry& entry) {
    bits.refill();
    entry = look_up_length();
    return Outcome::kGoOn;
  }

  [[gnu::always_inline]] Outcome match(std::size_t length, InflateEntry& entry) {
    bits.refill();
    entry = tables.distances[bits.ahead & ((1U << InflateTables::kDistanceBits) - 1)];
    if (entry.has_any(InflateEntry::kLink)) {
      bits.skip(entry.bits());
      if (entry.has_any(InflateEntry::kEndOfBlock)) return Outcome::kDamaged;
      entry = follow(tables.distances, entry);
    }
    const std::size_t distance = entry.whole_value(bits.ahead);
    bits.skip(entry.bits());
    if (distance > static_cast<std::size_t>(out - begin)) return Outcome::kDamaged;
    const Outcome outcome = go_on(entry);  // the lookup overlaps with the copy
    out = copy_match(out, distance, length);
    return outcome;
  }
};

}  // namespace

DecodedSymbols decode_symbols(InflateInput& input, const InflateTables& tables, MutableBytes out,
                              std::size_t written, std::size_t limit) {
  Cursor at{input.bits(), out.data() + written, out.data(), tables};
  const std::uint8_t* const ahead_end = input.ahead_end();
  const std::uint8_t* const out_end = out.data() + limit;
  InflateEntry entry = at.look_up_length();
  auto outcome = Outcome::kGoOn;
  do {
    outcome = at.step(entry);
  } while (outcome == Outcome::kGoOn && at.bits.next < ahead_end && at.out < out_end);
  input.set_bits(at.bits);
  return {outcome, static_cast<std::size_t>(at.out - out.data())};
}

}  // namespace netocr::png
