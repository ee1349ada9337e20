// The one table of the service's operations: path, typeId, fields, statuses, items. It follows the service's
// document; where that is silent or contradicts itself, the comment at the value says what was chosen and
// why.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace netocr {

enum class Operation : std::uint8_t {
  kCompareFaces,
  kCheckLiveness,
  kCheckVideoLiveness,
  kMatchIdCard,
  kMatchIdCardFile
};
enum class BodyEncoding : std::uint8_t { kFormBase64, kMultipart };
enum class ScoreDirection : std::uint8_t { kSamePerson, kLive, kSpoof };  // what a higher score means

// Returns "same-person", "live" or "spoof".
constexpr std::string_view score_direction_name(ScoreDirection direction) {
  switch (direction) {
    case ScoreDirection::kSamePerson:
      return "same-person";
    case ScoreDirection::kLive:
      return "live";
    case ScoreDirection::kSpoof:
      return "spoof";
  }
  return "";
}

struct Endpoint {
  Operation operation;
  std::string_view name;  // our word for the operation
  std::string_view path;  // relative to the base URL, no leading slash
  std::string_view type_id;
  BodyEncoding encoding;
  std::array<std::string_view, 2> fields;            // the second is empty for one-file operations
  std::array<std::string_view, 2> success_statuses;  // unused ones are empty
  std::string_view verdict_item;
  std::string_view pass_word;
  std::string_view fail_word;
  std::string_view score_item;
  double score_max;        // the scale is [0, score_max]
  double score_threshold;  // for display only: no verdict is ever derived from a score
  ScoreDirection higher_means;

  constexpr std::size_t part_count() const { return fields[1].empty() ? 1 : 2; }
  // `status` is trimmed. The comparison is exact: "2000" is a success of one service and "0" of the other.
  constexpr bool is_success(std::string_view status) const {
    return !status.empty() && (status == success_statuses[0] || status == success_statuses[1]);
  }
};

inline constexpr std::string_view kServiceBaseUrl = "https://netocr.com/";

inline constexpr std::array<Endpoint, 5> kEndpoints = {{
    {Operation::kCompareFaces,
     "compareFaces",
     "verapi/verFaceImage.do",
     "21",
     BodyEncoding::kFormBase64,
     {"img1", "img2"},
     {"2000", ""},
     "判定结果",
     "是",
     "否",
     "判定值",
     100,
     50,
     ScoreDirection::kSamePerson},
    // The document gives no scale and no direction here. The scale is that of the two sister operations. The
    // direction follows its sample, which has 0.001 with 是 (live), and the video operation, where lower is
    // more likely live.
    {Operation::kCheckLiveness,
     "checkLiveness",
     "verapi/verLivenessImage.do",
     "3035",
     BodyEncoding::kFormBase64,
     {"img", ""},
     {"2000", ""},
     "判定结果",
     "是",
     "否",
     "判定值",
     100,
     50,
     ScoreDirection::kSpoof},
    {Operation::kCheckVideoLiveness,
     "checkVideoLiveness",
     "verapi/verLivenessVideo.do",
     "3036",
     BodyEncoding::kFormBase64,
     {"videoContent", ""},
     {"2000", ""},
     "是否为活体",
     "活体",
     "非活体",
     "判定值",
     100,
     50,
     ScoreDirection::kSpoof},
    // The document says 0 to 100 with threshold 50, but its sample (0.54066247) and a real reply (0.98207855)
    // are on [0, 1]. 0.5 is that threshold on the real scale; the sample's 否 at 0.54 shows that the true cut
    // is higher, one more reason to take the verdict from its item only.
    {Operation::kMatchIdCard,
     "matchIdCard",
     "api/faceliu.do",
     "9999",
     BodyEncoding::kFormBase64,
     {"img1", "img2"},
     {"0", ""},
     "判定结果",
     "是",
     "否",
     "判定值",
     1,
     0.5,
     ScoreDirection::kSamePerson},
    {Operation::kMatchIdCardFile,
     "matchIdCardFile",
     "api/facerecog.do",
     "9999",
     BodyEncoding::kMultipart,
     {"file1", "file2"},
     {"0", ""},
     "判定结果",
     "是",
     "否",
     "判定值",
     1,
     0.5,
     ScoreDirection::kSamePerson},
}};

constexpr std::span<const Endpoint> endpoints() { return kEndpoints; }  // in the order of Operation
constexpr const Endpoint& endpoint_of(Operation operation) {
  return kEndpoints[static_cast<std::size_t>(operation)];
}

namespace detail {

constexpr bool endpoints_in_enum_order() {
  for (std::size_t i = 0; i < kEndpoints.size(); ++i) {
    if (static_cast<std::size_t>(kEndpoints[i].operation) != i) return false;
  }
  return true;
}

constexpr bool endpoints_unique() {
  for (std::size_t i = 0; i < kEndpoints.size(); ++i) {
    for (std::size_t j = i + 1; j < kEndpoints.size(); ++j) {
      if (kEndpoints[i].name == kEndpoints[j].name || kEndpoints[i].path == kEndpoints[j].path) return false;
    }
  }
  return true;
}

constexpr bool endpoint_complete(const Endpoint& row) {
  return !row.name.empty() && row.path.ends_with(".do") && !row.path.starts_with('/') &&
         !row.type_id.empty() && !row.fields[0].empty() && row.fields[0] != row.fields[1] &&
         !row.success_statuses[0].empty() && !row.verdict_item.empty() && !row.pass_word.empty() &&
         !row.fail_word.empty() && row.pass_word != row.fail_word && row.verdict_item != row.score_item &&
         row.score_threshold > 0 && row.score_threshold < row.score_max;
}

constexpr bool endpoints_complete() {
  for (const Endpoint& row : kEndpoints) {
    if (!endpoint_complete(row)) return false;
  }
  return true;
}

static_assert(kEndpoints.size() == static_cast<std::size_t>(Operation::kMatchIdCardFile) + 1);
static_assert(endpoints_in_enum_order() && endpoints_unique() && endpoints_complete());

}  // namespace detail

}  // namespace netocr
