// Checks an XML reply before pugixml allocates memory for it. Internal to wasm/text.
#pragma once

#include <string_view>

#include "base/limits.hpp"

namespace netocr::detail {

// Walks the markup once and requires one root, balanced tags, nesting within max_reply_depth, at most
// kMaxTreeNodes elements and attributes and four times as many pieces of text, no DOCTYPE, only known
// references, no text outside the root. Names and attributes are left to pugixml, which then needs at most 10
// MB. Errors: REPLY_MALFORMED with the byte, REPLY_TOO_LARGE.
Status scan_xml(std::string_view text, const Limits& limits);

}  // namespace netocr::detail
