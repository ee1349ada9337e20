// Parses an XML reply (XML 1.0) into a Tree. The service replies in XML when it does not understand the
// format.
#pragma once

#include <string_view>

#include "text/tree.hpp"

namespace netocr {

// The whole text must be one element in UTF-8, with an optional byte order mark, declaration, comments and
// processing instructions around it. Entities are the five of XML and character references. An encoding other
// than UTF-8 in the declaration is ignored. Comments and processing instructions are dropped, CDATA counts as
// text. REPLY_MALFORMED rejects DOCTYPE (so no entity can be declared), any other entity, text outside the
// root, a second root, a duplicate attribute, invalid UTF-8, NUL bytes. Errors: REPLY_MALFORMED with the
// byte, REPLY_TOO_LARGE (bytes, depth, kMaxTreeNodes elements and attributes, four times as many pieces of
// text), OUT_OF_MEMORY.
Result<Tree> parse_xml(std::string_view text, const Limits& limits);

}  // namespace netocr
