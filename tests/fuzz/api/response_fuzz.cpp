// Fuzzes response: every text of the result must occur in the body.
#include <algorithm>
#include <array>
#include <string>

#include "api/response.hpp"
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Item names and words of the verdict as the service's document has them, independent of the product's own
// table.
struct Words {
  std::string_view success, item, pass;
};
constexpr std::array<Words, 5> kWords = {{{"2000", "判定结果", "是"},
                                          {"2000", "判定结果", "是"},
                                          {"2000", "是否为活体", "活体"},
                                          {"0", "判定结果", "是"},
                                          {"0", "判定结果", "是"}}};

// Returns whether the body can hold these words, plain or escaped as JSON or XML.
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
