// The endpoint table against the service's document, row by row.
#include <gtest/gtest.h>

#include "api/endpoints.hpp"

namespace netocr {
namespace {

struct Row {
  Operation operation;
  std::string_view name, path, type_id, first_field, second_field, success, verdict_item, pass_word,
      fail_word;
};

constexpr Row kDocument[] = {
    {Operation::kCompareFaces, "compareFaces", "verapi/verFaceImage.do", "21", "img1", "img2", "2000",
     "判定结果", "是", "否"},
    {Operation::kCheckLiveness, "checkLiveness", "verapi/verLivenessImage.do", "3035", "img", "", "2000",
     "判定结果", "是", "否"},
    {Operation::kCheckVideoLiveness, "checkVideoLiveness", "verapi/verLivenessVideo.do", "3036",
     "videoContent", "", "2000", "是否为活体", "活体", "非活体"},
    {Operation::kMatchIdCard, "matchIdCard", "api/faceliu.do", "9999", "img1", "img2", "0", "判定结果", "是",
     "否"},
    {Operation::kMatchIdCardFile, "matchIdCardFile", "api/facerecog.do", "9999", "file1", "file2", "0",
     "判定结果", "是", "否"},
};

TEST(EndpointsTest, EqualTheDocument) {
  ASSERT_EQ(endpoints().size(), std::size(kDocument));
  for (std::size_t i = 0; i < std::size(kDocument); ++i) {
    const Row& row = kDocument[i];
    const Endpoint& endpoint = endpoints()[i];
    EXPECT_EQ(&endpoint, &endpoint_of(row.operation));
    EXPECT_EQ(endpoint.operation, row.operation);
    EXPECT_EQ(endpoint.name, row.name);
    EXPECT_EQ(endpoint.path, row.path);
    EXPECT_EQ(endpoint.type_id, row.type_id);
    EXPECT_EQ(endpoint.fields[0], row.first_field);
    EXPECT_EQ(endpoint.fields[1], row.second_field);
    EXPECT_EQ(endpoint.part_count(), row.second_field.empty() ? 1U : 2U);
    EXPECT_EQ(endpoint.success_statuses[0], row.success);
    EXPECT_EQ(endpoint.verdict_item, row.verdict_item);
    EXPECT_EQ(endpoint.pass_word, row.pass_word);
    EXPECT_EQ(endpoint.fail_word, row.fail_word);
    EXPECT_EQ(endpoint.score_item, "判定值");
    EXPECT_EQ(endpoint.encoding,
              row.first_field == "file1" ? BodyEncoding::kMultipart : BodyEncoding::kFormBase64);
  }
}

TEST(EndpointsTest, SuccessIsOneStatusOnly) {
  for (const Endpoint& endpoint : endpoints()) {
    const std::string_view other = endpoint.success_statuses[0] == "0" ? "2000" : "0";
    EXPECT_TRUE(endpoint.is_success(endpoint.success_statuses[0]));
    for (const std::string_view status :
         {other, std::string_view(""), std::string_view("00"), std::string_view("2"), endpoint.type_id}) {
      EXPECT_FALSE(endpoint.is_success(status)) << endpoint.name << ' ' << status;
    }
  }
}

TEST(EndpointsTest, ScoresHaveTheirOperationsScale) {
  for (const Endpoint& endpoint : endpoints()) {
    const bool card = endpoint.type_id == "9999";
    EXPECT_EQ(endpoint.score_max, card ? 1.0 : 100.0) << endpoint.name;
    EXPECT_EQ(endpoint.score_threshold, card ? 0.5 : 50.0) << endpoint.name;
  }
  EXPECT_EQ(score_direction_name(endpoint_of(Operation::kCompareFaces).higher_means), "same-person");
  EXPECT_EQ(score_direction_name(endpoint_of(Operation::kMatchIdCard).higher_means), "same-person");
  EXPECT_EQ(score_direction_name(endpoint_of(Operation::kCheckLiveness).higher_means), "spoof");
  EXPECT_EQ(score_direction_name(endpoint_of(Operation::kCheckVideoLiveness).higher_means), "spoof");
  EXPECT_EQ(score_direction_name(ScoreDirection::kLive), "live");
}

TEST(EndpointsTest, BaseUrlIsSecure) { EXPECT_EQ(kServiceBaseUrl, "https://netocr.com/"); }

}  // namespace
}  // namespace netocr
