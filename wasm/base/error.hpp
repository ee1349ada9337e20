// The one list of error codes and the Error value that travels through every layer as a return value.
// The words are the same in C++, JavaScript, the documentation and the tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace netocr {

// X(enumerator, word, stage, retryable). The comment says what the caller can do. The stages are "input" (the
// given file), "prepare" (building the upload), "request" (the network call), "reply" (the service's answer)
// and "engine" (the module itself). retryable: the same call may succeed later without a change.
#define NETOCR_ERROR_CODES(X)                                                                              \
  /* An option or argument is out of its documented range: fix the call. */                                \
  X(kInvalidArgument, "INVALID_ARGUMENT", "input", false)                                                  \
  /* The file has no bytes: ask for another file. */                                                       \
  X(kEmptyInput, "EMPTY_INPUT", "input", false)                                                            \
  /* The file cannot be read (moved, changed or withdrawn since it was chosen): choose it again. */        \
  X(kInputUnreadable, "INPUT_UNREADABLE", "input", false)                                                  \
  /* More bytes than Limits allow: ask for a smaller file or raise the limit. */                           \
  X(kInputTooLarge, "INPUT_TOO_LARGE", "input", false)                                                     \
  /* The bytes are no image that is known: ask for a photo. */                                             \
  X(kUnrecognizedFormat, "UNRECOGNIZED_FORMAT", "input", false)                                            \
  /* A known format that cannot be decoded here; the detail names it: convert it or take another photo. */ \
  X(kUnsupportedFormat, "UNSUPPORTED_FORMAT", "input", false)                                              \
  /* A decodable format in a variant that is not decoded (12-bit JPEG, ...); the detail names it. */       \
  X(kUnsupportedFeature, "UNSUPPORTED_FEATURE", "input", false)                                            \
  /* The image is damaged or cut off: ask for the original file. */                                        \
  X(kCorruptImage, "CORRUPT_IMAGE", "input", false)                                                        \
  /* Width, height or pixel count is over Limits: ask for a smaller picture or raise the limit. */         \
  X(kImageTooLarge, "IMAGE_TOO_LARGE", "input", false)                                                     \
  /* The picture cannot be made to fit the byte budget: raise maxBytes. */                                 \
  X(kBudgetUnreachable, "BUDGET_UNREACHABLE", "prepare", false)                                            \
  /* The device has not enough memory for this picture: close other pages or use a smaller picture. */     \
  X(kOutOfMemory, "OUT_OF_MEMORY", "prepare", true)                                                        \
  /* The bytes are no video that is known: ask for a video. */                                             \
  X(kNotAVideo, "NOT_A_VIDEO", "input", false)                                                             \
  /* A video whose container the service refuses (WebM, Ogg): record as MP4. */                            \
  X(kUnsupportedVideo, "UNSUPPORTED_VIDEO", "input", false)                                                \
  /* The container is damaged or cut off: record again. */                                                 \
  X(kCorruptVideo, "CORRUPT_VIDEO", "input", false)                                                        \
  /* Over the service's 1 MB: record at a lower bit rate. */                                               \
  X(kVideoTooLarge, "VIDEO_TOO_LARGE", "input", false)                                                     \
  /* Shorter than 3 s: record again. */                                                                    \
  X(kVideoTooShort, "VIDEO_TOO_SHORT", "input", false)                                                     \
  /* Longer than 5 s: record again. */                                                                     \
  X(kVideoTooLong, "VIDEO_TOO_LONG", "input", false)                                                       \
  /* The module could not be downloaded, compiled or started: check the URL of the .wasm and the CSP. */   \
  X(kEngineLoadFailed, "ENGINE_LOAD_FAILED", "engine", true)                                               \
  /* The module or its worker died; a new one is started for the next call: try again. */                  \
  X(kEngineCrashed, "ENGINE_CRASHED", "engine", true)                                                      \
  /* The client was closed by close(): make a new one. */                                                  \
  X(kClientClosed, "CLIENT_CLOSED", "engine", false)                                                       \
  /* The caller's signal was aborted: nothing to do. */                                                    \
  X(kAborted, "ABORTED", "request", false)                                                                 \
  /* No answer within timeoutMs. The call may have been billed: ask the person before trying again. */     \
  X(kTimeout, "TIMEOUT", "request", true)                                                                  \
  /* The endpoint was not reached (offline, DNS, CORS, connection reset). */                               \
  X(kNetworkError, "NETWORK_ERROR", "request", true)                                                       \
  /* The endpoint answered with an HTTP status that is not the proxy's own error reply. */                 \
  X(kHttpError, "HTTP_ERROR", "request", true)                                                             \
  /* The proxy refused the request (path, method, content type, origin, fields): check the endpoint. */    \
  X(kRequestRefused, "REQUEST_REFUSED", "request", false)                                                  \
  /* The proxy wants a (fresh) token: get one from the site's backend. */                                  \
  X(kUnauthorized, "UNAUTHORIZED", "request", false)                                                       \
  /* The proxy wants a token and the call brought none: set the client's option `token`. */                \
  X(kTokenMissing, "TOKEN_MISSING", "request", false)                                                      \
  /* The token is forged, damaged, or for another operation or page: fix what mints it. */                 \
  X(kTokenInvalid, "TOKEN_INVALID", "request", false)                                                      \
  /* The token is too old: with a token function the next call brings a fresh one. */                      \
  X(kTokenExpired, "TOKEN_EXPIRED", "request", true)                                                       \
  /* All uses of the token are spent: with a token function the next call brings a fresh one. */           \
  X(kTokenUsedUp, "TOKEN_USED_UP", "request", true)                                                        \
  /* The body is over the proxy's limit. */                                                                \
  X(kRequestTooLarge, "REQUEST_TOO_LARGE", "request", false)                                               \
  /* Too many calls: wait, then try again. */                                                              \
  X(kRateLimited, "RATE_LIMITED", "request", true)                                                         \
  /* The applicant has tried this operation too often: try again after retryAfterMs. */                    \
  X(kAttemptsExhausted, "ATTEMPTS_EXHAUSTED", "request", true)                                             \
  /* The proxy takes no calls for now (its memory cannot be reached, too many calls, the service is down); \
     nothing was sent or billed. */                                                                        \
  X(kUnavailable, "UNAVAILABLE", "request", true)                                                          \
  /* The proxy could not connect to the service; nothing was sent or billed. */                            \
  X(kUpstreamUnreachable, "UPSTREAM_UNREACHABLE", "request", true)                                         \
  /* The service answered the proxy with a server error or with no usable HTTP reply. */                   \
  X(kUpstreamError, "UPSTREAM_ERROR", "request", true)                                                     \
  /* The service did not answer the proxy in time; the call may have been billed. */                       \
  X(kUpstreamTimeout, "UPSTREAM_TIMEOUT", "request", true)                                                 \
  /* The proxy failed in itself: see its log under the request id. */                                      \
  X(kInternal, "INTERNAL", "request", true)                                                                \
  /* The reply is over Limits. */                                                                          \
  X(kReplyTooLarge, "REPLY_TOO_LARGE", "reply", false)                                                     \
  /* The reply is not one of the service's documented shapes (HTML, cut off, empty, wrong nesting). */     \
  X(kReplyMalformed, "REPLY_MALFORMED", "reply", true)                                                     \
  /* The service says that the key or secret is wrong: the operator must fix the proxy. */                 \
  X(kServiceAuth, "SERVICE_AUTH", "reply", false)                                                          \
  /* The service says that the quota or balance is used up: the operator must top up. */                   \
  X(kServiceQuota, "SERVICE_QUOTA", "reply", false)                                                        \
  /* The service says that a parameter is wrong. */                                                        \
  X(kServiceBadParameter, "SERVICE_BAD_PARAMETER", "reply", false)                                         \
  /* The service could not use the picture or video (no face, bad quality, format): take another. */       \
  X(kServiceImageRejected, "SERVICE_IMAGE_REJECTED", "reply", false)                                       \
  /* The service reports a failure that is not understood; status.code and status.message tell it. */      \
  X(kServiceError, "SERVICE_ERROR", "reply", true)

enum class ErrorCode : std::uint8_t {
#define NETOCR_ENUMERATOR(name, word, stage, retryable) name,
  NETOCR_ERROR_CODES(NETOCR_ENUMERATOR)
#undef NETOCR_ENUMERATOR
};

// What a code means to every layer. The instances have static storage.
struct ErrorCodeInfo {
  ErrorCode code;
  std::string_view word;   // the public name, e.g. "CORRUPT_IMAGE"
  std::string_view stage;  // "input", "prepare", "request", "reply" or "engine"
  bool retryable;
};

inline constexpr ErrorCodeInfo kErrorCodes[] = {
#define NETOCR_ROW(name, word, stage, retryable) {ErrorCode::name, word, stage, retryable},
    NETOCR_ERROR_CODES(NETOCR_ROW)
#undef NETOCR_ROW
};
inline constexpr std::size_t kErrorCodeCount = sizeof(kErrorCodes) / sizeof(kErrorCodes[0]);

constexpr const ErrorCodeInfo& error_code_info(ErrorCode code) {
  return kErrorCodes[static_cast<std::size_t>(code)];
}
constexpr std::string_view error_word(ErrorCode code) { return error_code_info(code).word; }

// The reason of a failure. `detail` is static text for developers without personal data (never bytes of the
// input).
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::size_t position = 0;  // byte offset in the input where it was found; 0 when there is none
  const char* detail = "";
  // The `codecs` module reads this file, and the reporting module does not.
  bool left_to_codecs = false;
};

constexpr Error out_of_memory(const char* detail = "allocation failed") {
  return {ErrorCode::kOutOfMemory, 0, detail};
}

}  // namespace netocr
