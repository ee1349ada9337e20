// Parses a reply of the service (JSON of both dialects, XML) or of the proxy (error record) into a Reply: the
// last step of a call.
#pragma once

#include <string_view>

#include "api/verdict.hpp"
#include "base/limits.hpp"

namespace netocr {

// `http_status`: 200 expected; the proxy's error record {"error":{"code","message","requestId"}} maps to its
// own code (status_message is then the proxy's), any other status to HTTP_ERROR whatever its body says. The
// body decides between JSON and XML (a first character < after white space), the content type does not. Body
// and tree are bounded by `limits`. Never throws, never aborts. Errors in the outcome: HTTP_ERROR,
// REPLY_TOO_LARGE, REPLY_MALFORMED (also a success without any item), SERVICE_*, OUT_OF_MEMORY, and the
// proxy's codes. With an error the verdict is always indeterminate and there are no items.
ReplyOutcome parse_reply(const Endpoint& endpoint, int http_status, std::string_view body,
                         const Limits& limits);

}  // namespace netocr
