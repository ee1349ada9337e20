// Parses replies, from bytes to outcome. The service's status is judged before any other field is read.
#include "api/response.hpp"

#include "api/reply_tree.hpp"
#include "api/service_error.hpp"
#include "text/json.hpp"
#include "text/text.hpp"
#include "text/xml.hpp"

namespace netocr {
namespace {

constexpr int kHttpOk = 200;
constexpr double kMaxRetryAfterMs = 30.0 * 24 * 3'600'000;

// The only codes that a proxy may send: a foreign page must not be able to claim, for example, ABORTED.
constexpr ErrorCode kProxyCodes[] = {
    ErrorCode::kRequestRefused,      ErrorCode::kUnauthorized,
    ErrorCode::kTokenMissing,        ErrorCode::kTokenInvalid,
    ErrorCode::kTokenExpired,        ErrorCode::kTokenUsedUp,
    ErrorCode::kRequestTooLarge,     ErrorCode::kRateLimited,
    ErrorCode::kAttemptsExhausted,   ErrorCode::kUnavailable,
    ErrorCode::kUpstreamUnreachable, ErrorCode::kUpstreamError,
    ErrorCode::kUpstreamTimeout,     ErrorCode::kInternal,
};

ReplyOutcome failure(Error error, Reply reply = {}) {
  reply.verdict = Verdict::kIndeterminate;
  reply.items.clear();
  return ReplyOutcome{error, std::move(reply)};
}

constexpr Error kNoRoom{ErrorCode::kOutOfMemory, 0, "no room for what the reply says"};

std::string_view string_member(const Tree& tree, const Node& object, std::string_view key) {
  const Node* const found = tree.find(object, key);
  return found != nullptr && found->kind == NodeKind::kString ? found->text : std::string_view();
}

std::optional<double> retry_after_member(const Tree& tree, const Node& record) {
  const Node* const found = tree.find(record, "retryAfterMs");
  if (found == nullptr || found->kind != NodeKind::kNumber) return std::nullopt;
  return retry_after(found->text, 1);
}

ReplyOutcome read_http_error(std::string_view body, const Limits& limits) {
  const Error unknown{ErrorCode::kHttpError, 0, "HTTP status other than 200"};
  const Result<Tree> tree = parse_json(body, limits);
  if (!tree.ok() || tree->root().kind != NodeKind::kObject) return failure(unknown);
  const Node* const record = tree->find(tree->root(), "error");
  if (record == nullptr || record->kind != NodeKind::kObject) return failure(unknown);
  if (!detail::has_room_for_reply(body.size(), 0)) return failure(kNoRoom);
  const std::string_view word = string_member(*tree, *record, "code");
  const std::string_view message = string_member(*tree, *record, "message");
  for (const ErrorCode code : kProxyCodes) {
    if (word != error_word(code)) continue;
    Reply reply;
    if (message.size() <= detail::kMaxReplyTextBytes) reply.status_message = message;
    reply.retry_after_ms = retry_after_member(*tree, *record);
    return failure(Error{code, 0, "the proxy's error record"}, std::move(reply));
  }
  return failure(unknown);
}

bool looks_like_xml(std::string_view body) {
  body = without_byte_order_mark(body);
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

Status read_reply(const Endpoint& endpoint, std::string_view body, const Limits& limits, Reply& reply) {
  const bool xml = looks_like_xml(body);
  NETOCR_ASSIGN(const Tree& tree, xml ? parse_xml(body, limits) : parse_json(body, limits));
  if (!detail::has_room_for_reply(body.size(), tree.size())) return kNoRoom;
  detail::ReplyWriter writer(reply);
  return xml ? detail::read_xml_reply(tree, endpoint, writer)
             : detail::read_json_reply(tree, endpoint, writer);
}

ReplyOutcome judged_reply(const Endpoint& endpoint, std::string_view body, const Limits& limits,
                          ReplyParts withheld) {
  Reply reply;
  const Status read = read_reply(endpoint, body, limits, reply);
  if (!read.ok()) return failure(read.error(), std::move(reply));
  if (!endpoint.is_success(reply.status_code)) {
    const ErrorCode code = classify_service_error(reply.status_code, reply.status_message);
    return failure(Error{code, 0, "the service reports a failure"}, std::move(reply));
  }
  if (reply.items.empty() && (withheld & kItemParts) == 0) {
    return failure(Error{ErrorCode::kReplyMalformed, 0, "a success without any item"}, std::move(reply));
  }
  judge(endpoint, reply);
  return ReplyOutcome{std::nullopt, std::move(reply)};
}

}  // namespace

ReplyOutcome parse_reply(const Endpoint& endpoint, int http_status, std::string_view body,
                         const Limits& limits, ReplyParts withheld) {
  if (http_status != kHttpOk) return read_http_error(body, limits);
  ReplyOutcome outcome = judged_reply(endpoint, body, limits, withheld);
  withhold(withheld, outcome.reply);
  return outcome;
}

std::optional<double> retry_after(std::string_view number, double unit_ms) {
  const std::optional<double> count = parse_decimal(number);
  if (!count || *count < 0 || *count * unit_ms > kMaxRetryAfterMs) return std::nullopt;
  return *count * unit_ms;
}

}  // namespace netocr
