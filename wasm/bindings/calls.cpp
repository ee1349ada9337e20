// The life cycle of a call: start_call adds it to the table and passes it to emscripten fetch; exactly one of
// success, failure, timeout, an oversized reply or abort_call removes it, closes the fetch and frees the
// body.
#include "bindings/calls.hpp"

#include <emscripten/bind.h>
#include <emscripten/eventloop.h>
#include <emscripten/fetch.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "api/request.hpp"
#include "api/response.hpp"
#include "bindings/heap.hpp"
#include "bindings/http.hpp"
#include "bindings/messages.hpp"
#include "bindings/options.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

struct Call {
  std::uintptr_t id = 0;
  const Endpoint* endpoint = nullptr;
  Limits limits{};
  RequestBody request{};  // emscripten fetch reads it until the fetch is closed
  val on_done = val::undefined();
  val on_download = val::undefined();
  emscripten_fetch_t* fetch = nullptr;
  int timer = 0;
  bool has_timer = false;
  bool starting = true;  // emscripten_fetch() has not returned yet
  bool refused = false;  // emscripten_fetch() failed before it returned
};

// The only mutable table of the module: emscripten fetch and JavaScript refer to a call by its id only, so
// that a late event of a removed call finds nothing.
struct CallTable {
  std::vector<std::unique_ptr<Call>> calls;
  std::uintptr_t last_id = 0;
};
CallTable& table() {
  static CallTable instance;
  return instance;
}

Call* find_call(std::uintptr_t id) {
  for (const auto& call : table().calls) {
    if (call->id == id) return call.get();
  }
  return nullptr;
}

// The id is passed in place of a pointer and is never dereferenced.
void* as_user_data(std::uintptr_t id) {
  return reinterpret_cast<void*>(id);  // NOLINT(performance-no-int-to-ptr)
}
Call* call_of(void* user_data) { return find_call(reinterpret_cast<std::uintptr_t>(user_data)); }

// Removes the call from the table, then closes its fetch: closing one in progress reports an error to the
// call, which is then not found. Frees the body and the timer.
void drop(std::uintptr_t id) {
  auto& calls = table().calls;
  const auto found =
      std::find_if(calls.begin(), calls.end(), [id](const auto& call) { return call->id == id; });
  if (found == calls.end()) return;
  const std::unique_ptr<Call> call = std::move(*found);
  calls.erase(found);
  if (call->has_timer) emscripten_clear_timeout(call->timer);
  if (call->fetch != nullptr) emscripten_fetch_close(call->fetch);
}

// Drops the call first, so that onDone may start the next one.
void finish(std::uintptr_t id, const FinishedRecord& record) {
  const Call* call = find_call(id);
  if (call == nullptr) return;
  const val on_done = call->on_done;
  drop(id);
  on_done(record);
}

void finish_with(std::uintptr_t id, ErrorCode code, const char* detail) {
  finish(id, failed<FinishedRecord>(Error{code, 0, detail}));
}

FinishedRecord judged(const Call& call, emscripten_fetch_t& fetch, ReplyParts withheld) {
  const std::string_view body(fetch.data == nullptr ? "" : fetch.data,
                              static_cast<std::size_t>(fetch.numBytes));
  const ReplyOutcome outcome = parse_reply(*call.endpoint, fetch.status, body, call.limits, withheld);
  FinishedRecord record;
  if (outcome.error) set_error(record, *outcome.error);
  if (outcome.reply.retry_after_ms) record.retry_after_ms = val(*outcome.reply.retry_after_ms);
  record.reply = val(reply_record(outcome));
  return record;
}

// Detects a body that was received but did not fit into the heap: the XMLHttpRequest of web/client hides it
// from the glue.
bool body_was_hidden(const emscripten_fetch_t& fetch) { return fetch.numBytes == 0 && fetch.totalBytes > 0; }

FinishedRecord finished_record(const Call& call, emscripten_fetch_t& fetch) {
  FinishedRecord record;
  if (fetch.status == 0) {
    set_error(record, Error{ErrorCode::kNetworkError, 0, "no reply from the endpoint"});
    return record;
  }
  const ReplyHeaders headers = reply_headers(fetch);
  if (fetch.totalBytes > call.limits.max_reply_bytes) {
    set_error(record, Error{ErrorCode::kReplyTooLarge, 0, "more bytes than the limit"});
  } else if (body_was_hidden(fetch)) {
    set_error(record, out_of_memory("no room for the reply"));
  } else {
    record = judged(call, fetch, headers.withheld);
  }
  record.http_status = fetch.status;
  record.request_id = headers.request_id;
  record.receipt = headers.receipt;
  for (const ReplyPartWord& row : kReplyPartWords) {
    if ((headers.withheld & row.bit) != 0) record.withheld.call<void>("push", val(row.word));
  }
  record.sandbox = headers.sandbox;
  if (!record.ok && record.retry_after_ms.isNull() && headers.retry_after_ms)
    record.retry_after_ms = val(*headers.retry_after_ms);
  return record;
}

// Handles both ends of a fetch: 2xx and every other status, whose body is parsed as well.
void on_settled(emscripten_fetch_t* fetch) {
  Call* call = call_of(fetch->userData);
  if (call == nullptr) return;
  if (call->starting) {
    call->refused = true;
    return;
  }
  finish(call->id, finished_record(*call, *fetch));
}

void on_progress(emscripten_fetch_t* fetch) {
  Call* call = call_of(fetch->userData);
  if (call == nullptr || call->starting) return;
  const std::uint64_t loaded = fetch->dataOffset + fetch->numBytes;
  if (std::max(loaded, fetch->totalBytes) > call->limits.max_reply_bytes) {
    return finish_with(call->id, ErrorCode::kReplyTooLarge, "more bytes than the limit");
  }
  if (!call->on_download.isUndefined()) {
    const val on_download = call->on_download;
    on_download(static_cast<double>(loaded), static_cast<double>(fetch->totalBytes));
  }
}

void on_timeout(void* user_data) {
  Call* call = call_of(user_data);
  if (call == nullptr) return;
  call->has_timer = false;
  finish_with(call->id, ErrorCode::kTimeout, "no complete reply in time");
}

Result<RequestBody> read_body(const val& parts, const val& options, const Endpoint& endpoint) {
  NETOCR_ASSIGN(const std::vector<Bytes>& files, heap_parts(parts));
  const auto number = [&options](const char* name) {
    const val field = options[name];
    return field.isNumber() ? field.as<double>() : 0;
  };
  return build_request(endpoint, files, boundary_seed(number("seedHigh"), number("seedLow")));
}

Result<std::unique_ptr<Call>> make_call(const val& parts, const val& options, const Endpoint& endpoint) {
  NETOCR_ASSIGN(const Limits& limits, read_limits(options["limits"]));
  NETOCR_ASSIGN(RequestBody body, read_body(parts, options, endpoint));
  NETOCR_ASSIGN(auto call, make_nothrow<Call>());
  call->endpoint = &endpoint;
  call->limits = limits;
  call->request = std::move(body);
  return call;
}

// emscripten fetch copies the URL and the headers; the body must stay alive.
emscripten_fetch_t* start_fetch(const Call& call, SendOptions& send) {
  send.headers.emplace_back("Content-Type");
  send.headers.push_back(call.request.content_type);
  std::vector<const char*> pointers;
  pointers.reserve(send.headers.size() + 1);
  for (const std::string& header : send.headers) pointers.push_back(header.c_str());
  pointers.push_back(nullptr);

  emscripten_fetch_attr_t attributes;
  emscripten_fetch_attr_init(&attributes);
  std::strcpy(attributes.requestMethod, "POST");
  attributes.attributes = EMSCRIPTEN_FETCH_LOAD_TO_MEMORY;
  attributes.userData = as_user_data(call.id);
  attributes.onsuccess = on_settled;
  attributes.onerror = on_settled;
  attributes.onprogress = on_progress;
  attributes.withCredentials = send.with_credentials;
  attributes.requestHeaders = pointers.data();
  attributes.requestData = reinterpret_cast<const char*>(call.request.body.data());
  attributes.requestDataSize = call.request.body.size();
  return emscripten_fetch(&attributes, send.url.c_str());
}

// Passes a call of the table to emscripten fetch and starts its timer. XMLHttpRequest's own timeout looks
// like a network error to emscripten fetch, so the timer is here.
Status launch(Call& call, SendOptions& send) {
  call.fetch = start_fetch(call, send);
  call.starting = false;
  if (call.fetch == nullptr) return out_of_memory("emscripten_fetch");
  if (call.refused) return Error{ErrorCode::kNetworkError, 0, "the request could not be sent"};
  call.timer = emscripten_set_timeout(on_timeout, send.timeout_ms, as_user_data(call.id));
  call.has_timer = true;
  return {};
}

bool is_object(const val& value) {
  return !value.isUndefined() && !value.isNull() && value.typeOf().as<std::string>() == "object";
}
bool is_function(const val& value) { return value.typeOf().as<std::string>() == "function"; }

}  // namespace

StartedRecord start_call(const val& operation, const val& parts, const val& options, const val& callbacks) {
  const Result<const Endpoint*> endpoint = endpoint_named(operation);
  if (!endpoint.ok()) return failed<StartedRecord>(endpoint.error());
  if (!is_object(options) || !is_object(callbacks) || !is_function(callbacks["onDone"])) {
    return failed<StartedRecord>(
        Error{ErrorCode::kInvalidArgument, 0, "options and callbacks.onDone are needed"});
  }
  Result<SendOptions> send = read_send_options(options, *endpoint.value());
  if (!send.ok()) return failed<StartedRecord>(send.error());
  Result<std::unique_ptr<Call>> made = make_call(parts, options, *endpoint.value());
  if (!made.ok()) return failed<StartedRecord>(made.error());

  Call& call = *made.value();
  call.id = ++table().last_id;
  call.on_done = callbacks["onDone"];
  if (is_function(callbacks["onDownload"])) call.on_download = callbacks["onDownload"];
  const auto id = call.id;
  StartedRecord record;
  record.call_id = static_cast<double>(id);
  record.body_bytes = static_cast<double>(call.request.body.size());
  table().calls.push_back(std::move(made).value());
  if (const Status status = launch(call, send.value()); !status.ok()) {
    drop(id);
    return failed<StartedRecord>(status.error());
  }
  return record;
}

bool abort_call(double call_id) {
  if (!(call_id >= 1 && call_id <= static_cast<double>(table().last_id))) return false;
  const auto id = static_cast<std::uintptr_t>(call_id);
  if (static_cast<double>(id) != call_id || find_call(id) == nullptr) return false;
  drop(id);
  return true;
}

double live_calls() { return static_cast<double>(table().calls.size()); }

EMSCRIPTEN_BINDINGS(netocr_calls) {
  emscripten::value_object<StartedRecord>("Started")
      .field("ok", &Outcome::ok)
      .field("code", &Outcome::code)
      .field("position", &Outcome::position)
      .field("detail", &Outcome::detail)
      .field("callId", &StartedRecord::call_id)
      .field("bodyBytes", &StartedRecord::body_bytes);
  emscripten::value_object<FinishedRecord>("Finished")
      .field("ok", &Outcome::ok)
      .field("code", &Outcome::code)
      .field("position", &Outcome::position)
      .field("detail", &Outcome::detail)
      .field("httpStatus", &FinishedRecord::http_status)
      .field("requestId", &FinishedRecord::request_id)
      .field("receipt", &FinishedRecord::receipt)
      .field("withheld", &FinishedRecord::withheld)
      .field("sandbox", &FinishedRecord::sandbox)
      .field("retryAfterMs", &FinishedRecord::retry_after_ms)
      .field("reply", &FinishedRecord::reply);
}

}  // namespace netocr::bindings
