// XML through pugixml, without its file, XPath and STL parts. The document is parsed in a copy (pugixml
// writes into it) and copied into a Tree, walking without recursion.
#include "text/xml.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "text/text.hpp"
#include "text/xml_scan.hpp"

namespace netocr {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
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
    if (Status named = builder.set_key(attribute.name()); !named.ok()) return named;
    if (Status added = builder.add(NodeKind::kAttribute, attribute.value()); !added.ok()) return added;
  }
  return builder.check_unique_keys();
}

// Opens the element with its attributes and its own text.
Status open_element(pugi::xml_node element, TreeBuilder& builder) {
  if (Status named = builder.set_key(element.name()); !named.ok()) return named;
  if (Status opened = builder.open(NodeKind::kElement); !opened.ok()) return opened;
  if (Status added = add_attributes(element, builder); !added.ok()) return added;
  for (const pugi::xml_node child : element.children()) {
    if (child.type() == pugi::node_element) continue;
    if (Status appended = builder.append_text(child.value()); !appended.ok()) return appended;
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
    if (Status opened = open_element(node, builder); !opened.ok()) return opened;
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
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const Status fit = check_text(text, limits); !fit.ok()) return fit.error();
  Result<Buffer> copy = Buffer::create(text.size());
  if (!copy.ok()) return copy.error();
  std::copy(text.begin(), text.end(), copy->data());
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer_inplace(copy->data(), copy->size(), kParseOptions, pugi::encoding_utf8);
  if (parsed.status == pugi::status_out_of_memory)
    return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  if (!parsed) return Error{ErrorCode::kReplyMalformed, static_cast<std::size_t>(parsed.offset), "not XML"};
  Result<TreeBuilder> builder = TreeBuilder::create(text.size(), limits);
  if (!builder.ok()) return builder.error();
  if (const Status copied = copy_elements(document.document_element(), builder.value()); !copied.ok())
    return copied.error();
  return std::move(builder).value().finish();
}

}  // namespace netocr
