// Validates UTF-8 by Unicode 15 table 3-7 and parses numbers by RFC 8259 section 6.
#include "text/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace netocr {
namespace {

constexpr std::string_view kIdeographicSpace = "\u3000";
constexpr std::size_t kMaxNumberLength = 64;

struct Utf8Class {
  std::size_t length;  // length of the whole sequence, 0: no lead byte
  std::uint8_t low;    // bounds of the second byte
  std::uint8_t high;
};

// The second byte's bounds exclude overlong forms, surrogates and values above U+10FFFF.
constexpr Utf8Class class_of(std::uint8_t lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xc2) return {0, 0, 0};
  if (lead < 0xe0) return {2, 0x80, 0xbf};
  if (lead == 0xe0) return {3, 0xa0, 0xbf};
  if (lead == 0xed) return {3, 0x80, 0x9f};
  if (lead < 0xf0) return {3, 0x80, 0xbf};
  if (lead == 0xf0) return {4, 0x90, 0xbf};
  if (lead < 0xf4) return {4, 0x80, 0xbf};
  if (lead == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

bool sequence_valid(std::string_view text, std::size_t at, const Utf8Class& expected) {
  if (expected.length == 0 || text.size() - at < expected.length) return false;
  for (std::size_t i = 1; i < expected.length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[at + i]);
    const std::uint8_t low = i == 1 ? expected.low : std::uint8_t{0x80};
    const std::uint8_t high = i == 1 ? expected.high : std::uint8_t{0xbf};
    if (byte < low || byte > high) return false;
  }
  return true;
}

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (at + count < text.size() && is_digit(text[at + count])) ++count;
  return count;
}

bool is_json_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

}  // namespace

std::size_t utf8_valid_length(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Class expected = class_of(static_cast<std::uint8_t>(text[at]));
    if (!sequence_valid(text, at, expected)) break;
    at += expected.length;
  }
  return at;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

std::string_view trim(std::string_view text) {
  for (;;) {
    if (!text.empty() && is_ascii_space(text.front())) {
      text.remove_prefix(1);
    } else if (!text.empty() && is_ascii_space(text.back())) {
      text.remove_suffix(1);
    } else if (text.starts_with(kIdeographicSpace)) {
      text.remove_prefix(kIdeographicSpace.size());
    } else if (text.ends_with(kIdeographicSpace)) {
      text.remove_suffix(kIdeographicSpace.size());
    } else {
      return text;
    }
  }
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<double> parse_decimal(std::string_view text) {
  if (text.size() > kMaxNumberLength || !is_json_number(text)) return std::nullopt;
  double value = 0;
#if defined(__cpp_lib_to_chars)
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
#else
  // libc++ 19 has no from_chars for double; musl's strtod ignores the locale.
  std::array<char, kMaxNumberLength + 1> terminated{};
  std::memcpy(terminated.data(), text.data(), text.size());
  value = std::strtod(terminated.data(), nullptr);
#endif
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace netocr
