// Requests, replies and tables for JavaScript: the client's calls, the contract vectors and the proxy's
// allow-list test.
#include "bindings/messages.hpp"

#include <emscripten/bind.h>

#include "api/request.hpp"
#include "api/response.hpp"
#include "api/reveal.hpp"
#include "base/bytes.hpp"
#include "bindings/heap.hpp"
#include "bindings/options.hpp"
#include "text/base64.hpp"
#include "text/form.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

constexpr std::size_t kCountedFrom = 1U << 20;

val text(std::string_view view) { return val(std::string(view)); }

val texts(std::span<const std::string_view> views) {
  val array = val::array();
  for (const std::string_view view : views) {
    if (!view.empty()) array.call<void>("push", text(view));
  }
  return array;
}

// Encodes a checked range with `encode` into a buffer of `length_of` bytes and copies it out.
template <typename LengthOf, typename Encode>
BytesRecord encoded(double pointer, double length, LengthOf length_of, Encode encode) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<BytesRecord>(bytes.error());
  Result<Buffer> buffer = Buffer::create(static_cast<std::size_t>(length_of(bytes.value())));
  if (!buffer.ok()) return failed<BytesRecord>(buffer.error());
  const Result<std::size_t> written = encode(bytes.value(), buffer->span());
  if (!written.ok()) return failed<BytesRecord>(written.error());
  BytesRecord record;
  record.bytes = copied_bytes(buffer->span().first(written.value()));
  return record;
}

val endpoint_row(const Endpoint& endpoint) {
  val row = val::object();
  row.set("name", text(endpoint.name));
  row.set("path", text(endpoint.path));
  row.set("typeId", text(endpoint.type_id));
  row.set("encoding", val(endpoint.encoding == BodyEncoding::kMultipart ? "multipart" : "form"));
  row.set("fields", texts(endpoint.fields));
  row.set("successStatuses", texts(endpoint.success_statuses));
  row.set("verdictItem", text(endpoint.verdict_item));
  row.set("passWord", text(endpoint.pass_word));
  row.set("failWord", text(endpoint.fail_word));
  row.set("scoreItem", text(endpoint.score_item));
  row.set("scoreMax", endpoint.score_max);
  row.set("scoreThreshold", endpoint.score_threshold);
  row.set("higherMeans", text(score_direction_name(endpoint.higher_means)));
  return row;
}

}  // namespace

Result<const Endpoint*> endpoint_named(const val& operation) {
  if (operation.isString()) {
    const std::string name = operation.as<std::string>();
    for (const Endpoint& endpoint : endpoints()) {
      if (endpoint.name == name) return &endpoint;
    }
  }
  return Error{ErrorCode::kInvalidArgument, 0, "unknown operation"};
}

std::uint64_t boundary_seed(double high, double low) {
  const auto bits = [](double number) {
    return number >= 0 && number <= 4294967295.0 ? static_cast<std::uint64_t>(number) : 0;
  };
  return bits(high) << 32 | bits(low);
}

BytesRecord base64_encode_record(double pointer, double length) {
  return encoded(
      pointer, length, [](Bytes bytes) { return base64_length_from_binary(bytes.size()); },
      [](Bytes bytes, MutableBytes out) -> Result<std::size_t> { return base64_encode(bytes, out); });
}

BytesRecord base64_decode_record(double pointer, double length) {
  return encoded(
      pointer, length, [](Bytes bytes) { return max_binary_length_from_base64(bytes.size()); },
      [](Bytes bytes, MutableBytes out) { return base64_decode(as_text(bytes), out); });
}

BytesRecord form_encode_base64_record(double pointer, double length) {
  return encoded(
      pointer, length,
      [](Bytes bytes) {
        // Counting takes a tenth of the time; unused bytes of a small buffer cost nothing.
        return bytes.size() <= kCountedFrom ? max_form_base64_length(bytes.size())
                                            : form_base64_length(bytes);
      },
      [](Bytes bytes, MutableBytes out) -> Result<std::size_t> { return form_base64_encode(bytes, out); });
}

BytesRecord form_encode_text_record(double pointer, double length) {
  return encoded(
      pointer, length, [](Bytes bytes) { return form_text_length(as_text(bytes)); },
      [](Bytes bytes, MutableBytes out) -> Result<std::size_t> {
        return form_text_encode(as_text(bytes), out);
      });
}

RequestRecord build_request_record(const val& operation, const val& parts, double seed_high,
                                   double seed_low) {
  const Result<const Endpoint*> endpoint = endpoint_named(operation);
  if (!endpoint.ok()) return failed<RequestRecord>(endpoint.error());
  const Result<std::vector<Bytes>> files = heap_parts(parts);
  if (!files.ok()) return failed<RequestRecord>(files.error());
  const Result<RequestBody> built =
      build_request(*endpoint.value(), files.value(), boundary_seed(seed_high, seed_low));
  if (!built.ok()) return failed<RequestRecord>(built.error());
  RequestRecord record;
  record.body = copied_bytes(built.value().body.span());
  record.content_type = built.value().content_type;
  return record;
}

ReplyRecord parse_reply_record(const val& operation, double http_status, double pointer, double length,
                               const val& limits) {
  const Result<const Endpoint*> endpoint = endpoint_named(operation);
  if (!endpoint.ok()) return failed<ReplyRecord>(endpoint.error());
  const Result<Bytes> body = heap_bytes(pointer, length);
  if (!body.ok()) return failed<ReplyRecord>(body.error());
  const Result<Limits> read = read_limits(limits);
  if (!read.ok()) return failed<ReplyRecord>(read.error());
  const int status = http_status >= 0 && http_status <= 999 ? static_cast<int>(http_status) : 0;
  return reply_record(parse_reply(*endpoint.value(), status, as_text(body.value()), read.value()));
}

BytesRecord reveal_reply_record(double pointer, double length, const val& options) {
  std::string allowed;
  bool as_xml = false;
  OptionReader reader(options);
  reader.read("allowed", allowed);
  reader.read("asXml", as_xml);
  if (!reader.status().ok()) return failed<BytesRecord>(reader.status().error());
  const Result<const Endpoint*> endpoint = endpoint_named(reader.child("operation"));
  if (!endpoint.ok()) return failed<BytesRecord>(endpoint.error());
  const Result<Bytes> body = heap_bytes(pointer, length);
  if (!body.ok()) return failed<BytesRecord>(body.error());
  const Result<Buffer> written =
      reveal_reply(*endpoint.value(), as_text(body.value()), reply_parts_in(allowed),
                   as_xml ? ReplyFormat::kXml : ReplyFormat::kJson, Limits{});
  if (!written.ok()) return failed<BytesRecord>(written.error());
  BytesRecord record;
  record.bytes = copied_bytes(written.value().span());
  return record;
}

val error_codes() {
  val table = val::array();
  for (const ErrorCodeInfo& info : kErrorCodes) {
    val row = val::object();
    row.set("code", text(info.word));
    row.set("stage", text(info.stage));
    row.set("retryable", info.retryable);
    table.call<void>("push", row);
  }
  return table;
}

val endpoint_table() {
  val table = val::array();
  for (const Endpoint& endpoint : endpoints()) table.call<void>("push", endpoint_row(endpoint));
  return table;
}

EMSCRIPTEN_BINDINGS(netocr_messages) {
  emscripten::value_object<BytesRecord>("Encoded")
      .field("ok", &Outcome::ok)
      .field("code", &Outcome::code)
      .field("position", &Outcome::position)
      .field("detail", &Outcome::detail)
      .field("bytes", &BytesRecord::bytes);
  emscripten::value_object<RequestRecord>("Request")
      .field("ok", &Outcome::ok)
      .field("code", &Outcome::code)
      .field("position", &Outcome::position)
      .field("detail", &Outcome::detail)
      .field("body", &RequestRecord::body)
      .field("contentType", &RequestRecord::content_type);
}

}  // namespace netocr::bindings
