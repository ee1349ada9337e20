// What a proxy hands on to the page of a reply: a new one in the service's shape that says the allowed parts
// and nothing else.
#pragma once

#include <string_view>

#include "api/reply_parts.hpp"
#include "base/buffer.hpp"
#include "base/limits.hpp"

namespace netocr {

enum class ReplyFormat : std::uint8_t { kJson, kXml };

// `body`: the service's reply (HTTP 200). What comes out was written anew from what was understood of it; no
// byte is copied through. parse_reply() makes of it what it makes of `body`, without what is withheld: the
// same verdict, score, signals, ID card and error code.
//
// verdict and score: one item each, where the reply is clear about them. A video's verdict without its
// signals is written with 否 for the swapped person, whatever made it a fail; its signals without the verdict
// are those that the verdict does not depend on. idCard: the six texts and the portrait, where they are
// clear. What else the service said may tell any of these: it is there only with all of them, and only with
// `items`. Without `message` the text beside a failure's status is empty, or one word where the error code
// depends on it.
//
// Errors: those of parse_reply() but SERVICE_*: a reply that cannot be read is never handed on.
Result<Buffer> reveal_reply(const Endpoint& endpoint, std::string_view body, ReplyParts allowed,
                            ReplyFormat format, const Limits& limits);

}  // namespace netocr
