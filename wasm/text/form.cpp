// Implements form encoding. One table row of 16 bytes spreads each group of eight base64 characters, whether
// one of them is escaped or not: one group in five has an escape (random input), which is unpredictable.
#include "text/form.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

#include "text/sextets.hpp"

namespace netocr {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";

constexpr bool stays(std::uint8_t byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         byte == '*' || byte == '-' || byte == '.' || byte == '_';
}

std::uint8_t* put_percent(std::uint8_t* to, std::uint8_t byte) {
  to[0] = '%';
  to[1] = static_cast<std::uint8_t>(kHex[byte >> 4]);
  to[2] = static_cast<std::uint8_t>(kHex[byte & 15]);
  return to + 3;
}

std::uint8_t* put_value(std::uint8_t* to, std::uint32_t value) {
  const std::uint8_t character = static_cast<std::uint8_t>(detail::kBase64Alphabet[value & 63]);
  if ((value & 63) >= 62) return put_percent(to, character);
  *to = character;
  return to + 1;
}

std::uint32_t triple_bits(Bytes bytes) {
  return static_cast<std::uint32_t>(bytes[0] << 16 | (bytes.size() > 1 ? bytes[1] << 8 : 0) |
                                    (bytes.size() > 2 ? bytes[2] : 0));
}

// Returns how many of the four six-bit values are 62 or 63.
std::uint64_t escaped_values(std::uint32_t bits) {
  std::uint64_t count = 0;
  for (int shift = 0; shift < 24; shift += 6) count += (bits >> shift & 63) >= 62;
  return count;
}

}  // namespace

std::uint64_t form_text_length(std::string_view text) {
  std::uint64_t length = 0;
  for (const char c : text) length += stays(static_cast<std::uint8_t>(c)) || c == ' ' ? 1U : 3U;
  return length;
}

std::size_t form_text_encode(std::string_view text, MutableBytes out) {
  assert(out.size() >= form_text_length(text));
  std::uint8_t* to = out.data();
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (stays(byte)) {
      *to++ = byte;
    } else if (byte == ' ') {
      *to++ = '+';
    } else {
      to = put_percent(to, byte);
    }
  }
  return static_cast<std::size_t>(to - out.data());
}

namespace detail {

std::uint64_t form_base64_length_scalar(Bytes bytes) {
  std::uint64_t length = 0;
  for (; bytes.size() >= 3; bytes = bytes.subspan(3)) length += 4 + 2 * escaped_values(triple_bits(bytes));
  if (bytes.empty()) return length;
  // The values under the padding are zero and so never counted; each = takes three characters.
  return length + 4 + 2 * escaped_values(triple_bits(bytes)) + 2 * (3 - bytes.size());
}

std::size_t form_base64_encode_scalar(Bytes bytes, MutableBytes out) {
  assert(out.size() >= form_base64_length_scalar(bytes));
  std::uint8_t* to = out.data();
  for (; bytes.size() >= 3; bytes = bytes.subspan(3)) {
    const std::uint32_t bits = triple_bits(bytes);
    for (int shift = 18; shift >= 0; shift -= 6) to = put_value(to, bits >> shift);
  }
  if (!bytes.empty()) {
    const std::uint32_t bits = triple_bits(bytes);
    to = put_value(put_value(to, bits >> 18), bits >> 12);
    to = bytes.size() == 2 ? put_value(to, bits >> 6) : put_percent(to, '=');
    to = put_percent(to, '=');
  }
  return static_cast<std::size_t>(to - out.data());
}

constexpr unsigned kGroup = 8;        // number of characters that one row spreads
constexpr int kMaxEscaped = 4;        // max number of escapes in a group, which make 16 bytes
constexpr std::uint8_t kPercent = 8;  // index of the constant behind the group's characters
constexpr std::uint8_t kTwo = 9;

// The spreading of eight characters to 8..16 bytes, one row for each set of escaped characters (bit i:
// character i). A row contains indices of characters, and of the %2 in front of the B or F that replaces + or
// /.
constexpr auto kSpreads = [] {
  std::array<std::array<std::uint8_t, 16>, 256> rows{};
  for (unsigned escaped = 0; escaped < rows.size(); ++escaped) {
    if (std::popcount(escaped) > kMaxEscaped) continue;
    std::size_t at = 0;
    for (std::uint8_t i = 0; i < kGroup; ++i) {
      if ((escaped >> i & 1) != 0) {
        rows[escaped][at++] = kPercent;
        rows[escaped][at++] = kTwo;
      }
      rows[escaped][at++] = i;
    }
  }
  return rows;
}();
static_assert('+' == 0x2B && '/' == 0x2F);

// Writes the characters one by one: more than four of eight are escaped in one group of 40,000 of random
// input.
__attribute__((noinline)) static std::uint8_t* put_many(std::uint8_t* to, const std::uint8_t* group,
                                                        unsigned escaped) {
  for (unsigned i = 0; i < kGroup; ++i, escaped >>= 1) {
    if ((escaped & 1) != 0) {
      *to++ = '%';
      *to++ = '2';
    }
    *to++ = group[i];
  }
  return to;
}

// Spreads eight characters, behind which the constants of kPercent and kTwo follow; those in `escaped` are B
// or F. It writes 16 bytes, of which only the first ones are valid.
static inline void put_group(std::uint8_t* to, Lanes8 group, unsigned escaped) {
  store_block(to, swizzle(group, load_block(kSpreads[escaped].data())));
}

// Spreads two such groups; writes up to 48 bytes.
static inline std::uint8_t* put_groups(std::uint8_t* to, Lanes8 first, Lanes8 second, unsigned escaped) {
  const unsigned of_first = escaped & 255;
  const unsigned of_second = escaped >> 8;
  const int in_first = std::popcount(of_first);
  const int in_second = std::popcount(of_second);
  if ((in_first > kMaxEscaped) | (in_second > kMaxEscaped)) [[unlikely]] {
    std::uint8_t characters[2][16];
    store_block(characters[0], first);
    store_block(characters[1], second);
    return put_many(put_many(to, characters[0], of_first), characters[1], of_second);
  }
  put_group(to, first, of_first);
  put_group(to + kGroup + 2 * in_first, second, of_second);
  return to + 2 * kGroup + 2 * (in_first + in_second);
}

}  // namespace detail

std::uint64_t form_base64_length(Bytes bytes) {
  using namespace detail;
  constexpr std::size_t kMaxBlocks = 255;  // max count of an 8-bit lane
  std::uint64_t length = 0;
  std::size_t from = 0;
  while (bytes.size() - from >= kBlockLoad) {
    const std::size_t blocks = std::min((bytes.size() - from - kBlockLoad) / kBlockBytes + 1, kMaxBlocks);
    Lanes8 counts{};
    for (std::size_t i = 0; i < blocks; ++i, from += kBlockBytes)
      counts -= last_two(sextets(load_block(bytes.data() + from)));  // all ones are -1
    length += blocks * kBlockChars + 2 * sum_of_lanes(counts);
  }
  return length + form_base64_length_scalar(bytes.subspan(from));
}

std::size_t form_base64_encode(Bytes bytes, MutableBytes out) {
  using namespace detail;
  constexpr std::size_t kMaxWritten = 3 * kBlockChars;
  const Lanes8 distances = distance_table('B', 'F');
  const Lanes8 constants = {0, 0, 0, 0, 0, 0, 0, 0, '%', '2'};
  std::uint8_t* to = out.data();
  const std::uint8_t* const end = out.data() + out.size();
  std::size_t from = 0;
  while (bytes.size() - from >= kBlockLoad && static_cast<std::size_t>(end - to) >= kMaxWritten) {
    const Lanes8 values = sextets(load_block(bytes.data() + from));
    const Lanes8 block = characters(values, distances);
    const unsigned escaped = top_bits(last_two(values));
    const Lanes8 first =
        __builtin_shufflevector(block, constants, 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31);
    const Lanes8 second = __builtin_shufflevector(block, constants, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26,
                                                  27, 28, 29, 30, 31);
    to = put_groups(to, first, second, escaped);
    from += kBlockBytes;
  }
  const auto written = static_cast<std::size_t>(to - out.data());
  return written + form_base64_encode_scalar(bytes.subspan(from), out.subspan(written));
}

}  // namespace netocr
