// Parses a JSON reply (RFC 8259) into a Tree. The parser is strict, because a verdict depends on it.
#pragma once

#include <string_view>

#include "text/tree.hpp"

namespace netocr {

// The whole text must be one JSON value in UTF-8; a leading byte order mark is tolerated. REPLY_MALFORMED
// rejects anything but white space after the value (a second value might contradict the first), a duplicate
// name in one object (parsers differ in which one counts), invalid UTF-8, lone surrogates, NUL bytes,
// comments, numbers beyond double's range. Errors: REPLY_MALFORMED with the byte where parsing stopped,
// REPLY_TOO_LARGE (bytes, depth, kMaxTreeNodes or control characters), OUT_OF_MEMORY.
Result<Tree> parse_json(std::string_view text, const Limits& limits);

}  // namespace netocr
