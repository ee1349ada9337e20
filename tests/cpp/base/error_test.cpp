// The one list of error codes: words, stages, order.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/error.hpp"

namespace netocr {
namespace {

TEST(ErrorCodes, TableIsInEnumOrder) {
  for (std::size_t i = 0; i < kErrorCodeCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kErrorCodes[i].code), i);
    EXPECT_EQ(&error_code_info(kErrorCodes[i].code), &kErrorCodes[i]);
  }
}

TEST(ErrorCodes, WordsAreUniqueConstants) {
  std::set<std::string> words;
  for (const ErrorCodeInfo& info : kErrorCodes) {
    EXPECT_TRUE(words.emplace(info.word).second) << info.word;
    EXPECT_EQ(info.word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos)
        << info.word;
    EXPECT_FALSE(info.word.empty());
  }
  EXPECT_EQ(words.size(), kErrorCodeCount);
}

TEST(ErrorCodes, StagesAreTheFive) {
  const std::set<std::string_view> stages = {"input", "prepare", "request", "reply", "engine"};
  std::set<std::string_view> used;
  for (const ErrorCodeInfo& info : kErrorCodes) used.insert(info.stage);
  EXPECT_EQ(used, stages);
}

TEST(ErrorCodes, WordsAreFoundByCode) {
  EXPECT_EQ(error_word(ErrorCode::kInvalidArgument), "INVALID_ARGUMENT");
  EXPECT_EQ(error_word(ErrorCode::kUpstreamTimeout), "UPSTREAM_TIMEOUT");
  EXPECT_EQ(error_word(ErrorCode::kServiceError), "SERVICE_ERROR");
  EXPECT_EQ(error_code_info(ErrorCode::kServiceImageRejected).stage, "reply");
  EXPECT_TRUE(error_code_info(ErrorCode::kRateLimited).retryable);
  EXPECT_FALSE(error_code_info(ErrorCode::kServiceAuth).retryable);
}

TEST(Errors, DefaultIsInternalWithoutText) {
  const Error error;
  EXPECT_EQ(error.code, ErrorCode::kInternal);
  EXPECT_EQ(error.position, 0U);
  EXPECT_STREQ(error.detail, "");
}

}  // namespace
}  // namespace netocr
