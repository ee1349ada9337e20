// Form encoding. A block of 16 base64 characters has no + or / three times in five (random input) and is
// stored as it is; otherwise each group of four characters is spread by one table row of 16 bytes.
#include "text/form.hpp"

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

// How many of the four six-bit values are 62 or 63.
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
  // The values that padding replaces are zero and so never counted; each = takes three characters.
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

#if NETOCR_SEXTET_SIMD

// How four characters spread to 4..12 bytes, one row for each set of characters to escape (bit i: character
// i): `from` picks characters (0x80: none), `literal` adds the %2 in front of the B or F that stands for + or
// /.
struct Spread {
  alignas(16) std::array<std::uint8_t, 16> from;
  alignas(16) std::array<std::uint8_t, 16> literal;
};

constexpr std::array<Spread, 16> make_spreads() {
  std::array<Spread, 16> spreads{};
  for (unsigned escaped = 0; escaped < 16; ++escaped) {
    spreads[escaped].from.fill(0x80);
    std::size_t at = 0;
    for (std::uint8_t i = 0; i < 4; ++i) {
      if ((escaped >> i & 1) != 0) {
        spreads[escaped].literal[at++] = '%';
        spreads[escaped].literal[at++] = '2';
      }
      spreads[escaped].from[at++] = i;
    }
  }
  return spreads;
}

constexpr std::array<Spread, 16> kSpreads = make_spreads();
static_assert('+' == 0x2B && '/' == 0x2F);

// Writes one block whose characters in `escaped` are B or F; up to 48 bytes, and up to 16 bytes past the last
// group.
NETOCR_SIMD_FUNCTION static std::uint8_t* put_spread(std::uint8_t* to, Lanes8 characters, unsigned escaped) {
  for (signed char group = 0; group < 16; group = static_cast<signed char>(group + 4), escaped >>= 4) {
    const Spread& spread = kSpreads[escaped & 15];
    // 0x80 + group keeps its top bit, so "none" stays none.
    const Lanes8 from = load_block(spread.from.data()) + group;
    store_block(to, swizzle(characters, from) | load_block(spread.literal.data()));
    to += 4 + 2 * std::popcount(escaped & 15);
  }
  return to;
}

NETOCR_SIMD_FUNCTION std::uint64_t form_base64_length_simd(Bytes bytes) {
  std::uint64_t length = 0;
  std::size_t from = 0;
  for (; bytes.size() - from >= kBlockLoad; from += kBlockBytes) {
    const unsigned escaped = top_bits(last_two(sextets(load_block(bytes.data() + from))));
    length += kBlockChars + std::size_t{2} * static_cast<unsigned>(std::popcount(escaped));
  }
  return length + form_base64_length_scalar(bytes.subspan(from));
}

NETOCR_SIMD_FUNCTION std::size_t form_base64_encode_simd(Bytes bytes, MutableBytes out) {
  constexpr std::size_t kMostWritten = 3 * kBlockChars + 16;
  const Lanes8 distances = distance_table('B', 'F');
  std::uint8_t* to = out.data();
  const std::uint8_t* const end = out.data() + out.size();
  std::size_t from = 0;
  while (bytes.size() - from >= kBlockLoad && static_cast<std::size_t>(end - to) >= kMostWritten) {
    const Lanes8 values = sextets(load_block(bytes.data() + from));
    const Lanes8 block = characters(values, distances);
    const unsigned escaped = top_bits(last_two(values));
    if (escaped == 0) {
      store_block(to, block);
      to += kBlockChars;
    } else {
      to = put_spread(to, block, escaped);
    }
    from += kBlockBytes;
  }
  const auto written = static_cast<std::size_t>(to - out.data());
  return written + form_base64_encode_scalar(bytes.subspan(from), out.subspan(written));
}

#else
std::uint64_t form_base64_length_simd(Bytes bytes) { return form_base64_length_scalar(bytes); }
std::size_t form_base64_encode_simd(Bytes bytes, MutableBytes out) {
  return form_base64_encode_scalar(bytes, out);
}
#endif

}  // namespace detail

std::uint64_t form_base64_length(Bytes bytes) {
  return detail::sextet_simd_available() ? detail::form_base64_length_simd(bytes)
                                         : detail::form_base64_length_scalar(bytes);
}

std::size_t form_base64_encode(Bytes bytes, MutableBytes out) {
  return detail::sextet_simd_available() ? detail::form_base64_encode_simd(bytes, out)
                                         : detail::form_base64_encode_scalar(bytes, out);
}

}  // namespace netocr
