// Helpers for text from outside: UTF-8 validation, trimming, parsing of numbers.
#pragma once

#include <optional>
#include <string_view>

namespace netocr {

// Returns the length of the longest prefix that is well-formed UTF-8 (Unicode 15, table 3-7): text.size()
// when all of it is.
std::size_t utf8_valid_length(std::string_view text);

// Returns `text` without ASCII white space (space, \t \n \v \f \r) and ideographic space (U+3000) at both
// ends.
std::string_view trim(std::string_view text);

// Returns `text` without the byte order mark of UTF-8 (EF BB BF) at its beginning, if there is one.
std::string_view without_byte_order_mark(std::string_view text);

// Returns the value of a hexadecimal digit, -1 for any other character.
int hex_digit(char c);

// Parses a decimal number by the grammar of JSON (RFC 8259 section 6) to the nearest double; returns nothing
// for any other text, for more than 64 characters and for values beyond double's range. It is independent of
// the locale.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace netocr
