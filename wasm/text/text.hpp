// Small questions about text that came from outside: is it UTF-8, what is it without white space, which
// number is it.
#pragma once

#include <optional>
#include <string_view>

namespace netocr {

// Length of the longest prefix that is well-formed UTF-8 (Unicode 15, table 3-7): text.size() when all of it
// is.
std::size_t utf8_valid_length(std::string_view text);

// Without ASCII white space (space, \t \n \v \f \r) and ideographic space (U+3000) at both ends.
std::string_view trim(std::string_view text);

// Value of a hexadecimal digit, -1 for any other character.
int hex_digit(char c);

// A decimal number by the grammar of JSON (RFC 8259 section 6), nearest double; nothing for any other text,
// for more than 64 characters and for values beyond double's range. Independent of the locale.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace netocr
