// Stores the tree's nodes in an array that doubles, its texts in one block as long as the source.
#include "text/tree.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace netocr {
namespace {

constexpr std::size_t kFirstNodes = 64;

}  // namespace

const Node* Tree::find(const Node& node, std::string_view key) const {
  for (const Node& child : children(node)) {
    if (child.key == key) return &child;
  }
  return nullptr;
}

Result<TreeBuilder> TreeBuilder::create(std::size_t text_capacity, const Limits& limits) {
  NETOCR_ASSIGN(Array<Node> nodes, Array<Node>::create(kFirstNodes));
  NETOCR_ASSIGN(Buffer texts, Buffer::create(text_capacity));
  TreeBuilder builder;
  builder.tree_.nodes_ = std::move(nodes);
  builder.tree_.texts_ = std::move(texts);
  builder.max_depth_ = max_tree_depth(limits);
  return builder;
}

Result<std::string_view> TreeBuilder::keep(std::string_view text) {
  if (text.size() > tree_.texts_.size() - texts_used_)
    return Error{ErrorCode::kReplyTooLarge, 0, "texts outgrow the reply"};
  char* const at = reinterpret_cast<char*>(tree_.texts_.data()) + texts_used_;
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  texts_used_ += text.size();
  return std::string_view(at, text.size());
}

Status TreeBuilder::set_key(std::string_view key) {
  NETOCR_ASSIGN(const std::string_view kept, keep(key));
  key_ = kept;
  return {};
}

Status TreeBuilder::append_node(NodeKind kind, std::string_view text) {
  if (count_ == kMaxTreeNodes) return Error{ErrorCode::kReplyTooLarge, 0, "too many values in the reply"};
  if (count_ == tree_.nodes_.size()) {
    NETOCR_TRY(tree_.nodes_.resize(std::min(count_ * 2, kMaxTreeNodes)));
  }
  const auto index = static_cast<std::uint32_t>(count_++);
  tree_.nodes_[index] = Node{kind, std::exchange(key_, {}), text, open_, kNoNode, kNoNode, kNoNode};
  if (open_ == kNoNode) return {};
  Node& parent = tree_.nodes_[open_];
  (parent.last_child == kNoNode ? parent.first_child : tree_.nodes_[parent.last_child].next_sibling) = index;
  parent.last_child = index;
  return {};
}

Status TreeBuilder::add(NodeKind kind, std::string_view text) {
  NETOCR_ASSIGN(const std::string_view kept, keep(text));
  return append_node(kind, kept);
}

Status TreeBuilder::open(NodeKind kind) {
  if (depth_ >= max_depth_) return Error{ErrorCode::kReplyTooLarge, 0, "nested deeper than the limit"};
  NETOCR_TRY(append_node(kind, {}));
  open_ = static_cast<std::uint32_t>(count_ - 1);
  ++depth_;
  return {};
}

Status TreeBuilder::append_text(std::string_view text) {
  NETOCR_ASSIGN(const std::string_view kept, keep(text));
  Node& node = tree_.nodes_[open_];
  // The pieces are adjacent, so the joined text is one view.
  assert(node.text.empty() || node.text.data() + node.text.size() == kept.data());
  const char* const begin = node.text.empty() ? kept.data() : node.text.data();
  node.text = std::string_view(begin, node.text.size() + text.size());
  return {};
}

void TreeBuilder::close() {
  open_ = tree_.nodes_[open_].parent;
  --depth_;
}

// The keys are sorted, so that an object of fifty thousand members is checked quickly.
Status TreeBuilder::check_unique_keys() const {
  const NodeRange members = tree_.children(tree_.nodes_[open_]);
  std::size_t count = 0;
  for ([[maybe_unused]] const Node& member : members) ++count;
  NETOCR_ASSIGN(Array<std::string_view> keys, Array<std::string_view>::create(count));
  std::string_view* end = keys.data();
  for (const Node& member : members) *end++ = member.key;
  std::sort(keys.data(), end);
  if (std::adjacent_find(keys.data(), end) == end) return {};
  return Error{ErrorCode::kReplyMalformed, 0, "a name occurs twice in one place"};
}

Tree TreeBuilder::finish() && {
  // A failed shrink is harmless: the array keeps its size, so only size() would be wrong.
  if (!tree_.nodes_.resize(count_).ok()) assert(false);
  return std::move(tree_);
}

}  // namespace netocr
