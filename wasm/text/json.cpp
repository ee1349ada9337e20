// Parses JSON through nlohmann/json's event interface, which throws no exceptions, builds no tree and can be
// stopped at any event. The library allocates with new, which aborts a module without memory, so the memory
// that it may need is checked first.
#include "text/json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace netocr {
namespace {

using nlohmann::json;

class TreeEvents {  // nlohmann defines the member names
 public:
  TreeEvents(TreeBuilder& builder, std::size_t text_bytes) : builder_(builder), text_bytes_(text_bytes) {}

  bool null() { return go_on(builder_.add(NodeKind::kNull, {})); }
  bool boolean(bool value) { return go_on(builder_.add(NodeKind::kBool, value ? "true" : "false")); }
  // Only numbers with a minus arrive as integer, so zero was written -0.
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

// No reply has more white space: a service's has some thousand lines at most. In an error message the library
// writes eight bytes for each line break.
constexpr std::size_t kMaxControls = 1U << 16;

std::size_t count_controls(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return static_cast<std::uint8_t>(c) < 0x20; }));
}

// Returns an upper bound of nlohmann's simultaneous allocations for a text: the lexer keeps what it has read
// since the last string or number (a vector that doubles), the current string (another one), and after an
// error about six copies of the first.
constexpr std::size_t library_bytes(std::size_t text_bytes, std::size_t controls) {
  constexpr std::size_t kVectors = 2 * 3;
  constexpr std::size_t kCopies = 10;
  constexpr std::size_t kEscape = 7;  // additional bytes of a control character
  return (64U << 10) + kVectors * text_bytes + kCopies * (text_bytes + kEscape * controls);
}

}  // namespace

Result<Tree> parse_json(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_reply_bytes)
    return Error{ErrorCode::kReplyTooLarge, 0, "more bytes than the limit"};
  // nlohmann treats NUL as the end of the input and would accept any bytes behind it.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorCode::kReplyMalformed, nul, "NUL byte in JSON"};
  }
  NETOCR_ASSIGN(TreeBuilder builder, TreeBuilder::create(text.size(), limits));
  const std::size_t controls = count_controls(text);
  if (controls > kMaxControls)
    return Error{ErrorCode::kReplyTooLarge, 0, "more white space than a reply has"};
  if (!has_room_for(library_bytes(text.size(), controls))) return out_of_memory("no room to judge the reply");
  TreeEvents events(builder, text.size());
  if (!json::sax_parse(text.begin(), text.end(), &events, json::input_format_t::json, true, false))
    return events.error();
  return std::move(builder).finish();
}

}  // namespace netocr
