// Writes the reply that a proxy forwards to the page: a new one in the service's shape with the allowed parts
// and nothing else.
#pragma once

#include <string_view>

#include "api/reply_parts.hpp"
#include "base/buffer.hpp"
#include "base/limits.hpp"

namespace netocr {

enum class ReplyFormat : std::uint8_t { kJson, kXml };

// `body`: the service's reply (HTTP 200). The result is written from the parsed values; no byte is copied
// through. parse_reply() returns the same for it as for `body`, without the withheld parts: the same verdict,
// score, signals, ID card and error code.
//
// verdict and score: one item each, where the reply is unambiguous. A video's verdict without its signals is
// written with 否 for the swapped person, whatever the reason of a fail; its signals without the verdict are
// those that the verdict does not depend on. idCard: the six texts and the portrait, where they are
// unambiguous. All other items may imply any of these: they are included only when all parts are allowed, and
// only with `items`. Without `message` the text beside a failure's status is empty, or one word where the
// error code depends on it.
//
// Errors: those of parse_reply() except SERVICE_*. A reply that cannot be read is never forwarded.
Result<Buffer> reveal_reply(const Endpoint& endpoint, std::string_view body, ReplyParts allowed,
                            ReplyFormat format, const Limits& limits);

}  // namespace netocr
