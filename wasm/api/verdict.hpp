// The typed outcome of a call. A verdict comes only from an exact match of the verdict item, which is found
// by its name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoints.hpp"
#include "base/error.hpp"

namespace netocr {

enum class Verdict : std::uint8_t { kIndeterminate, kPass, kFail };

// Returns "pass", "fail" or "indeterminate".
constexpr std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kIndeterminate:
      return "indeterminate";
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
  }
  return "";
}

struct Item {
  std::string desc;     // trimmed; without the value when the service wrote both into desc
  std::string content;  // trimmed
};

// Set only when the reply has one score item (or several equal ones) that is a decimal number on the
// operation's scale.
struct Score {
  double value;  // as the service sent it
  double scale_max;
  double threshold;
  ScoreDirection higher_means;
};

struct VideoSignals {  // empty if the item is missing, its word unknown, or two of its items differ
  std::optional<bool> live, person_swapped, blinked, opened_mouth;
};

struct IdCard {  // a text is empty if its item is missing or two of its items differ
  std::string name, sex, ethnicity, birth, address, number;
};

// Names of the video operation's items besides its verdict item.
inline constexpr std::string_view kPersonSwappedItem = "是否有换人";
inline constexpr std::string_view kBlinkedItem = "是否有眨眼";
inline constexpr std::string_view kOpenedMouthItem = "是否有张嘴";
inline constexpr std::string_view kYesWord = "是";
inline constexpr std::string_view kNoWord = "否";

// The item name of one of an ID card's texts.
struct IdCardItem {
  std::string_view name;
  std::string IdCard::* field;
};
inline constexpr IdCardItem kIdCardItems[] = {
    {"姓名", &IdCard::name},  {"性别", &IdCard::sex},     {"民族", &IdCard::ethnicity},
    {"出生", &IdCard::birth}, {"住址", &IdCard::address}, {"公民身份号码", &IdCard::number}};

struct Reply {
  Verdict verdict = Verdict::kIndeterminate;
  std::optional<Score> score;
  std::optional<VideoSignals> signals;  // checkVideoLiveness only
  std::optional<IdCard> id_card;        // matchIdCard and matchIdCardFile only
  std::string status_code;              // trimmed; "" when missing
  std::string status_message;
  std::vector<Item> items;
  std::optional<double> retry_after_ms;  // set only by an error record of the proxy with retryAfterMs
};

// An outcome with an error still holds status_code and status_message of the reply.
struct ReplyOutcome {
  std::optional<Error> error;
  Reply reply;
};

// Sets verdict, score, signals and id_card from status_code and items; their previous values are discarded.
// pass: the status is one of the operation's successes, exactly one item has the verdict item's name, and its
// content is exactly the pass word (after trimming ASCII and ideographic space). A video also needs
// 是否有换人 with the content 否. fail: the same with the fail word; or a video's 是否有换人 is 是 in any of
// its items. indeterminate: everything else, also two verdict items that agree, and a verdict name that still
// holds a value.
void judge(const Endpoint& endpoint, Reply& reply);

// Returns the content of all items of this name when they agree; nothing when they differ or there is none.
std::optional<std::string_view> agreed_content(std::span<const Item> items, std::string_view name);

}  // namespace netocr
