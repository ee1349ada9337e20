// parse_json: values, everything it refuses, limits, truncation, bombs.
#include <gtest/gtest.h>

#include "text/json.hpp"

namespace netocr {
namespace {

// The tree written out: objects {key:value,...}, arrays [..], scalars as kind letter and text.
std::string dump(const Tree& tree, const Node& node) {
  constexpr std::string_view kLetters = "nb#s";
  if (node.kind < NodeKind::kArray)
    return kLetters[static_cast<std::size_t>(node.kind)] + std::string(node.text);
  std::string out;
  for (const Node& child : tree.children(node)) {
    out += (out.empty() ? "" : ",") +
           (node.kind == NodeKind::kObject ? std::string(child.key) + ":" : std::string()) +
           dump(tree, child);
  }
  return node.kind == NodeKind::kObject ? "{" + out + "}" : "[" + out + "]";
}

std::string parsed(std::string_view text) {
  const Result<Tree> tree = parse_json(text, Limits{});
  if (!tree.ok()) return std::string(error_word(tree.error().code));
  return dump(*tree, tree->root());
}

TEST(JsonTest, Values) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"null", "n"},
      {"[true,false,null]", "[btrue,bfalse,n]"},
      {"\"是\"", "s是"},
      {R"("\u662f")", "s是"},
      {R"("\ud83d\ude00")", "s😀"},
      {R"("a\"\\\/\b\f\n\r\t")", "sa\"\\/\b\f\n\r\t"},
      {"0", "#0"},
      {"-1", "#-1"},
      {"-0", "#-0"},
      {"-0.0", "#-0.0"},
      {"100.0", "#100.0"},
      {"0.54066247", "#0.54066247"},
      {"1E2", "#1E2"},
      {"18446744073709551615", "#18446744073709551615"},
      {"18446744073709551616", "#18446744073709551616"},
      {"{}", "{}"},
      {"[]", "[]"},
      {R"({"a":{"b":[1,{"c":""}]},"d":null})", "{a:{b:[#1,{c:s}]},d:n}"},
      {" \t\r\n{ \"a\" : 1 } \n", "{a:#1}"},
      {"\xEF\xBB\xBF{\"a\":1}", "{a:#1}"},
      {R"({"":1})", "{:#1}"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parsed(text), expected) << text;
}

TEST(JsonTest, Refused) {
  const std::string_view cases[] = {
      "",
      " ",
      "\xEF\xBB\xBF",
      "\xEF\xBB",
      "{",
      "}",
      "[",
      "]",
      "[1,]",
      "{\"a\":1,}",
      "{a:1}",
      "{'a':1}",
      "{\"a\"}",
      "{\"a\" 1}",
      "nul",
      "NaN",
      "Infinity",
      "-",
      "01",
      "1.",
      ".5",
      "+1",
      "0x1",
      "1e999",
      "-1e999",
      "\"",
      "\"\\x\"",
      "\"\\u12\"",
      "\"\t\"",
      "\"\n\"",
      R"("\ud800")",
      R"("\udc00")",
      R"("\ud800\ud800")",
      "\"\xff\"",
      "\"\xca\xc7\"",
      "\"\xc0\x80\"",
      "\"\xed\xa0\x80\"",
      "{}{}",
      "{} []",
      "{}x",
      "1 2",
      "{} ]",
      "{}//c",
      "/*c*/{}",
      "{/**/}",
      "<html></html>",
      "OK",
      R"({"a":1,"a":1})",
      R"({"a":1,"b":2,"a":3})",
      R"([{"x":{"a":1,"\u0061":2}}])",
  };
  for (const std::string_view text : cases) EXPECT_EQ(parsed(text), "REPLY_MALFORMED") << text;
}

TEST(JsonTest, NulBytesAreNoEnd) {
  EXPECT_EQ(parsed(std::string_view("{}\0", 3)), "REPLY_MALFORMED");
  EXPECT_EQ(parsed(std::string_view("{}\0{}", 5)), "REPLY_MALFORMED");
  EXPECT_EQ(parsed(std::string_view("\"a\0b\"", 5)), "REPLY_MALFORMED");
  EXPECT_EQ(parsed(R"("a\u0000b")"), std::string_view("sa\0b", 4));
}

TEST(JsonTest, SameNameInDifferentObjectsIsFine) {
  EXPECT_EQ(parsed(R"([{"a":1},{"a":{"a":2}}])"), "[{a:#1},{a:{a:#2}}]");
}

TEST(JsonTest, TruncatedAtEveryByte) {
  const std::string text =
      R"({"message":{"status":0,"value":"比对完成\n"},"cardsinfo":[{"type":"9999","items":[{"desc":"\u662f","content":1.5e3}]}]})";
  ASSERT_NE(parsed(text), "REPLY_MALFORMED");
  for (std::size_t length = 0; length < text.size(); ++length) {
    const std::string exact = text.substr(0, length);
    EXPECT_EQ(parsed(exact), "REPLY_MALFORMED") << length;
  }
}

TEST(JsonTest, ErrorsHaveAPosition) {
  const Result<Tree> tree = parse_json("{\"a\":1, x}", Limits{});
  ASSERT_FALSE(tree.ok());
  EXPECT_GE(tree.error().position, 8U);
  EXPECT_LE(tree.error().position, 9U);
}

TEST(JsonTest, DepthAtTheLimit) {
  Limits limits;
  limits.max_reply_depth = 5;
  EXPECT_TRUE(parse_json("[[[[[1]]]]]", limits).ok());
  EXPECT_EQ(parse_json("[[[[[[1]]]]]]", limits).error().code, ErrorCode::kReplyTooLarge);
  EXPECT_TRUE(parse_json(R"({"a":[{"a":[{}]}]})", limits).ok());
  EXPECT_EQ(parse_json(R"({"a":[{"a":[{"a":[]}]}]})", limits).error().code, ErrorCode::kReplyTooLarge);
}

TEST(JsonTest, DepthHasABoundOfItsOwn) {
  Limits limits;
  limits.max_reply_depth = 0xffffffff;
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse_json(nested(kMaxTreeDepth), limits).ok());
  EXPECT_EQ(parse_json(nested(kMaxTreeDepth + 1), limits).error().code, ErrorCode::kReplyTooLarge);
}

TEST(JsonTest, SizeAtTheLimit) {
  Limits limits;
  limits.max_reply_bytes = 10;
  EXPECT_TRUE(parse_json("\"12345678\"", limits).ok());
  EXPECT_EQ(parse_json("\"123456789\"", limits).error().code, ErrorCode::kReplyTooLarge);
}

TEST(JsonTest, Bombs) {
  EXPECT_EQ(parsed(std::string(100'000, '[')), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed(std::string(100'000, '[') + std::string(100'000, ']')), "REPLY_TOO_LARGE");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(parsed(objects), "REPLY_TOO_LARGE");
  std::string wide = "[0";
  for (int i = 0; i < 100'000; ++i) wide += ",0";
  EXPECT_EQ(parsed(wide + "]"), "REPLY_TOO_LARGE");
  std::string names = "{\"0\":0";
  for (std::size_t i = 1; i < kMaxTreeNodes - 1; ++i) names += ",\"" + std::to_string(i) + "\":0";
  EXPECT_TRUE(parse_json(names + "}", Limits{}).ok());
  EXPECT_EQ(parsed(names + ",\"5\":0}"), "REPLY_TOO_LARGE");
  const std::string long_text = "\"" + std::string(1'000'000, 'x') + "\"";
  EXPECT_EQ(parse_json(long_text, Limits{})->root().text.size(), 1'000'000U);
  EXPECT_EQ(parsed("\"" + std::string(1'100'000, 'x') + "\""), "REPLY_TOO_LARGE");
}

TEST(JsonTest, WhiteSpaceHasABound) {
  EXPECT_TRUE(parse_json(std::string(1U << 16, '\n') + "{}", Limits{}).ok());
  EXPECT_EQ(parse_json(std::string((1U << 16) + 1, '\n') + "{}", Limits{}).error().code,
            ErrorCode::kReplyTooLarge);
}

}  // namespace
}  // namespace netocr
