// Walks the nodes of a tree.
#include "fuzz/text/tree_check.hpp"

#include "fuzz/fuzz.hpp"
#include "text/text.hpp"

namespace netocr::fuzz {

void require_sound(const Tree& tree, std::size_t input_bytes) {
  require(tree.size() > 0 && tree.size() <= kMaxTreeNodes, "a tree has 1 to kMaxTreeNodes nodes");
  std::size_t listed = 1;
  std::size_t texts = 0;
  for (const Node& node : tree.nodes()) {
    require(
        utf8_valid_length(node.key) == node.key.size() && utf8_valid_length(node.text) == node.text.size(),
        "keys and texts are UTF-8");
    texts += node.key.size();
    for (const Node& child : tree.children(node)) {
      require(&child > &node && &tree.nodes()[child.parent] == &node, "a child knows its parent");
      ++listed;
    }
  }
  require(listed == tree.size(), "every node but the root is a child");
  require(texts <= input_bytes, "keys are no longer than their source");
}

void require_depth(const Tree& tree) {
  for (const Node* node = &tree.nodes().back(); node != &tree.root();) {
    std::uint32_t depth = 0;
    for (const Node* at = node; at != &tree.root(); at = &tree.nodes()[at->parent]) ++depth;
    require(depth <= kSmallLimits.max_reply_depth + 1, "a tree is no deeper than the limit");
    --node;
  }
}

}  // namespace netocr::fuzz
