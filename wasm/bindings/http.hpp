// HTTP headers of a call: the page's request headers, checked so that XMLHttpRequest cannot reject them, and
// the reply headers that this module uses.
#pragma once

#include <emscripten/fetch.h>
#include <emscripten/val.h>

#include <optional>
#include <string>
#include <vector>

#include "api/reply_parts.hpp"
#include "base/result.hpp"

namespace netocr::bindings {

struct SendOptions {
  std::string url;
  std::vector<std::string> headers;  // name, value, name, value, ...
  std::uint32_t timeout_ms = 60'000;
  bool with_credentials = false;
};

// `options`: {baseUrl, headers, timeoutMs, withCredentials}. `headers` is an array name, value, name, value,
// ...: names are tokens, values visible ASCII with spaces and tabs (RFC 9110 sections 5.1 and 5.5). Errors:
// INVALID_ARGUMENT, whose detail names the option and never contains its value.
Result<SendOptions> read_send_options(const emscripten::val& options, const Endpoint& endpoint);

struct ReplyHeaders {
  std::string request_id;   // "" when missing, over 128 characters or not visible ASCII
  std::string receipt;      // X-Netocr-Receipt; "" when missing, over 4096 characters or not visible ASCII
  ReplyParts withheld = 0;  // X-Netocr-Withheld: words of api/reply_parts.hpp
  bool sandbox = false;     // X-Netocr-Sandbox: 1
  std::optional<double> retry_after_ms;  // Retry-After, if it is a number of seconds
};
// `fetch` has received its headers. Headers of another origin are visible only when it exposes them.
ReplyHeaders reply_headers(emscripten_fetch_t& fetch);

}  // namespace netocr::bindings
