// RFC 8259 in one pass, without recursion and without an allocation besides the tree's: a library that
// allocates with new would abort the module where a hostile reply meets a full heap.
#include "text/json.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "text/text.hpp"

namespace netocr {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::string_view kEscaped = "\"\\/bfnrt";
constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
static_assert(kEscaped.size() == kMeant.size());
constexpr std::size_t kHexDigits = 4;

constexpr bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

class JsonReader {
 public:
  JsonReader(std::string_view text, TreeBuilder& builder) : text_(text), builder_(builder) {
    if (text.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  Status run() {
    Status read = value();
    while (read.ok() && builder_.has_open()) read = element_or_end();
    if (!read.ok()) return read;
    skip_space();
    return at_ == text_.size() ? Status() : wrong("not JSON");
  }

 private:
  Error wrong(const char* detail) const { return Error{ErrorCode::kReplyMalformed, at_, detail}; }
  bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!is_at(c)) return false;
    ++at_;
    return true;
  }
  void skip_space() { at_ = std::min(text_.find_first_not_of(kWhiteSpace, at_), text_.size()); }

  Status value() {
    skip_space();
    if (is_at('{')) return open(NodeKind::kObject);
    if (is_at('[')) return open(NodeKind::kArray);
    if (is_at('t')) return word("true", NodeKind::kBool);
    if (is_at('f')) return word("false", NodeKind::kBool);
    if (is_at('n')) return word("null", NodeKind::kNull);
    if (!is_at('"')) return number();
    if (Status read = string(); !read.ok()) return read;
    return builder_.add_written(NodeKind::kString);
  }

  // What follows in the innermost array or object: its end, or one element with the comma before it.
  Status element_or_end() {
    const bool is_object = builder_.is_in_object();
    skip_space();
    if (take(is_object ? '}' : ']')) return close(is_object);
    if (!std::exchange(is_first_, false) && !take(',')) return wrong("not JSON");
    if (is_object) {
      if (Status named = name(); !named.ok()) return named;
    }
    return value();
  }

  Status open(NodeKind kind) {
    ++at_;
    is_first_ = true;
    return builder_.open(kind);
  }

  Status close(bool is_object) {
    const Status unique = is_object ? builder_.check_unique_keys() : Status();
    builder_.close();
    is_first_ = false;
    return unique;
  }

  Status name() {
    skip_space();
    if (Status read = string(); !read.ok()) return read;
    builder_.set_written_key();
    skip_space();
    return take(':') ? Status() : wrong("not JSON");
  }

  Status word(std::string_view expected, NodeKind kind) {
    if (!text_.substr(at_).starts_with(expected)) return wrong("not JSON");
    at_ += expected.size();
    return builder_.add(kind, kind == NodeKind::kNull ? std::string_view() : expected);
  }

  Status number() {
    const std::string_view digits = text_.substr(at_, json_number_length(text_.substr(at_)));
    if (digits.empty()) return wrong("not JSON");
    if (!is_in_double_range(digits)) return wrong("a number beyond double's range");
    at_ += digits.size();
    return builder_.add(NodeKind::kNumber, digits);
  }

  // Writes the string at at_, unescaped; add_written() or set_written_key() is to follow.
  Status string() {
    if (!take('"')) return wrong("not JSON");
    while (!take('"')) {
      if (Status written = take('\\') ? escape() : plain_run(); !written.ok()) return written;
    }
    return {};
  }

  // Characters that stand for themselves. A control character, NUL among them, is none.
  Status plain_run() {
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\\' &&
           static_cast<std::uint8_t>(text_[end]) >= 0x20) {
      ++end;
    }
    const std::string_view run = text_.substr(at_, end - at_);
    if (run.empty()) return wrong("a string that is cut off or has a control character");
    const std::size_t valid = utf8_valid_length(run);
    at_ += valid;
    return valid == run.size() ? builder_.write(run) : wrong("not UTF-8");
  }

  Status escape() {
    if (take('u')) return code_point();
    const std::size_t which = at_ < text_.size() ? kEscaped.find(text_[at_]) : std::string_view::npos;
    if (which == std::string_view::npos) return wrong("an unknown escape");
    ++at_;
    return builder_.write(kMeant.substr(which, 1));
  }

  // After \u: four digits, and the other half of a surrogate pair.
  Status code_point() {
    const std::optional<std::uint32_t> unit = hex_unit();
    if (!unit.has_value() || is_low_surrogate(*unit)) return wrong("not a code point");
    if (!is_high_surrogate(*unit)) return write_utf8(*unit);
    const bool has_second = take('\\') && take('u');
    const std::optional<std::uint32_t> second = has_second ? hex_unit() : std::nullopt;
    if (!second.has_value() || !is_low_surrogate(*second)) return wrong("half of a surrogate pair");
    return write_utf8(0x10000 + ((*unit - 0xd800) << 10) + (*second - 0xdc00));
  }

  std::optional<std::uint32_t> hex_unit() {
    const std::string_view digits = text_.substr(at_, kHexDigits);
    if (digits.size() < kHexDigits) return std::nullopt;
    std::uint32_t unit = 0;
    for (const char c : digits) {
      const int digit = hex_digit(c);
      if (digit < 0) return std::nullopt;
      unit = unit << 4 | static_cast<std::uint32_t>(digit);
    }
    at_ += kHexDigits;
    return unit;
  }

  Status write_utf8(std::uint32_t code) {
    char bytes[4];
    std::size_t length = 0;
    const auto put = [&](std::uint32_t byte) { bytes[length++] = static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xc0 | code >> 6);
    } else if (code < 0x10000) {
      put(0xe0 | code >> 12);
    } else {
      put(0xf0 | code >> 18);
    }
    if (code >= 0x10000) put(0x80 | (code >> 12 & 0x3f));
    if (code >= 0x800) put(0x80 | (code >> 6 & 0x3f));
    if (code >= 0x80) put(0x80 | (code & 0x3f));
    return builder_.write({bytes, length});
  }

  std::string_view text_;
  TreeBuilder& builder_;
  std::size_t at_ = 0;
  bool is_first_ = false;  // the innermost array or object has no element yet
};

}  // namespace

Result<Tree> parse_json(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_reply_bytes)
    return Error{ErrorCode::kReplyTooLarge, 0, "more bytes than the limit"};
  Result<TreeBuilder> builder = TreeBuilder::create(text.size(), limits);
  if (!builder.ok()) return builder.error();
  if (const Status read = JsonReader(text, builder.value()).run(); !read.ok()) return read.error();
  return std::move(builder).value().finish();
}

}  // namespace netocr
