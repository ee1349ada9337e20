// Implements base64 by RFC 4648 section 4. The SIMD loop stops where a 16-byte load would leave the input;
// the scalar version writes the rest.
#include "text/base64.hpp"

#include <array>
#include <cassert>

#include "text/sextets.hpp"

namespace netocr {
namespace {

constexpr std::uint8_t kNoValue = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoValue);
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<std::uint8_t>(detail::kBase64Alphabet[i])] = i;
  return values;
}

constexpr std::array<std::uint8_t, 256> kValues = make_values();
static_assert(kValues['A'] == 0 && kValues['/'] == 63 && kValues['='] == kNoValue);

std::uint8_t character(std::uint32_t value) {
  return static_cast<std::uint8_t>(detail::kBase64Alphabet[value & 63]);
}

void encode_triple(const std::uint8_t* from, std::uint8_t* to) {
  const std::uint32_t bits = static_cast<std::uint32_t>(from[0] << 16 | from[1] << 8 | from[2]);
  to[0] = character(bits >> 18);
  to[1] = character(bits >> 12);
  to[2] = character(bits >> 6);
  to[3] = character(bits);
}

// Encodes the last one or two bytes with padding.
void encode_tail(Bytes tail, std::uint8_t* to) {
  const std::uint8_t bytes[3] = {tail[0], tail.size() > 1 ? tail[1] : std::uint8_t{0}, 0};
  encode_triple(bytes, to);
  to[3] = '=';
  if (tail.size() == 1) to[2] = '=';
}

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("==")) return 2;
  return text.ends_with('=') ? 1 : 0;
}

Error wrong_at(std::size_t position, const char* detail) {
  return Error{ErrorCode::kInvalidArgument, position, detail};
}

// Decodes `count` (2 to 4) characters at `at` to count - 1 bytes.
Result<std::size_t> decode_quad(std::string_view text, std::size_t at, std::size_t count, MutableBytes out) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint8_t value = i < count ? kValues[static_cast<std::uint8_t>(text[at + i])] : std::uint8_t{0};
    if (value == kNoValue) return wrong_at(at + i, "not a base64 character");
    bits = bits << 6 | value;
  }
  const std::uint32_t unused = count == 2 ? 0xffff : count == 3 ? 0xff : 0;
  if ((bits & unused) != 0) return wrong_at(at + count - 1, "unused base64 bits are not zero");
  for (std::size_t i = 0; i + 1 < count; ++i) out[i] = static_cast<std::uint8_t>(bits >> (16 - 8 * i));
  return count - 1;
}

}  // namespace

namespace detail {

std::size_t base64_encode_scalar(Bytes bytes, MutableBytes out) {
  assert(out.size() >= base64_length_from_binary(bytes.size()));
  std::uint8_t* to = out.data();
  for (; bytes.size() >= 3; bytes = bytes.subspan(3), to += 4) encode_triple(bytes.data(), to);
  if (!bytes.empty()) {
    encode_tail(bytes, to);
    to += 4;
  }
  return static_cast<std::size_t>(to - out.data());
}

}  // namespace detail

std::size_t base64_encode(Bytes bytes, MutableBytes out) {
  assert(out.size() >= base64_length_from_binary(bytes.size()));
  using namespace detail;
  const Lanes8 distances = distance_table('+', '/');
  std::size_t from = 0;
  std::size_t to = 0;
  for (; bytes.size() - from >= kBlockLoad; from += kBlockBytes, to += kBlockChars) {
    store_block(out.data() + to, characters(sextets(load_block(bytes.data() + from)), distances));
  }
  return to + base64_encode_scalar(bytes.subspan(from), out.subspan(to));
}

Result<std::size_t> base64_decode(std::string_view text, MutableBytes out) {
  assert(out.size() >= max_binary_length_from_base64(text.size()));
  if (text.size() % 4 != 0) return wrong_at(text.size(), "base64 length is not a multiple of four");
  const std::size_t end = text.size() - padding_of(text);
  std::size_t written = 0;
  for (std::size_t at = 0; at < end; at += 4) {
    NETOCR_ASSIGN(const std::size_t made,
                  decode_quad(text, at, end - at < 4 ? end - at : 4, out.subspan(written)));
    written += made;
  }
  return written;
}

}  // namespace netocr
