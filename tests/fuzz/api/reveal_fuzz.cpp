// Fuzzes reveal: the revealed reply holds the allowed parts only, and a page judges it like the original.
#include <algorithm>
#include <array>
#include <string>

#include "api/response.hpp"
#include "api/reveal.hpp"
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {
namespace {

// Item names as the service's document has them, independent of the product's own tables.
struct Name {
  std::string_view item;
  ReplyParts part;
};
constexpr std::array<Name, 13> kNames = {{{"判定结果", kPartVerdict},
                                          {"是否为活体", kPartVerdict},
                                          {"是否有换人", kPartVerdict},
                                          {"判定值", kPartScore},
                                          {"是否有眨眼", kPartSignals},
                                          {"是否有张嘴", kPartSignals},
                                          {"姓名", kPartIdCard},
                                          {"性别", kPartIdCard},
                                          {"民族", kPartIdCard},
                                          {"出生", kPartIdCard},
                                          {"住址", kPartIdCard},
                                          {"公民身份号码", kPartIdCard},
                                          {"头像", kPartIdCard}}};
constexpr std::array<std::string_view, 4> kWords = {"是", "否", "活体", "非活体"};

bool is_service_error(const ReplyOutcome& outcome) {
  return outcome.error && error_word(outcome.error->code).starts_with("SERVICE_");
}

void require_allowed(const Item& item, ReplyParts allowed) {
  const auto* const name =
      std::find_if(kNames.begin(), kNames.end(), [&](const Name& row) { return row.item == item.desc; });
  require(name != kNames.end() && (name->part & allowed) != 0, "an item is of an allowed part");
  if ((name->part & (kPartVerdict | kPartSignals)) != 0)
    require(std::find(kWords.begin(), kWords.end(), item.content) != kWords.end(),
            "an answer is one of four words");
}

void require_same_score(const std::optional<Score>& page, const std::optional<Score>& original) {
  require(page.has_value() == original.has_value(), "a score is there or not");
  if (page) require(page->value == original->value, "a score is the same");
}

void require_alike(const Reply& page, const Reply& original, ReplyParts allowed) {
  const bool verdict = (allowed & kPartVerdict) != 0;
  require(page.verdict == (verdict ? original.verdict : Verdict::kIndeterminate),
          "a verdict is the same or withheld");
  require_same_score(page.score, (allowed & kPartScore) != 0 ? original.score : std::nullopt);
  require(page.signals.has_value() == (original.signals && (allowed & kPartSignals) != 0),
          "signals are there or not");
  if (page.signals)
    require(page.signals->blinked == original.signals->blinked &&
                page.signals->live == (verdict ? original.signals->live : std::nullopt),
            "signals are the same or withheld");
  require(page.id_card.has_value() == (original.id_card && (allowed & kPartIdCard) != 0),
          "a card is there or not");
}

}  // namespace

// The first byte chooses the operation, the second what is allowed, the third the format; the rest is the
// body.
bool run_reveal(Bytes bytes) {
  Choices choices(bytes);
  const Endpoint& endpoint = kEndpoints[choices.byte() % kEndpoints.size()];
  const ReplyParts allowed = choices.byte() & (kItemParts | kPartMessage);
  const bool is_json = choices.byte() % 2 == 0;
  const std::string_view body = as_text(choices.rest());
  const ReplyOutcome original = parse_reply(endpoint, 200, body, kSmallLimits);
  const Result<Buffer> out =
      reveal_reply(endpoint, body, allowed, is_json ? ReplyFormat::kJson : ReplyFormat::kXml, kSmallLimits);
  if (!out.ok()) {
    require(original.error && !is_service_error(original), "what can be read is handed on");
    require(original.error->code == out.error().code, "an error is that of the reply");
    return true;
  }
  require(!original.error || is_service_error(original), "what cannot be read is not handed on");
  const std::string_view text = as_text(out->span());
  // The reply as a page judges it, with every item present.
  const ReplyParts withheld = (kItemParts | kPartMessage) & ~allowed;
  const ReplyOutcome page = parse_reply(endpoint, 200, text, Limits{}, withheld);
  const ReplyOutcome all = parse_reply(endpoint, 200, text, Limits{}, withheld & ~kPartItems & ~kPartMessage);
  require(page.error.has_value() == original.error.has_value(), "a failure is a failure");
  if (page.error) {
    require(page.error->code == original.error->code, "a failure is the same");
    require(page.reply.status_message.empty() || (allowed & kPartMessage) != 0, "a message is withheld");
    return true;
  }
  require_alike(page.reply, original.reply, allowed);
  if ((allowed & kItemParts) == kItemParts) return true;
  for (const Item& item : all.reply.items) require_allowed(item, allowed);
  return true;
}

}  // namespace netocr::fuzz
