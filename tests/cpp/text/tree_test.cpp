// TreeBuilder: shape, and each limit at its edge.
#include <gtest/gtest.h>

#include "text/tree.hpp"

namespace netocr {
namespace {

TreeBuilder builder_for(std::size_t capacity, const Limits& limits = {}) {
  Result<TreeBuilder> made = TreeBuilder::create(capacity, limits);
  EXPECT_TRUE(made.ok());
  return std::move(made).value();
}

TEST(TreeTest, KeepsOrderAndKeys) {
  TreeBuilder builder = builder_for(100);
  ASSERT_TRUE(builder.open(NodeKind::kObject).ok());
  ASSERT_TRUE(builder.set_key("a").ok());
  ASSERT_TRUE(builder.add(NodeKind::kString, "one").ok());
  ASSERT_TRUE(builder.set_key("b").ok());
  ASSERT_TRUE(builder.open(NodeKind::kArray).ok());
  ASSERT_TRUE(builder.add(NodeKind::kNumber, "2").ok());
  builder.close();
  ASSERT_TRUE(builder.set_key("c").ok());
  ASSERT_TRUE(builder.add(NodeKind::kNull, "").ok());
  builder.close();
  const Tree first = std::move(builder).finish();
  const Tree& tree = first;
  EXPECT_EQ(tree.size(), 5U);
  std::string keys;
  for (const Node& child : tree.children(tree.root())) keys += child.key;
  EXPECT_EQ(keys, "abc");
  ASSERT_NE(tree.find(tree.root(), "b"), nullptr);
  EXPECT_EQ(tree.nodes()[tree.find(tree.root(), "b")->first_child].text, "2");
  EXPECT_EQ(tree.nodes()[tree.find(tree.root(), "b")->first_child].key, "");
  EXPECT_EQ(tree.find(tree.root(), "z"), nullptr);
}

TEST(TreeTest, ViewsSurviveAMove) {
  TreeBuilder builder = builder_for(3);
  ASSERT_TRUE(builder.add(NodeKind::kString, "abc").ok());
  Tree first = std::move(builder).finish();
  const Tree second = std::move(first);
  EXPECT_EQ(second.root().text, "abc");
}

TEST(TreeTest, JoinsTexts) {
  TreeBuilder builder = builder_for(10);
  ASSERT_TRUE(builder.set_key("e").ok());
  ASSERT_TRUE(builder.open(NodeKind::kElement).ok());
  ASSERT_TRUE(builder.append_text("ab").ok());
  ASSERT_TRUE(builder.append_text("").ok());
  ASSERT_TRUE(builder.append_text("cd").ok());
  builder.close();
  EXPECT_EQ(std::move(builder).finish().root().text, "abcd");
}

TEST(TreeTest, NodeLimit) {
  TreeBuilder builder = builder_for(0);
  ASSERT_TRUE(builder.open(NodeKind::kArray).ok());
  for (std::size_t i = 1; i < kMaxTreeNodes; ++i) ASSERT_TRUE(builder.add(NodeKind::kNull, "").ok());
  EXPECT_EQ(builder.add(NodeKind::kNull, "").error().code, ErrorCode::kReplyTooLarge);
}

TEST(TreeTest, DepthLimit) {
  Limits limits;
  limits.max_reply_depth = 3;
  TreeBuilder builder = builder_for(0, limits);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(builder.open(NodeKind::kArray).ok());
  EXPECT_TRUE(builder.add(NodeKind::kNull, "").ok());
  EXPECT_EQ(builder.open(NodeKind::kArray).error().code, ErrorCode::kReplyTooLarge);
}

TEST(TreeTest, TextLimit) {
  TreeBuilder builder = builder_for(3);
  ASSERT_TRUE(builder.set_key("ab").ok());
  EXPECT_EQ(builder.add(NodeKind::kString, "cd").error().code, ErrorCode::kReplyTooLarge);
  EXPECT_EQ(builder.set_key("cd").error().code, ErrorCode::kReplyTooLarge);
}

TEST(TreeTest, UniqueKeys) {
  TreeBuilder builder = builder_for(20);
  ASSERT_TRUE(builder.open(NodeKind::kObject).ok());
  EXPECT_TRUE(builder.check_unique_keys().ok());
  for (const char* key : {"b", "a", "c"}) {
    ASSERT_TRUE(builder.set_key(key).ok());
    ASSERT_TRUE(builder.add(NodeKind::kNull, "").ok());
  }
  EXPECT_TRUE(builder.check_unique_keys().ok());
  ASSERT_TRUE(builder.set_key("b").ok());
  ASSERT_TRUE(builder.add(NodeKind::kNull, "").ok());
  EXPECT_EQ(builder.check_unique_keys().error().code, ErrorCode::kReplyMalformed);
}

}  // namespace
}  // namespace netocr
