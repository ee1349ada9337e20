// The one table of the service's operations: path, typeId, fields, statuses, items. Source: the service's document.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace netocr {

enum class Operation : std::uint8_t { kCompareFaces, kCheckLiveness, kCheckVideoLiveness, kMatchIdCard, kMatchIdCardFile };
enum class BodyEncoding : std::uint8_t { kFormBase64, kMultipart };
enum class ScoreDirection : std::uint8_t { kSamePerson, kLive, kSpoof };  // what a higher score means
std::string_view score_direction_name(ScoreDirection direction);          // "same-person", "live", "spoof"

struct Endpoint {
  Operation operation;
  std::string_view name;     // "compareFaces", "checkLiveness", "checkVideoLiveness", "matchIdCard", "matchIdCardFile"
  std::string_view path;     // relative to the base URL, no leading slash
  std::string_view type_id;
  BodyEncoding encoding;
  std::array<std::string_view, 2> fields;  // the second is empty for one-file operations
  std::array<std::string_view, 2> success_statuses;
  std::string_view verdict_item;  // 判定结果 or 是否为活体
  std::string_view pass_word;
  std::string_view fail_word;
  std::string_view score_item;
  double score_max;               // the scale is [0, score_max]
  double score_threshold;
  ScoreDirection higher_means;

  constexpr std::size_t part_count() const { return fields[1].empty() ? 1 : 2; }
};

std::span<const Endpoint> endpoints();             // one row an Operation, in enum order
const Endpoint& endpoint_of(Operation operation);

}  // namespace netocr
