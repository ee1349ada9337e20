// Result: which side it holds, moves, lifetimes.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace netocr {
namespace {

// Counts how many of it are alive.
class Counted {
 public:
  explicit Counted(int* alive) : alive_(alive) { ++*alive_; }
  Counted(Counted&& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Counted& operator=(Counted&&) = delete;
  ~Counted() { --*alive_; }

 private:
  int* alive_;
};

Result<std::string> text_or_error(bool fail) {
  if (fail) return Error{ErrorCode::kCorruptImage, 7, "bad"};
  return std::string("a text that is too long for the small string optimisation");
}

TEST(ResultTest, HoldsAValue) {
  const Result<std::string> result = text_or_error(false);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(result->starts_with("a text"));
  EXPECT_EQ(result.value(), *result);
}

TEST(ResultTest, HoldsAnError) {
  const Result<std::string> result = text_or_error(true);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kCorruptImage);
  EXPECT_EQ(result.error().position, 7U);
  EXPECT_STREQ(result.error().detail, "bad");
}

TEST(ResultTest, TakesMoveOnlyValues) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(ResultTest, DestroysWhatItHeldOnAssignment) {
  int alive = 0;
  {
    Result<Counted> result = Counted(&alive);
    EXPECT_EQ(alive, 1);
    result = Result<Counted>(Error{});
    EXPECT_EQ(alive, 0);
    result = Result<Counted>(Counted(&alive));
    EXPECT_EQ(alive, 1);
    Result<Counted>& self = result;
    result = std::move(self);
    EXPECT_EQ(alive, 1);
    const Result<Counted> moved = std::move(result);
    EXPECT_TRUE(moved.ok());
  }
  EXPECT_EQ(alive, 0);
}

TEST(ResultTest, FitsInContainers) {
  std::vector<Result<std::string>> results;
  for (int i = 0; i < 20; ++i) results.push_back(text_or_error(i % 2 == 1));
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].ok(), i % 2 == 0);
}

TEST(StatusTest, IsSuccessOrError) {
  const Status good;
  const Status bad = Error{ErrorCode::kTimeout, 0, "late"};
  EXPECT_TRUE(good.ok());
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::kTimeout);
}

Status tried(bool fail, int& steps) {
  NETOCR_TRY(text_or_error(fail));
  ++steps;
  return {};
}

TEST(TryTest, LeavesWithTheError) {
  int steps = 0;
  EXPECT_TRUE(tried(false, steps).ok());
  EXPECT_EQ(steps, 1);
  const Status left = tried(true, steps);
  ASSERT_FALSE(left.ok());
  EXPECT_EQ(left.error().position, 7U);
  EXPECT_EQ(steps, 1);
}

TEST(TryTest, StandsAloneBehindAnIf) {
  const auto run = [](bool asked) -> Status {
    if (asked)
      NETOCR_TRY(text_or_error(true));
    else
      return Error{ErrorCode::kTimeout, 0, "else"};
    return {};
  };
  EXPECT_EQ(run(true).error().code, ErrorCode::kCorruptImage);
  EXPECT_EQ(run(false).error().code, ErrorCode::kTimeout);
}

Result<std::size_t> assigned(bool fail, std::string& kept) {
  NETOCR_ASSIGN(kept, text_or_error(fail));
  NETOCR_ASSIGN(const std::string& referred, text_or_error(false));
  NETOCR_ASSIGN(const auto unique, Result<std::unique_ptr<int>>(std::make_unique<int>(5)));
  return referred.size() + static_cast<std::size_t>(*unique);
}

TEST(AssignTest, MovesTheValueOrLeavesWithTheError) {
  std::string kept = "before";
  const Result<std::size_t> failed = assigned(true, kept);
  ASSERT_FALSE(failed.ok());
  EXPECT_STREQ(failed.error().detail, "bad");
  EXPECT_EQ(kept, "before");
  const Result<std::size_t> done = assigned(false, kept);
  ASSERT_TRUE(done.ok());
  EXPECT_TRUE(kept.starts_with("a text"));
  EXPECT_EQ(*done, kept.size() + 5);
}

#if defined(GTEST_HAS_DEATH_TEST) && !defined(NDEBUG)
TEST(ResultDeathTest, ReadingTheWrongSideIsCaught) {
  const Result<int> value = 1;
  const Result<int> error = Error{};
  EXPECT_DEATH(static_cast<void>(value.error()), "ok_");
  EXPECT_DEATH(static_cast<void>(error.value()), "ok_");
}
#endif

}  // namespace
}  // namespace netocr
