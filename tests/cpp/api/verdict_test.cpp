// judge() on items that were already collected: it trusts nobody's trimming and no earlier verdict.
#include <gtest/gtest.h>

#include "api/verdict.hpp"

namespace netocr {
namespace {

Reply judged(Operation operation, std::string status, std::vector<Item> items) {
  Reply reply;
  reply.verdict = Verdict::kPass;  // must not survive
  reply.score = Score{1, 1, 1, ScoreDirection::kLive};
  reply.signals = VideoSignals{true, false, true, true};
  reply.id_card = IdCard{"x", "x", "x", "x", "x", "x"};
  reply.status_code = std::move(status);
  reply.items = std::move(items);
  judge(endpoint_of(operation), reply);
  return reply;
}

TEST(VerdictTest, Names) {
  EXPECT_EQ(verdict_name(Verdict::kPass), "pass");
  EXPECT_EQ(verdict_name(Verdict::kFail), "fail");
  EXPECT_EQ(verdict_name(Verdict::kIndeterminate), "indeterminate");
  EXPECT_EQ(Reply{}.verdict, Verdict::kIndeterminate);
}

TEST(VerdictTest, ForgetsWhatWasThere) {
  for (const Endpoint& endpoint : endpoints()) {
    const Reply bad_status = judged(endpoint.operation, "nonsense",
                                    {{"判定结果", "是"}, {"是否为活体", "活体"}, {"是否有换人", "否"}});
    EXPECT_EQ(bad_status.verdict, Verdict::kIndeterminate) << endpoint.name;
    EXPECT_FALSE(bad_status.score.has_value() || bad_status.signals.has_value() ||
                 bad_status.id_card.has_value());
    const Reply nothing = judged(endpoint.operation, std::string(endpoint.success_statuses[0]), {});
    EXPECT_EQ(nothing.verdict, Verdict::kIndeterminate) << endpoint.name;
    EXPECT_FALSE(nothing.score.has_value());
    EXPECT_EQ(nothing.signals.has_value(), endpoint.operation == Operation::kCheckVideoLiveness);
    EXPECT_EQ(nothing.id_card.has_value(), endpoint.type_id == "9999");
  }
}

TEST(VerdictTest, EveryOperationsPassAndFail) {
  for (const Endpoint& endpoint : endpoints()) {
    const std::string status(endpoint.success_statuses[0]);
    const std::string name(endpoint.verdict_item);
    const Item safe{"是否有换人", "否"};
    EXPECT_EQ(judged(endpoint.operation, status, {{name, std::string(endpoint.pass_word)}, safe}).verdict,
              Verdict::kPass)
        << endpoint.name;
    EXPECT_EQ(judged(endpoint.operation, status, {{name, std::string(endpoint.fail_word)}, safe}).verdict,
              Verdict::kFail)
        << endpoint.name;
    EXPECT_EQ(judged(endpoint.operation, status, {{name, ""}, safe}).verdict, Verdict::kIndeterminate)
        << endpoint.name;
  }
}

TEST(VerdictTest, TrimsForItself) {
  EXPECT_EQ(judged(Operation::kCompareFaces, " 2000\n", {{"　判定结果 ", "\t是　"}}).verdict, Verdict::kPass);
  const Reply card = judged(Operation::kMatchIdCard, "0", {{" 判定值", " 0.75 "}, {" 姓名 ", "　李四 "}});
  ASSERT_TRUE(card.score.has_value() && card.id_card.has_value());
  EXPECT_EQ(card.score->value, 0.75);
  EXPECT_EQ(card.id_card->name, "李四");
}

TEST(VerdictTest, SwappedPersonFailsWhateverElseIsSaid) {
  for (const char* live : {"活体", "非活体", "", "?"}) {
    EXPECT_EQ(
        judged(Operation::kCheckVideoLiveness, "2000", {{"是否为活体", live}, {"是否有换人", "是"}}).verdict,
        Verdict::kFail)
        << live;
  }
  EXPECT_EQ(judged(Operation::kCheckVideoLiveness, "2000", {{"是否有换人", "是"}}).verdict, Verdict::kFail);
  EXPECT_EQ(judged(Operation::kCheckVideoLiveness, "-1", {{"是否有换人", "是"}}).verdict,
            Verdict::kIndeterminate);
  // Only a video has this item; elsewhere it is any other item.
  EXPECT_EQ(judged(Operation::kCompareFaces, "2000", {{"判定结果", "是"}, {"是否有换人", "是"}}).verdict,
            Verdict::kPass);
}

TEST(VerdictTest, ScoreNeverDecides) {
  for (const char* score : {"0", "1", "50", "100", "0.5"}) {
    EXPECT_EQ(judged(Operation::kCompareFaces, "2000", {{"判定值", score}}).verdict, Verdict::kIndeterminate);
    EXPECT_EQ(judged(Operation::kCompareFaces, "2000", {{"判定值", score}, {"判定结果", "否"}}).verdict,
              Verdict::kFail);
    EXPECT_EQ(judged(Operation::kMatchIdCard, "0", {{"判定值", score}, {"判定结果", "是"}}).verdict,
              Verdict::kPass);
  }
}

TEST(VerdictTest, ScoreEdges) {
  const std::pair<const char*, bool> cases[] = {
      {"0", true},     {"100", true}, {"100.0", true}, {"100.00000001", false},
      {"-0.1", false}, {"1e2", true}, {"1e3", false}};
  for (const auto& [text, valid] : cases) {
    EXPECT_EQ(judged(Operation::kCompareFaces, "2000", {{"判定值", text}}).score.has_value(), valid) << text;
  }
}

}  // namespace
}  // namespace netocr
