// Reads XML replies. One real body of the api/* family is known; the shape for verapi/* is inferred from it
// and from the JSON dialects.
#include "api/reply_tree.hpp"
#include "text/text.hpp"

namespace netocr::detail {
namespace {

Error malformed(const char* detail) { return Error{ErrorCode::kReplyMalformed, 0, detail}; }

bool is_element(const Node& node) { return node.kind == NodeKind::kElement; }
bool is_message(const Node& node) {
  return is_element(node) && (node.key == "message" || node.key == "messageString");
}

bool has_elements(const Tree& tree, const Node& node) {
  for (const Node& child : tree.children(node)) {
    if (is_element(child)) return true;
  }
  return false;
}

// Returns the text of the only child element of this name, "" when there is none; nothing when there are two
// or it has children.
std::optional<std::string_view> child_text(const Tree& tree, const Node& node, std::string_view name) {
  std::optional<std::string_view> text;
  for (const Node& child : tree.children(node)) {
    if (!is_element(child) || child.key != name) continue;
    if (text.has_value() || has_elements(tree, child)) return std::nullopt;
    text = child.text;
  }
  return text.value_or(std::string_view());
}

Status read_message(const Tree& tree, const Node& message, ReplyWriter& reply) {
  const std::optional<std::string_view> status = child_text(tree, message, "status");
  const std::optional<std::string_view> value = child_text(tree, message, "value");
  if (!status.has_value() || !value.has_value()) return malformed("status or value is not one text");
  return reply.set_status(*status, *value);
}

const Node* attribute(const Tree& tree, const Node& element, std::string_view name) {
  for (const Node& child : tree.children(element)) {
    if (child.kind == NodeKind::kAttribute && child.key == name) return &child;
  }
  return nullptr;
}

bool has_element(const Tree& tree, const Node& element, std::string_view name) {
  for (const Node& child : tree.children(element)) {
    if (is_element(child) && child.key == name) return true;
  }
  return false;
}

// Reads <item desc="...">content</item> or <item><desc>...</desc><content>...</content></item>.
Status read_element(const Tree& tree, const Node& element, ReplyWriter& reply) {
  const Node* const desc = attribute(tree, element, "desc");
  if (has_elements(tree, element)) {
    if (!trim(element.text).empty()) return malformed("text between elements");
    if (!has_element(tree, element, "desc")) return {};
    const std::optional<std::string_view> name = child_text(tree, element, "desc");
    const std::optional<std::string_view> content = child_text(tree, element, "content");
    if (desc != nullptr || !name.has_value() || !content.has_value())
      return malformed("an item with two names or contents");
    return reply.add_item(*name, *content);
  }
  if (desc != nullptr) return reply.add_item(desc->text, element.text);
  return {};
}

}  // namespace

Status read_xml_reply(const Tree& tree, const Endpoint& endpoint, ReplyWriter& reply) {
  if (tree.root().key != "data") return malformed("the root is not data");
  const Node* message = nullptr;
  for (const Node& child : tree.children(tree.root())) {
    if (!is_message(child)) continue;
    if (message != nullptr) return malformed("the reply has two statuses");
    message = &child;
  }
  if (message == nullptr) return malformed("the reply has no status");
  NETOCR_TRY(read_message(tree, *message, reply));
  if (!endpoint.is_success(reply.reply().status_code)) return {};
  for (const Node& node : tree.nodes()) {
    if (!is_element(node)) continue;
    NETOCR_TRY(read_element(tree, node, reply));
  }
  return {};
}

}  // namespace netocr::detail
