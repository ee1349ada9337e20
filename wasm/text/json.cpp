// JSON through nlohmann/json's event interface: no exceptions, no tree of its own, and we can stop at any
// event.
#include "text/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace netocr {
namespace {

using nlohmann::json;

class TreeEvents {  // the names are nlohmann's
 public:
  TreeEvents(TreeBuilder& builder, std::size_t text_bytes) : builder_(builder), text_bytes_(text_bytes) {}

  bool null() { return go_on(builder_.add(NodeKind::kNull, {})); }
  bool boolean(bool value) { return go_on(builder_.add(NodeKind::kBool, value ? "true" : "false")); }
  // Only what has a minus comes as integer, so its zero was written -0.
  bool number_integer(json::number_integer_t value) {
    return add_number(value == 0 ? "-0" : std::to_string(value));
  }
  bool number_unsigned(json::number_unsigned_t value) { return add_number(std::to_string(value)); }
  bool number_float(json::number_float_t, const std::string& source) { return add_number(source); }
  bool string(std::string& value) { return go_on(builder_.add(NodeKind::kString, value)); }
  bool binary(json::binary_t&) { return false; }  // not in JSON
  bool key(std::string& name) { return go_on(builder_.set_key(name)); }
  bool start_object(std::size_t) { return go_on(builder_.open(NodeKind::kObject)); }
  bool start_array(std::size_t) { return go_on(builder_.open(NodeKind::kArray)); }
  bool end_object() {
    const Status unique = builder_.check_unique_keys();
    builder_.close();
    return go_on(unique);
  }
  bool end_array() {
    builder_.close();
    return true;
  }
  // The end of the text counts as a byte that was read.
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
    error_ = Error{ErrorCode::kReplyMalformed, std::min(position, text_bytes_), "not JSON"};
    return false;
  }

  const Error& error() const { return error_; }

 private:
  bool go_on(const Status& status) {
    if (!status.ok()) error_ = status.error();
    return status.ok();
  }
  bool add_number(std::string_view source) { return go_on(builder_.add(NodeKind::kNumber, source)); }

  TreeBuilder& builder_;
  std::size_t text_bytes_;
  Error error_{ErrorCode::kReplyMalformed, 0, "not JSON"};
};

}  // namespace

Result<Tree> parse_json(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_reply_bytes)
    return Error{ErrorCode::kReplyTooLarge, 0, "more bytes than the limit"};
  // nlohmann takes NUL for the end of the input and would accept whatever follows it.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorCode::kReplyMalformed, nul, "NUL byte in JSON"};
  }
  Result<TreeBuilder> builder = TreeBuilder::create(text.size(), limits);
  if (!builder.ok()) return builder.error();
  TreeEvents events(builder.value(), text.size());
  if (!json::sax_parse(text.begin(), text.end(), &events, json::input_format_t::json, true, false))
    return events.error();
  return std::move(builder).value().finish();
}

}  // namespace netocr
