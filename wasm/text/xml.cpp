// Parses XML by pugixml without its file, XPath and STL parts. The document is parsed in a copy (pugixml
// modifies it) and copied into a Tree by a walk without recursion.
#include "text/xml.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "text/text.hpp"
#include "text/xml_scan.hpp"

namespace netocr {
namespace {

constexpr unsigned kParseOptions =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_wconv_attribute;

Status check_text(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_reply_bytes)
    return Error{ErrorCode::kReplyTooLarge, 0, "more bytes than the limit"};
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorCode::kReplyMalformed, nul, "NUL byte in XML"};
  }
  if (const std::size_t valid = utf8_valid_length(text); valid != text.size()) {
    return Error{ErrorCode::kReplyMalformed, valid, "not UTF-8"};
  }
  return detail::scan_xml(text, limits);
}

Status add_attributes(pugi::xml_node element, TreeBuilder& builder) {
  for (const pugi::xml_attribute attribute : element.attributes()) {
    NETOCR_TRY(builder.set_key(attribute.name()));
    NETOCR_TRY(builder.add(NodeKind::kAttribute, attribute.value()));
  }
  return builder.check_unique_keys();
}

// Opens the element with its attributes and its own text.
Status open_element(pugi::xml_node element, TreeBuilder& builder) {
  NETOCR_TRY(builder.set_key(element.name()));
  NETOCR_TRY(builder.open(NodeKind::kElement));
  NETOCR_TRY(add_attributes(element, builder));
  for (const pugi::xml_node child : element.children()) {
    if (child.type() == pugi::node_element) continue;
    NETOCR_TRY(builder.append_text(child.value()));
  }
  return {};
}

pugi::xml_node element_from(pugi::xml_node node) {
  while (node && node.type() != pugi::node_element) node = node.next_sibling();
  return node;
}

Status copy_elements(pugi::xml_node root, TreeBuilder& builder) {
  pugi::xml_node node = root;
  for (;;) {
    NETOCR_TRY(open_element(node, builder));
    pugi::xml_node next = element_from(node.first_child());
    while (!next) {
      builder.close();
      if (node == root) return {};
      next = element_from(node.next_sibling());
      if (!next) node = node.parent();
    }
    node = next;
  }
}

}  // namespace

Result<Tree> parse_xml(std::string_view text, const Limits& limits) {
  text = without_byte_order_mark(text);
  NETOCR_TRY(check_text(text, limits));
  NETOCR_ASSIGN(Buffer copy, Buffer::create(text.size()));
  std::copy(text.begin(), text.end(), copy.data());
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer_inplace(copy.data(), copy.size(), kParseOptions, pugi::encoding_utf8);
  if (parsed.status == pugi::status_out_of_memory) return out_of_memory();
  if (!parsed) return Error{ErrorCode::kReplyMalformed, static_cast<std::size_t>(parsed.offset), "not XML"};
  NETOCR_ASSIGN(TreeBuilder builder, TreeBuilder::create(text.size(), limits));
  NETOCR_TRY(copy_elements(document.document_element(), builder));
  return std::move(builder).finish();
}

}  // namespace netocr
