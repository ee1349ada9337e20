// Small questions about text that came from outside: is it UTF-8, what is it without white space, which
// number is it.
#pragma once

#include <cstddef>
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

// Length of the JSON number (RFC 8259 section 6) that the text begins with; 0 when it begins with none.
std::size_t json_number_length(std::string_view text);

// Whether a JSON number is within double's range; it may have any number of digits. From
// 1.797693134862315807e308 on it is not (what rounds to infinity differs from that in the 20th digit).
bool is_in_double_range(std::string_view number);

// A decimal number by the grammar of JSON (RFC 8259 section 6), nearest double; nothing for any other text,
// for more than 64 characters and for values beyond double's range. Independent of the locale.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace netocr
