// Parses a reply of the service (JSON of both dialects, XML) or of the proxy (error record) into a Reply.
#pragma once

#include <string_view>

#include "api/verdict.hpp"
#include "base/limits.hpp"

namespace netocr {

// `http_status`: 200 expected; the proxy's error record maps to its own code, any other status to HTTP_ERROR.
// The body decides between JSON and XML, the content type does not. Never throws, never aborts.
// Errors in the outcome: HTTP_ERROR, REPLY_TOO_LARGE, REPLY_MALFORMED, SERVICE_*, and the proxy's codes.
ReplyOutcome parse_reply(const Endpoint& endpoint, int http_status, std::string_view body, const Limits& limits);

}  // namespace netocr
