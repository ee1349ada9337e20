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
                              word == "RATE_LIMITED" || word == "ATTEMPTS_EXHAUSTED" ||
                              word == "UNAVAILABLE" || word == "UPSTREAM_UNREACHABLE" ||
                              word == "UPSTREAM_ERROR" || word == "UPSTREAM_TIMEOUT" || word == "INTERNAL";
    ASSERT_TRUE(outcome.error.has_value());
    EXPECT_EQ(error_word(outcome.error->code), of_the_proxy ? word : "HTTP_ERROR");
  }
}

TEST(ResponseTest, ProxyRecordMaySayHowLongToWait) {
  const struct {
    std::string_view value;
    std::optional<double> ms;
  } cases[] = {{"1800000", 1'800'000},
               {"0", 0},
               {"2592000000", 2'592'000'000},
               {"2592000001", {}},
               {"-1", {}},
               {"1e400", {}},
               {R"("1800000")", {}},
               {"null", {}},
               {"true", {}},
               {"[5]", {}},
               {R"({"a":5})", {}},
               {"1.5", 1.5}};
  for (const auto& [value, ms] : cases) {
    const std::string record =
        R"({"error":{"code":"ATTEMPTS_EXHAUSTED","message":"m","requestId":"r","retryAfterMs":)" +
        std::string(value) + "}}";
    const ReplyOutcome outcome = parse_reply(endpoint_of(Operation::kCheckLiveness), 429, record, Limits{});
    EXPECT_EQ(outcome.reply.retry_after_ms, ms) << value;
    // A number beyond double's range makes the record no JSON for us.
    ASSERT_TRUE(outcome.error.has_value());
    EXPECT_EQ(outcome.error->code, value == "1e400" ? ErrorCode::kHttpError : ErrorCode::kAttemptsExhausted);
  }
  const std::string without = R"({"error":{"code":"ATTEMPTS_EXHAUSTED"},"retryAfterMs":5})";
  EXPECT_FALSE(parse_reply(endpoint_of(Operation::kCheckLiveness), 429, without, Limits{})
                   .reply.retry_after_ms.has_value());
}

TEST(ResponseTest, RetryAfterIsANumberOfUnits) {
  EXPECT_EQ(retry_after("30", 1000), 30'000);
  EXPECT_EQ(retry_after("2592000", 1000), 2'592'000'000);
  for (const std::string_view text :
       {"", "2592001", "-1", "+1", " 1", "1 ", "0x10", "Wed, 21 Oct 2026 07:28:00 GMT", "inf", "nan"}) {
    EXPECT_FALSE(retry_after(text, 1000).has_value()) << text;
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

std::string reply_of_items(const std::string& items) {
  return R"({"message":{"status":0,"value":"比对完成"},"cardsinfo":[{"items":[)" + items + "]}]}";
}

// Those of a page that allows larger replies.
Limits roomy_limits() {
  Limits limits;
  limits.max_reply_bytes = 4U << 20;
  return limits;
}

TEST(ResponseTest, ItemsAndTextsAtTheirLimits) {
  const Endpoint& endpoint = endpoint_of(Operation::kMatchIdCard);
  const auto outcome_of = [&](const std::string& body) {
    return parse_reply(endpoint, 200, body, roomy_limits());
  };
  const auto with_items = [](std::size_t count) {
    std::string items = R"({"desc":"判定结果","content":"是"})";
    for (std::size_t i = 1; i < count; ++i) items += R"(,{"desc":"a"})";
    return reply_of_items(items);
  };
  const ReplyOutcome most = outcome_of(with_items(1024));
  ASSERT_FALSE(most.error.has_value());
  EXPECT_EQ(most.reply.items.size(), 1024U);
  EXPECT_EQ(most.reply.verdict, Verdict::kPass);
  const ReplyOutcome more = outcome_of(with_items(1025));
  ASSERT_TRUE(more.error.has_value());
  EXPECT_EQ(more.error->code, ErrorCode::kReplyTooLarge);
  EXPECT_TRUE(more.reply.items.empty());
  EXPECT_EQ(more.reply.verdict, Verdict::kIndeterminate);

  const auto with_text = [](std::size_t bytes) {
    const std::size_t others = std::string("0比对完成头像判定结果是").size();
    return reply_of_items(R"({"desc":"判定结果","content":"是"},{"desc":"头像","content":")" +
                          std::string(bytes - others, 'A') + R"("})");
  };
  EXPECT_FALSE(outcome_of(with_text(1U << 20)).error.has_value());
  const ReplyOutcome longer = outcome_of(with_text((1U << 20) + 1));
  ASSERT_TRUE(longer.error.has_value());
  EXPECT_EQ(longer.error->code, ErrorCode::kReplyTooLarge);
}

TEST(ResponseTest, LongStatusesAreTooLarge) {
  const std::string long_text(2U << 20, 'x');
  for (const std::string& body : {R"({"message":{"status":")" + long_text + R"(","value":""}})",
                                  R"({"message":{"status":0,"value":")" + long_text + R"("}})",
                                  "<data><message><status>" + long_text + "</status></message></data>"}) {
    const ReplyOutcome outcome = parse_reply(endpoint_of(Operation::kMatchIdCard), 200, body, roomy_limits());
    ASSERT_TRUE(outcome.error.has_value());
    EXPECT_EQ(outcome.error->code, ErrorCode::kReplyTooLarge);
    EXPECT_EQ(outcome.reply.status_code + outcome.reply.status_message, "");
  }
  const ReplyOutcome proxy =
      parse_reply(endpoint_of(Operation::kMatchIdCard), 429,
                  R"({"error":{"code":"RATE_LIMITED","message":")" + long_text + R"("}})", roomy_limits());
  ASSERT_TRUE(proxy.error.has_value());
  EXPECT_EQ(proxy.error->code, ErrorCode::kRateLimited);
  EXPECT_EQ(proxy.reply.status_message, "");
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
