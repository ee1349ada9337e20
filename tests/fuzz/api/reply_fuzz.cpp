// json, xml, response: what a reply says is believed only where it is there to be read.
#include <algorithm>
#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "api/response.hpp"
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "text/json.hpp"
#include "text/text.hpp"
#include "text/xml.hpp"

namespace netocr::fuzz {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Document order: a parent comes before its children, and every child is in its parent's list once.
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

void require_unique_keys(const Tree& tree) {
  for (const Node& node : tree.nodes()) {
    if (node.kind != NodeKind::kObject) continue;
    for (const Node& child : tree.children(node))
      require(tree.find(node, child.key) == &child, "a name occurs once in an object");
  }
}

// Item names and words of the verdict, as the service's document has them: apart from the product's own
// table.
struct Words {
  std::string_view success, item, pass;
};
constexpr std::array<Words, 5> kWords = {{{"2000", "判定结果", "是"},
                                          {"2000", "判定结果", "是"},
                                          {"2000", "是否为活体", "活体"},
                                          {"0", "判定结果", "是"},
                                          {"0", "判定结果", "是"}}};

// Whether the body can hold these words: as they are, or escaped in a way of JSON or XML.
bool may_say(std::string_view body, std::string_view words) {
  return has(body, words) || has(body, "\\u") || has(body, "&#") || has(body, "<![CDATA[") ||
         has(body, "<!--") || has(body, "<?");
}

void require_pass(std::size_t operation, int http_status, std::string_view body, const Reply& reply) {
  const Words& words = kWords[operation];
  require(http_status == 200 && reply.status_code == words.success, "a pass has a success's status");
  const auto named = [](std::string_view name) {
    return [name](const Item& item) { return item.desc == name; };
  };
  require(std::count_if(reply.items.begin(), reply.items.end(), named(words.item)) == 1,
          "a pass has one verdict item");
  const auto verdict = std::find_if(reply.items.begin(), reply.items.end(), named(words.item));
  require(verdict->content == words.pass, "a pass says exactly the pass word");
  require(may_say(body, words.item) && may_say(body, words.pass) && may_say(body, words.success),
          "a pass is in the body");
  if (!reply.signals.has_value()) return require(words.pass == "是", "a video has signals");
  require(reply.signals->live == true && reply.signals->person_swapped == false,
          "a video passes live and with one person");
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
  require(has(text, tree->root().key), "the root's name is in the text");
  return true;
}

// The first byte chooses the operation, the second the HTTP status; the rest is the body.
bool run_response(Bytes bytes) {
  constexpr int kStatuses[] = {200, 200, 200, 200, 200, 401, 502, 0};
  Choices choices(bytes);
  const std::size_t operation = choices.byte() % kEndpoints.size();
  const int http_status = kStatuses[choices.byte() % std::size(kStatuses)];
  const std::string_view body = as_text(choices.rest());
  const ReplyOutcome outcome = parse_reply(kEndpoints[operation], http_status, body, kSmallLimits);
  const Reply& reply = outcome.reply;
  if (outcome.error.has_value()) {
    require(reply.verdict == Verdict::kIndeterminate && reply.items.empty(),
            "an error has no verdict and no items");
    require(*outcome.error->detail != '\0', "an error says what is wrong");
  } else {
    require(http_status == 200 && !reply.items.empty(), "a reply has items");
  }
  if (reply.score.has_value())
    require(reply.score->value >= 0 && reply.score->value <= reply.score->scale_max,
            "a score is on its scale");
  if (reply.verdict == Verdict::kPass) require_pass(operation, http_status, body, reply);
  return true;
}

}  // namespace netocr::fuzz
