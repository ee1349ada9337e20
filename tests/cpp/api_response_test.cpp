// parse_reply beyond the contract vectors: truncation at every byte, limits, text that must never become a
// pass.
#include <gtest/gtest.h>

#include "api/response.hpp"

namespace netocr {
namespace {

struct Sample {
  Operation operation;
  std::string_view body;
  Verdict verdict;
};

// Every sample says pass as far as it can, so that a careless parser has something to get wrong.
constexpr Sample kSamples[] = {
    {Operation::kCompareFaces,
     R"({"infoList":[{"veritem":[{"desc":"判定结果:是","name":null,"content":""},{"desc":"判定值:100.0","name":null,"content":""}]}],"messageString":{"status":"2000","value":"成功"}})",
     Verdict::kPass},
    {Operation::kCheckLiveness,
     R"({"messageString":{"status":"2000","value":"成功"},"infoList":[{"veritem":[{"desc":"判定结果","content":"是"},{"desc":"判定值","content":"0.001"}]}]})",
     Verdict::kPass},
    {Operation::kCheckVideoLiveness,
     R"({"infoList":[{"veritem":[{"desc":"判定值","name":null,"content":"10.0"},{"desc":"是否为活体","name":null,"content":"活体"},{"desc":"是否有换人","name":null,"content":"否"}]}],"messageString":{"status":2000,"value":"成功"}})",
     Verdict::kPass},
    {Operation::kMatchIdCard,
     R"({"message":{"status":0,"value":"比对完成"},"cardsinfo":[{"type":"9999","items":[{"nID":null,"index":null,"desc":"判定值","content":0.94},{"nID":null,"index":null,"desc":"判定结果","content":"是"},{"desc":"姓名","content":"***"}]}]})",
     Verdict::kPass},
    {Operation::kMatchIdCardFile,
     R"(<?xml version='1.0' encoding='UTF-8'?><data><message><status>0</status><value>比对完成</value></message><cardsinfo><card type="21"><item desc="判定值"><![CDATA[0.98207855]]></item><item desc="判定结果"><![CDATA[是]]></item></card></cardsinfo></data>)",
     Verdict::kPass},
    {Operation::kCompareFaces,
     R"(<data><messageString><status>2000</status><value>成功</value></messageString><veritem><desc>判定结果</desc><content>&#26159;</content></veritem></data>)",
     Verdict::kPass},
};

TEST(ResponseTest, SamplesPass) {
  for (const Sample& sample : kSamples) {
    const ReplyOutcome outcome = parse_reply(endpoint_of(sample.operation), 200, sample.body, Limits{});
    EXPECT_FALSE(outcome.error.has_value()) << sample.body;
    EXPECT_EQ(outcome.reply.verdict, sample.verdict) << sample.body;
  }
}

TEST(ResponseTest, TruncatedAtEveryByte) {
  for (const Sample& sample : kSamples) {
    for (std::size_t length = 0; length < sample.body.size(); ++length) {
      const std::string cut(sample.body.substr(0, length));
      const ReplyOutcome outcome = parse_reply(endpoint_of(sample.operation), 200, cut, Limits{});
      ASSERT_TRUE(outcome.error.has_value()) << length << " of " << sample.body;
      ASSERT_EQ(outcome.error->code, ErrorCode::kReplyMalformed) << length;
      ASSERT_EQ(outcome.reply.verdict, Verdict::kIndeterminate);
      ASSERT_TRUE(outcome.reply.items.empty());
    }
  }
}

TEST(ResponseTest, NoOtherOperationTakesThePass) {
  for (const Sample& sample : kSamples) {
    for (const Endpoint& endpoint : endpoints()) {
      const Endpoint& own = endpoint_of(sample.operation);
      if (endpoint.success_statuses == own.success_statuses && endpoint.verdict_item == own.verdict_item)
        continue;
      EXPECT_NE(parse_reply(endpoint, 200, sample.body, Limits{}).reply.verdict, Verdict::kPass)
          << endpoint.name << sample.body;
    }
  }
}

TEST(ResponseTest, EveryHttpStatusButOneIsAnError) {
  for (int status = 0; status < 600; ++status) {
    const ReplyOutcome outcome =
        parse_reply(endpoint_of(Operation::kCompareFaces), status, kSamples[0].body, Limits{});
    EXPECT_EQ(outcome.error.has_value(), status != 200) << status;
    EXPECT_EQ(outcome.reply.verdict == Verdict::kPass, status == 200) << status;
    if (status != 200) EXPECT_EQ(outcome.error->code, ErrorCode::kHttpError);
  }
}

TEST(ResponseTest, ProxyRecordOfEveryCode) {
  for (const ErrorCodeInfo& info : kErrorCodes) {
    const std::string body =
        R"({"error":{"code":")" + std::string(info.word) + R"(","message":"m","requestId":"r"}})";
    const ReplyOutcome outcome = parse_reply(endpoint_of(Operation::kCompareFaces), 500, body, Limits{});
    const std::string_view word = info.word;
    const bool of_the_proxy = word == "REQUEST_REFUSED" || word == "UNAUTHORIZED" ||
                              word == "TOKEN_MISSING" || word == "TOKEN_INVALID" || word == "TOKEN_EXPIRED" ||
                              word == "TOKEN_USED_UP" || word == "REQUEST_TOO_LARGE" ||
                              word == "RATE_LIMITED" || word == "UNAVAILABLE" ||
                              word == "UPSTREAM_UNREACHABLE" || word == "UPSTREAM_ERROR" ||
                              word == "UPSTREAM_TIMEOUT" || word == "INTERNAL";
    ASSERT_TRUE(outcome.error.has_value());
    EXPECT_EQ(error_word(outcome.error->code), of_the_proxy ? word : "HTTP_ERROR");
  }
}

TEST(ResponseTest, ReplyWithALargePortrait) {
  std::string body =
      R"({"message":{"status":0,"value":"比对完成"},"cardsinfo":[{"type":"9999","items":[{"desc":"头像","content":")";
  body += std::string(60'000, 'A') + R"("},{"desc":"判定结果","content":"是"}]}]})";
  const ReplyOutcome outcome = parse_reply(endpoint_of(Operation::kMatchIdCard), 200, body, Limits{});
  ASSERT_FALSE(outcome.error.has_value());
  EXPECT_EQ(outcome.reply.items[0].content.size(), 60'000U);
  EXPECT_EQ(outcome.reply.verdict, Verdict::kPass);
}

TEST(ResponseTest, ErrorsKeepWhatTheServiceSaid) {
  const ReplyOutcome outcome = parse_reply(
      endpoint_of(Operation::kMatchIdCard), 200,
      R"({"message":{"status":-1,"value":"识别失败!"},"cardsinfo":[{"items":[{"desc":"判定结果","content":"是"}]}]})",
      Limits{});
  ASSERT_TRUE(outcome.error.has_value());
  EXPECT_EQ(outcome.error->code, ErrorCode::kServiceImageRejected);
  EXPECT_EQ(outcome.reply.status_code, "-1");
  EXPECT_EQ(outcome.reply.status_message, "识别失败!");
  EXPECT_TRUE(outcome.reply.items.empty());
}

TEST(ResponseTest, NothingOfTheBodyIsInAnErrorsDetail) {
  for (const std::string_view body :
       {R"({"姓名":"张三")", R"(<data>张三</dat>)", R"({"messageString":{"status":"张三"}})"}) {
    const ReplyOutcome outcome = parse_reply(endpoint_of(Operation::kCompareFaces), 200, body, Limits{});
    ASSERT_TRUE(outcome.error.has_value());
    EXPECT_EQ(std::string_view(outcome.error->detail).find("张三"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace netocr
