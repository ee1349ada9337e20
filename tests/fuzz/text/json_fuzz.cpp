// Fuzzes json: a text that is parsed must be JSON, and the result a sound tree.
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/text/tree_check.hpp"
#include "text/json.hpp"

namespace netocr::fuzz {
namespace {

void require_unique_keys(const Tree& tree) {
  for (const Node& node : tree.nodes()) {
    if (node.kind != NodeKind::kObject) continue;
    for (const Node& child : tree.children(node))
      require(tree.find(node, child.key) == &child, "a name occurs once in an object");
  }
}

}  // namespace

bool run_json(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  const auto tree = parse_json(text, kSmallLimits);
  if (!tree.ok()) {
    require_typed(tree.error(), bytes.size());
    return true;
  }
  require_sound(*tree, bytes.size());
  require_depth(*tree);
  require_unique_keys(*tree);
  require(nlohmann::json::accept(text), "what is parsed is JSON");
  return true;
}

}  // namespace netocr::fuzz
