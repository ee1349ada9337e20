// pugixml ignores text outside the root, second roots and unknown entities, and has no limits: this adds
// them.
#include "text/xml_scan.hpp"

#include <algorithm>
#include <cstdint>

#include "text/tree.hpp"

namespace netocr::detail {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::size_t kMaxReferenceLength = 12;  // &#x0010FFFF;

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

// XML 1.0 production 2 (Char).
bool is_xml_char(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}

// `name` is what stands between # and ;.
bool is_character_reference(std::string_view name) {
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  if (name.empty()) return false;
  std::uint32_t code = 0;
  for (const char c : name) {
    if (digit_value(c) >= base) return false;
    code = code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(c));
    if (code > 0x10ffff) return false;
  }
  return is_xml_char(code);
}

bool is_known_reference(std::string_view name) {
  if (name.starts_with('#')) return is_character_reference(name.substr(1));
  return name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos";
}

class XmlScan {
 public:
  XmlScan(std::string_view text, const Limits& limits) : text_(text), max_depth_(limits.max_reply_depth) {}

  Status run() {
    while (at_ < text_.size()) {
      const Status step = text_[at_] == '<' ? markup() : run_of_text();
      if (!step.ok()) return step;
    }
    return depth_ == 0 && elements_ > 0 ? Status() : wrong("XML is cut off or has no root");
  }

 private:
  Error wrong(const char* detail) const { return Error{ErrorCode::kReplyMalformed, at_, detail}; }
  bool looking_at(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  Status run_of_text() {
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    const std::string_view run = text_.substr(at_, end - at_);
    if (depth_ == 0 && run.find_first_not_of(kWhiteSpace) != std::string_view::npos)
      return wrong("text outside the root");
    if (Status known = check_references(run); !known.ok()) return known;
    at_ = end;
    return {};
  }

  Status markup() {
    if (looking_at("<!--")) return skip_past("-->", 4);
    if (looking_at("<?")) return skip_past("?>", 2);
    if (looking_at("<![CDATA[")) return depth_ > 0 ? skip_past("]]>", 9) : wrong("text outside the root");
    if (looking_at("<!")) return wrong("DOCTYPE is not accepted");
    if (looking_at("</")) return end_tag();
    return start_tag();
  }

  Status skip_past(std::string_view end, std::size_t opening) {
    const std::size_t found = text_.find(end, at_ + opening);
    if (found == std::string_view::npos) return wrong("XML is cut off");
    at_ = found + end.size();
    return {};
  }

  Status end_tag() {
    if (depth_ == 0) return wrong("end tag without start tag");
    --depth_;
    return skip_past(">", 2);
  }

  Status start_tag() {
    if (depth_ == 0 && elements_ > 0) return wrong("second root");
    if (depth_ >= max_depth_) return Error{ErrorCode::kReplyTooLarge, at_, "nested deeper than the limit"};
    if (++elements_ > kMaxTreeNodes)
      return Error{ErrorCode::kReplyTooLarge, at_, "too many elements in the reply"};
    const std::size_t end = tag_end();
    if (end == std::string_view::npos) return wrong("XML is cut off");
    if (Status known = check_references(text_.substr(at_, end - at_)); !known.ok()) return known;
    if (text_[end - 1] != '/') ++depth_;
    at_ = end + 1;
    return {};
  }

  // The > of the tag at at_, outside quotes.
  std::size_t tag_end() const {
    char quote = 0;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '<') return std::string_view::npos;
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i;
      }
    }
    return std::string_view::npos;
  }

  Status check_references(std::string_view run) const {
    for (std::size_t at = run.find('&'); at != std::string_view::npos; at = run.find('&', at + 1)) {
      const std::string_view rest = run.substr(at, kMaxReferenceLength);
      const std::size_t end = rest.find(';');
      if (end == std::string_view::npos || !is_known_reference(rest.substr(1, end - 1)))
        return wrong("unknown entity");
    }
    return {};
  }

  std::string_view text_;
  std::uint32_t max_depth_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace

Status scan_xml(std::string_view text, const Limits& limits) { return XmlScan(text, limits).run(); }

}  // namespace netocr::detail
