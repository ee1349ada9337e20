// Buffer and Array: sizes, moves, resizing, refusal of sizes that cannot be.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/buffer.hpp"

namespace netocr {
namespace {

TEST(BufferTest, CreatesItsSize) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}}) {
    Result<Buffer> made = Buffer::create(size);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->size(), size);
    EXPECT_EQ(made->empty(), size == 0);
    EXPECT_EQ(made->span().size(), size);
    std::fill(made->span().begin(), made->span().end(), std::uint8_t{7});  // the sanitizer checks the room
  }
}

TEST(BufferTest, ZeroesOnRequest) {
  const Result<Array<std::uint32_t>> made = Array<std::uint32_t>::create_zeroed(1000);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(std::count(made->span().begin(), made->span().end(), 0U), 1000);
}

TEST(BufferTest, CopiesWhatIsThere) {
  const std::array<std::uint16_t, 3> values{1, 0x1234, 0xFFFF};
  const Result<Array<std::uint16_t>> copy = Array<std::uint16_t>::copy_of(values);
  ASSERT_TRUE(copy.ok());
  EXPECT_TRUE(std::equal(values.begin(), values.end(), copy->span().begin(), copy->span().end()));
  EXPECT_NE(copy->data(), values.data());
  const Result<Buffer> empty = Buffer::copy_of({});
  ASSERT_TRUE(empty.ok());
  EXPECT_TRUE(empty->empty());
}

TEST(BufferTest, RefusesWhatCannotBe) {
  for (const std::size_t size : {static_cast<std::size_t>(-1), static_cast<std::size_t>(-1) / 2}) {
    EXPECT_EQ(Array<std::uint64_t>::create(size).error().code, ErrorCode::kOutOfMemory);
    EXPECT_EQ(Array<std::uint64_t>::create_zeroed(size).error().code, ErrorCode::kOutOfMemory);
  }
}

TEST(BufferTest, MovesWithoutCopying) {
  Result<Buffer> made = Buffer::create(10);
  ASSERT_TRUE(made.ok());
  Buffer first = std::move(made).value();
  const std::uint8_t* const data = first.data();
  Buffer second = std::move(first);
  EXPECT_EQ(second.data(), data);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): the moved-from state is documented
  first = std::move(second);
  EXPECT_EQ(first.data(), data);
  EXPECT_EQ(first.size(), 10U);
}

TEST(BufferTest, ResizeKeepsThePrefix) {
  Result<Array<std::uint16_t>> made = Array<std::uint16_t>::create(4);
  ASSERT_TRUE(made.ok());
  Array<std::uint16_t>& array = *made;
  for (std::size_t i = 0; i < 4; ++i) array[i] = static_cast<std::uint16_t>(i + 1);
  ASSERT_TRUE(array.resize(100).ok());
  EXPECT_EQ(array.size(), 100U);
  EXPECT_EQ(array[3], 4U);
  array[99] = 1;
  ASSERT_TRUE(array.resize(2).ok());
  EXPECT_EQ(array[1], 2U);
  ASSERT_TRUE(array.resize(0).ok());
  EXPECT_TRUE(array.empty());
}

TEST(BufferTest, FailedResizeChangesNothing) {
  Result<Buffer> made = Buffer::create(3);
  ASSERT_TRUE(made.ok());
  (*made)[2] = 9;
  EXPECT_EQ(made->resize(static_cast<std::size_t>(-1)).error().code, ErrorCode::kOutOfMemory);
  EXPECT_EQ(made->size(), 3U);
  EXPECT_EQ((*made)[2], 9U);
}

}  // namespace
}  // namespace netocr
