// UTF-8 validity, trimming, decimal numbers.
#include <gtest/gtest.h>

#include <algorithm>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "text/text.hpp"

namespace netocr {
namespace {

std::string utf8_by_formula(std::uint32_t code) {
  std::string out;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 63));
    out += static_cast<char>(0x80 | (code >> 6 & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
  return out;
}

TEST(Utf8Test, EveryScalarValueIsValidAndSurrogatesAreNot) {
  for (std::uint32_t code = 0; code < 0x120000; code += code < 0x11000 ? 1 : 61) {
    const bool scalar = (code < 0xd800 || code > 0xdfff) && code <= 0x10ffff;
    const std::string text = "a" + utf8_by_formula(code) + "b";
    EXPECT_EQ(utf8_valid_length(text), scalar ? text.size() : 1U) << code;
  }
}

TEST(Utf8Test, InvalidSequences) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"\x80", 0},
      {"ab\xff", 2},
      {"\xc0\x80", 0},
      {"\xc1\xbf", 0},
      {"\xe0\x9f\xbf", 0},
      {"\xf0\x8f\xbf\xbf", 0},
      {"\xf4\x90\x80\x80", 0},
      {"\xf5\x80\x80\x80", 0},
      {"\xe4\xba", 0},
      {"是\xe6\x98", 3},
      {"\xc3(", 0},
      {"\xe4(\xba", 0},
      {"\xe4\xba(", 0},
      {"\xf0\x9f\x98(", 0},
      {"\xca\xc7", 0},  // GBK 是
  };
  for (const auto& [text, valid] : cases) EXPECT_EQ(utf8_valid_length(text), valid);
}

TEST(HexDigitTest, AllCharacters) {
  for (int c = 0; c < 256; ++c) {
    const std::size_t lower = std::string_view("0123456789abcdef").find(static_cast<char>(c));
    const std::size_t upper = std::string_view("0123456789ABCDEF").find(static_cast<char>(c));
    const std::size_t found = std::min(lower, upper);
    EXPECT_EQ(hex_digit(static_cast<char>(c)),
              found == std::string_view::npos ? -1 : static_cast<int>(found));
  }
}

TEST(ByteOrderMarkTest, IsRemovedOnceAndOnlyWhole) {
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF{}"), "{}");
  EXPECT_EQ(without_byte_order_mark("\xEF\xBB\xBF\xEF\xBB\xBF"), "\xEF\xBB\xBF");
  for (const std::string_view text : {"", "{}", "\xEF\xBB", "{\xEF\xBB\xBF"})
    EXPECT_EQ(without_byte_order_mark(text), text);
}

TEST(TrimTest, RemovesAsciiAndIdeographicSpaceOnly) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"是", "是"},
      {" 是 ", "是"},
      {"\t\r\n\v\f是", "是"},
      {"　是　", "是"},
      {" 　 是\n　", "是"},
      {"　", ""},
      {"   ", ""},
      {"是 否", "是 否"},
      {"\u00a0是", "\u00a0是"},
      {"\u200b是", "\u200b是"},
      {"是\x80", "是\x80"},
      {"\xe3\x80", "\xe3\x80"},
      {"\x1f", "\x1f"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(trim(text), expected) << text;
}

TEST(DecimalTest, ReadsJsonNumbers) {
  const std::pair<std::string_view, double> cases[] = {
      {"0", 0.0},
      {"100", 100.0},
      {"100.0", 100.0},
      {"0.54066247", 0.54066247},
      {"98.81272440944882", 98.81272440944882},
      {"1.0E-4", 1.0e-4},
      {"5e+1", 50.0},
      {"1e2", 100.0},
      {"-1.5", -1.5},
      {"0.001", 0.001},
      {"9007199254740993", 9007199254740992.0},
      {"1e308", 1e308},
      {"0e999", 0.0},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_decimal(text), value) << text;
}

TEST(DecimalTest, RefusesEverythingElse) {
  const std::string_view cases[] = {
      "",         " 1",    "1 ",    "+1",     ".5",    "5.",   "01",
      "1.",       "1e",    "1e+",   "0x10",   "nan",   "NaN",  "inf",
      "Infinity", "-",     "1,5",   "1_0",    "98.8%", "１",   "1.2.3",
      "--1",      "1e5.0", "1e999", "-1e999", "是",    "0.5f", "1e9999999999999",
  };
  for (const std::string_view text : cases) EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  EXPECT_EQ(parse_decimal(std::string(65, '1')), std::nullopt);
  EXPECT_TRUE(parse_decimal(std::string(64, '1')).has_value());
}

TEST(DecimalTest, AgreesWithStrtod) {
  std::uint64_t state = 1;
  for (int i = 0; i < 20000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    char text[64];
    std::snprintf(text, sizeof(text), "%.*g", static_cast<int>(state >> 60) + 3,
                  static_cast<double>(state >> 11) / static_cast<double>(1ULL << (state >> 58)));
    const std::optional<double> value = parse_decimal(text);
    ASSERT_EQ(value, std::strtod(text, nullptr)) << text;
  }
}

}  // namespace
}  // namespace netocr
