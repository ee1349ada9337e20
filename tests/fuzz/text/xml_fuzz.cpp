// Fuzzes xml: the result must be a sound tree with one root.
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/text/tree_check.hpp"
#include "text/xml.hpp"

namespace netocr::fuzz {

bool run_xml(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  const auto tree = parse_xml(text, kSmallLimits);
  if (!tree.ok()) {
    require_typed(tree.error(), bytes.size());
    return true;
  }
  require_sound(*tree, bytes.size());
  require_depth(*tree);
  require(tree->root().kind == NodeKind::kElement && !tree->root().key.empty(), "the root is an element");
  require(text.find(tree->root().key) != std::string_view::npos, "the root's name is in the text");
  return true;
}

}  // namespace netocr::fuzz
