// Parses a reply of the service (JSON of both dialects, XML) or of the proxy (error record) into a Reply: the
// last step of a call.
#pragma once

#include <optional>
#include <string_view>

#include "api/reply_parts.hpp"
#include "base/limits.hpp"

namespace netocr {

// `http_status`: 200 is expected. The proxy's error record
// {"error":{"code","message","requestId","retryAfterMs"}} maps to its own code (status_message is then the
// proxy's; retryAfterMs may be missing), any other status to HTTP_ERROR whatever the body says. The body, not
// the content type, decides between JSON and XML (a first character < after white space). Body and tree are
// bounded by `limits`. Errors in the outcome: HTTP_ERROR, REPLY_TOO_LARGE, REPLY_MALFORMED (also a success
// without any item), SERVICE_*, OUT_OF_MEMORY, and the proxy's codes. With an error the verdict is always
// indeterminate and there are no items.
// `withheld`: the parts that the proxy reports as left out. They are empty in the outcome whatever the body
// says, and a success may be without items.
ReplyOutcome parse_reply(const Endpoint& endpoint, int http_status, std::string_view body,
                         const Limits& limits, ReplyParts withheld = 0);

// Returns how long a reply asks to wait, in milliseconds. `number` counts units of `unit_ms` (1 in the
// proxy's record, 1000 in the header Retry-After). Returns nothing for other texts, such as a date, and
// beyond 30 days.
std::optional<double> retry_after(std::string_view number, double unit_ms);

}  // namespace netocr
