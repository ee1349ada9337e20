// Checks what pugixml ignores: text outside the root, second roots, unknown entities, and limits.
#include "text/xml_scan.hpp"

#include <algorithm>
#include <cstdint>

#include "text/text.hpp"
#include "text/tree.hpp"

namespace netocr::detail {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
constexpr std::size_t kMaxReferenceLength = 12;  // length of &#x0010FFFF;
constexpr std::size_t kMaxPieces = 4 * kMaxTreeNodes;

// Returns whether the code matches XML 1.0 production 2 (Char).
bool is_xml_char(std::uint32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code <= 0x10ffff);
}

// `name` is the text between # and ;.
bool is_character_reference(std::string_view name) {
  const int base = name.starts_with('x') ? 16 : 10;
  if (base == 16) name.remove_prefix(1);
  if (name.empty()) return false;
  std::uint32_t code = 0;
  for (const char c : name) {
    const int digit = hex_digit(c);
    if (digit < 0 || digit >= base) return false;
    code = code * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
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
  XmlScan(std::string_view text, const Limits& limits) : text_(text), max_depth_(max_tree_depth(limits)) {}

  Status run() {
    while (at_ < text_.size()) {
      NETOCR_TRY(text_[at_] == '<' ? markup() : run_of_text());
    }
    return depth_ == 0 && nodes_ > 0 ? Status() : wrong("XML is cut off or has no root");
  }

 private:
  Error wrong(const char* detail) const { return Error{ErrorCode::kReplyMalformed, at_, detail}; }
  bool looking_at(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }

  Status run_of_text() {
    const std::size_t end = std::min(text_.find('<', at_), text_.size());
    const std::string_view run = text_.substr(at_, end - at_);
    const bool is_blank = run.find_first_not_of(kWhiteSpace) == std::string_view::npos;
    if (depth_ == 0 && !is_blank) return wrong("text outside the root");
    NETOCR_TRY(check_references(run));
    at_ = end;
    return count(pieces_, is_blank ? 0 : 1, kMaxPieces);
  }

  Status markup() {
    if (looking_at("<!--")) return skip_past("-->", 4);
    if (looking_at("<?")) return skip_past("?>", 2);
    if (looking_at("<![CDATA[")) return cdata();
    if (looking_at("<!")) return wrong("DOCTYPE is not accepted");
    if (looking_at("</")) return end_tag();
    return start_tag();
  }

  Status cdata() {
    if (depth_ == 0) return wrong("text outside the root");
    NETOCR_TRY(count(pieces_, 1, kMaxPieces));
    return skip_past("]]>", 9);
  }

  // Every element, attribute and piece of text becomes a node of pugixml of 20 to 32 bytes.
  Status count(std::size_t& counter, std::size_t more, std::size_t max) const {
    counter += more;
    if (counter <= max) return {};
    return Error{ErrorCode::kReplyTooLarge, at_, "too many elements, attributes or texts in the reply"};
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
    if (depth_ == 0 && nodes_ > 0) return wrong("second root");
    if (depth_ >= max_depth_) return Error{ErrorCode::kReplyTooLarge, at_, "nested deeper than the limit"};
    std::size_t attributes = 0;
    const std::size_t end = tag_end(attributes);
    if (end == std::string_view::npos) return wrong("XML is cut off");
    NETOCR_TRY(count(nodes_, 1 + attributes, kMaxTreeNodes));
    NETOCR_TRY(check_references(text_.substr(at_, end - at_)));
    if (text_[end - 1] != '/') ++depth_;
    at_ = end + 1;
    return {};
  }

  // Returns the position of the > that ends the tag at at_, outside quotes; `attributes` counts the equals
  // signs before it.
  std::size_t tag_end(std::size_t& attributes) const {
    char quote = 0;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '<') return std::string_view::npos;
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '=') {
        ++attributes;
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
  std::size_t nodes_ = 0;   // elements and attributes
  std::size_t pieces_ = 0;  // runs of text and CDATA sections
};

}  // namespace

Status scan_xml(std::string_view text, const Limits& limits) { return XmlScan(text, limits).run(); }

}  // namespace netocr::detail
