// Judges a reply. Every value is looked up by item name over all items; anything but one unambiguous word
// counts as missing.
#include "api/verdict.hpp"

#include "text/text.hpp"

namespace netocr {
namespace {

using Items = std::span<const Item>;

bool is_named(const Item& item, std::string_view name) { return trim(item.desc) == name; }

// A verdict item whose desc still holds a value ("判定结果:否" beside a content) contradicts itself.
bool holds_value_in_name(const Item& item, std::string_view name) {
  const std::string_view desc = trim(item.desc);
  if (!desc.starts_with(name)) return false;
  const std::string_view rest = trim(desc.substr(name.size()));
  return rest.starts_with(":") || rest.starts_with("：");
}

std::optional<bool> yes_or_no(Items items, std::string_view name) {
  const std::optional<std::string_view> word = agreed_content(items, name);
  if (word == kYesWord) return true;
  if (word == kNoWord) return false;
  return std::nullopt;
}

bool any_says_yes(Items items, std::string_view name) {
  for (const Item& item : items) {
    if (is_named(item, name) && trim(item.content) == kYesWord) return true;
  }
  return false;
}

Verdict verdict_of(const Endpoint& endpoint, Items items) {
  const Item* found = nullptr;
  for (const Item& item : items) {
    if (holds_value_in_name(item, endpoint.verdict_item)) return Verdict::kIndeterminate;
    if (!is_named(item, endpoint.verdict_item)) continue;
    if (found != nullptr) return Verdict::kIndeterminate;
    found = &item;
  }
  if (found == nullptr) return Verdict::kIndeterminate;
  const std::string_view word = trim(found->content);
  if (word == endpoint.pass_word) return Verdict::kPass;
  if (word == endpoint.fail_word) return Verdict::kFail;
  return Verdict::kIndeterminate;
}

std::optional<Score> score_of(const Endpoint& endpoint, Items items) {
  const std::optional<std::string_view> content = agreed_content(items, endpoint.score_item);
  const std::optional<double> value = content.has_value() ? parse_decimal(*content) : std::nullopt;
  if (!value.has_value() || *value < 0 || *value > endpoint.score_max) return std::nullopt;
  return Score{*value, endpoint.score_max, endpoint.score_threshold, endpoint.higher_means};
}

std::optional<bool> as_live(Verdict verdict) {
  if (verdict == Verdict::kIndeterminate) return std::nullopt;
  return verdict == Verdict::kPass;
}

void judge_video(Reply& reply) {
  VideoSignals signals;
  signals.live = as_live(reply.verdict);
  signals.person_swapped = yes_or_no(reply.items, kPersonSwappedItem);
  signals.blinked = yes_or_no(reply.items, kBlinkedItem);
  signals.opened_mouth = yes_or_no(reply.items, kOpenedMouthItem);
  if (any_says_yes(reply.items, kPersonSwappedItem)) {
    signals.person_swapped = true;
    reply.verdict = Verdict::kFail;
  } else if (reply.verdict == Verdict::kPass && signals.person_swapped != false) {
    reply.verdict = Verdict::kIndeterminate;
  }
  reply.signals = signals;
}

IdCard id_card_of(Items items) {
  IdCard card;
  for (const auto& [name, field] : kIdCardItems) {
    card.*field = agreed_content(items, name).value_or(std::string_view());
  }
  return card;
}

}  // namespace

std::optional<std::string_view> agreed_content(std::span<const Item> items, std::string_view name) {
  std::optional<std::string_view> agreed;
  for (const Item& item : items) {
    if (!is_named(item, name)) continue;
    const std::string_view content = trim(item.content);
    if (agreed.has_value() && *agreed != content) return std::nullopt;
    agreed = content;
  }
  return agreed;
}

void judge(const Endpoint& endpoint, Reply& reply) {
  reply.verdict = Verdict::kIndeterminate;
  reply.score.reset();
  reply.signals.reset();
  reply.id_card.reset();
  if (!endpoint.is_success(trim(reply.status_code))) return;
  reply.verdict = verdict_of(endpoint, reply.items);
  reply.score = score_of(endpoint, reply.items);
  switch (endpoint.operation) {
    case Operation::kCompareFaces:
    case Operation::kCheckLiveness:
      break;
    case Operation::kCheckVideoLiveness:
      judge_video(reply);
      break;
    case Operation::kMatchIdCard:
    case Operation::kMatchIdCardFile:
      reply.id_card = id_card_of(reply.items);
      break;
  }
}

}  // namespace netocr
