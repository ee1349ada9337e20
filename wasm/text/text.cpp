// UTF-8 after Unicode 15 table 3-7, numbers after RFC 8259 section 6.
#include "text/text.hpp"

#include <algorithm>
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
constexpr std::int64_t kManyDigits = 1'000'000'000'000;  // more than a text has characters
// 2^1024 - 2^970, from which on a number rounds to infinity, begins with these digits and has 309.
constexpr std::string_view kFirstInfinite = "1797693134862315807";
constexpr std::int64_t kLargestExponent = 308;

struct Utf8Class {
  std::size_t length;  // of the whole sequence, 0: no lead byte
  std::uint8_t low;    // bounds of the second byte
  std::uint8_t high;
};

// The second byte's bounds keep out overlong forms, surrogates and values above U+10FFFF.
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

// Length of the exponent at `at`, 0 when there is none.
std::size_t exponent_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] != 'e' && text[at] != 'E')) return 0;
  const bool is_signed = at + 1 < text.size() && (text[at + 1] == '+' || text[at + 1] == '-');
  const std::size_t mark = is_signed ? 2 : 1;
  const std::size_t digits = digits_at(text, at + mark);
  return digits == 0 ? 0 : mark + digits;
}

// What the digits after e or E say; of more than any reply could weigh up only the sign counts.
std::int64_t exponent_of(std::string_view number) {
  const std::size_t mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return 0;
  std::int64_t value = 0;
  for (const char c : number.substr(mark + 1)) {
    if (is_digit(c) && value < kManyDigits) value = value * 10 + (c - '0');
  }
  return number[mark + 1] == '-' ? -value : value;
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

std::size_t json_number_length(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  if (digits_at(text, at) == 0) return 0;
  at += text[at] == '0' ? 1 : digits_at(text, at);
  if (at < text.size() && text[at] == '.' && digits_at(text, at + 1) > 0) at += 1 + digits_at(text, at + 1);
  return at + exponent_length(text, at);
}

bool is_in_double_range(std::string_view number) {
  const std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const auto at = static_cast<std::int64_t>(first);
  // Of the first digit that is not 0.
  const std::int64_t exponent = exponent_of(number) + (at < point ? point - at - 1 : point - at);
  if (exponent != kLargestExponent) return exponent < kLargestExponent;
  std::array<char, kFirstInfinite.size()> digits;
  digits.fill('0');
  std::size_t count = 0;
  for (const char c : mantissa.substr(first)) {
    if (is_digit(c) && count < digits.size()) digits[count++] = c;
  }
  return std::string_view(digits.data(), digits.size()) < kFirstInfinite;
}

std::optional<double> parse_decimal(std::string_view text) {
  if (text.size() > kMaxNumberLength || json_number_length(text) != text.size() || text.empty())
    return std::nullopt;
  double value = 0;
#if defined(__cpp_lib_to_chars)
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
#else
  // libc++ 19 has no from_chars for double; musl's strtod knows no locale.
  std::array<char, kMaxNumberLength + 1> terminated{};
  std::memcpy(terminated.data(), text.data(), text.size());
  value = std::strtod(terminated.data(), nullptr);
#endif
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace netocr
