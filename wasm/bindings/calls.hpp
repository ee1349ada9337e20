// Network calls through emscripten fetch: building the body, sending, timeout, abort, and the judged reply.
#pragma once

#include "bindings/records.hpp"

namespace netocr::bindings {

struct StartedRecord : Outcome {
  double call_id = 0;     // unique, never reused
  double body_bytes = 0;  // size of the request body
};

// The argument of `onDone`, which is called exactly once for each started call unless abort_call() came
// first.
struct FinishedRecord : Outcome {
  double http_status = 0;  // 0 without a reply
  std::string request_id;  // X-Request-Id, "" when missing or not plain ASCII
  std::string receipt;     // X-Netocr-Receipt, "" when missing or not plain ASCII
  emscripten::val withheld = emscripten::val::array();  // X-Netocr-Withheld: words of api/reply_parts.hpp
  bool sandbox = false;                                 // the stand-in service answered (X-Netocr-Sandbox)
  // The time to wait before the next call, in milliseconds, after an error: the proxy's retryAfterMs or the
  // header Retry-After, or null.
  emscripten::val retry_after_ms = emscripten::val::null();
  emscripten::val reply = emscripten::val::null();  // ReplyRecord, or null without a reply to parse
};

// Sends `parts` ([[pointer, length], ...], copied into the body before this returns) to `operation`'s
// endpoint. `options`: {baseUrl, headers: [name, value, ...], timeoutMs, withCredentials, seedHigh, seedLow,
// limits}. `callbacks`: {onDone(FinishedRecord), onDownload(loaded, total)}; they must not throw; neither is
// called before this returns. Errors: INVALID_ARGUMENT, those of build_request, NETWORK_ERROR (refused at
// once), OUT_OF_MEMORY.
StartedRecord start_call(const emscripten::val& operation, const emscripten::val& parts,
                         const emscripten::val& options, const emscripten::val& callbacks);

// Ends a call without calling back. Returns false when there is no call of that id (any more).
bool abort_call(double call_id);

double live_calls();

}  // namespace netocr::bindings
