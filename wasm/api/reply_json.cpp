// Reads JSON replies of both dialects. Wrong nesting is rejected, never skipped: the skipped part could
// contradict the rest.
#include "api/reply_tree.hpp"
#include "text/text.hpp"

namespace netocr::detail {
namespace {

struct Dialect {
  std::string_view message, groups, items;
};
constexpr Dialect kDialects[] = {{"message", "cardsinfo", "items"}, {"messageString", "infoList", "veritem"}};

Error malformed(const char* detail) { return Error{ErrorCode::kReplyMalformed, 0, detail}; }

// Returns "" for an absent or null value, and nothing for an array or object.
std::optional<std::string_view> scalar(const Node* node) {
  if (node == nullptr || node->kind == NodeKind::kNull) return std::string_view();
  if (node->kind == NodeKind::kArray || node->kind == NodeKind::kObject) return std::nullopt;
  return node->text;
}

bool is_absent_list(const Node* list) {
  if (list == nullptr || list->kind == NodeKind::kNull) return true;
  return list->kind == NodeKind::kString && trim(list->text).empty();
}

Status read_message(const Tree& tree, const Node& message, ReplyWriter& reply) {
  if (message.kind != NodeKind::kObject) return malformed("the message is no object");
  const std::optional<std::string_view> status = scalar(tree.find(message, "status"));
  const std::optional<std::string_view> value = scalar(tree.find(message, "value"));
  if (!status.has_value() || !value.has_value()) return malformed("status or value is no text");
  return reply.set_status(*status, *value);
}

Status read_item(const Tree& tree, const Node& node, ReplyWriter& reply) {
  if (node.kind != NodeKind::kObject) return malformed("an item is no object");
  const std::optional<std::string_view> desc = scalar(tree.find(node, "desc"));
  const std::optional<std::string_view> content = scalar(tree.find(node, "content"));
  if (!desc.has_value() || !content.has_value()) return malformed("desc or content is no text");
  return reply.add_item(*desc, *content);
}

Status read_items(const Tree& tree, const Node* list, ReplyWriter& reply) {
  if (is_absent_list(list)) return {};
  if (list->kind != NodeKind::kArray) return malformed("the items are no array");
  for (const Node& item : tree.children(*list)) {
    NETOCR_TRY(read_item(tree, item, reply));
  }
  return {};
}

Status read_groups(const Tree& tree, const Dialect& dialect, ReplyWriter& reply) {
  const Node* const groups = tree.find(tree.root(), dialect.groups);
  if (is_absent_list(groups)) return {};
  if (groups->kind != NodeKind::kArray) return malformed("the list of cards is no array");
  for (const Node& group : tree.children(*groups)) {
    if (group.kind != NodeKind::kObject) return malformed("a card is no object");
    NETOCR_TRY(read_items(tree, tree.find(group, dialect.items), reply));
  }
  return {};
}

}  // namespace

Status read_json_reply(const Tree& tree, const Endpoint& endpoint, ReplyWriter& reply) {
  if (tree.root().kind != NodeKind::kObject) return malformed("the reply is no object");
  const Dialect* found = nullptr;
  for (const Dialect& dialect : kDialects) {
    if (tree.find(tree.root(), dialect.message) == nullptr) continue;
    if (found != nullptr) return malformed("the reply has two statuses");
    found = &dialect;
  }
  if (found == nullptr) return malformed("the reply has no status");
  NETOCR_TRY(read_message(tree, *tree.find(tree.root(), found->message), reply));
  if (!endpoint.is_success(reply.reply().status_code)) return {};
  return read_groups(tree, *found, reply);
}

}  // namespace netocr::detail
