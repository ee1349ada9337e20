// The typed outcome of a call. A verdict comes only from an exact match of the verdict item, found by its name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoints.hpp"
#include "base/error.hpp"

namespace netocr {

enum class Verdict : std::uint8_t { kIndeterminate, kPass, kFail };
std::string_view verdict_name(Verdict verdict);  // "pass", "fail", "indeterminate"

struct Item {
  std::string desc;     // trimmed; without the value when the service wrote both into desc
  std::string content;  // trimmed
};

struct Score {
  double value;  // as the service gave it
  double scale_max;
  double threshold;
  ScoreDirection higher_means;
};

struct VideoSignals {  // nothing where the item is missing or its word unknown
  std::optional<bool> live, person_swapped, blinked, opened_mouth;
};

struct IdCard {  // empty strings where the item is missing
  std::string name, sex, ethnicity, birth, address, number;
};

struct Reply {
  Verdict verdict = Verdict::kIndeterminate;
  std::optional<Score> score;
  std::optional<VideoSignals> signals;  // checkVideoLiveness only
  std::optional<IdCard> id_card;        // matchIdCard only
  std::string status_code;              // trimmed string, "" when there was none
  std::string status_message;
  std::vector<Item> items;
};

// A reply that is an error still carries what the service said (status_code, status_message).
struct ReplyOutcome {
  std::optional<Error> error;
  Reply reply;
};

// Judges items that were already collected. Never pass unless the status is a success, exactly one verdict value is present
// and it is exactly the pass word (after trimming ASCII and ideographic space); a swapped person is fail.
void judge(const Endpoint& endpoint, Reply& reply);

}  // namespace netocr
