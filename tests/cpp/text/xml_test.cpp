// parse_xml: shapes, everything it refuses (entities above all), limits, truncation, bombs.
#include <gtest/gtest.h>

#include <initializer_list>

#include "text/xml.hpp"

namespace netocr {
namespace {

// name[@attribute=value...](text){children}
std::string dump(const Tree& tree, const Node& node) {
  std::string attributes, children;
  for (const Node& child : tree.children(node)) {
    if (child.kind == NodeKind::kAttribute)
      attributes += "@" + std::string(child.key) + "=" + std::string(child.text);
    if (child.kind == NodeKind::kElement) children += dump(tree, child);
  }
  return std::string(node.key) + attributes + "(" + std::string(node.text) + "){" + children + "}";
}

std::string parsed(std::string_view text) {
  const Result<Tree> tree = parse_xml(text, Limits{});
  if (!tree.ok()) return std::string(error_word(tree.error().code));
  return dump(*tree, tree->root());
}

constexpr std::string_view kReal =
    "<?xml version='1.0' "
    "encoding='UTF-8'?><data><message><status>0</status><value>比对完成</value></message><cardsinfo>"
    "<card type=\"21\"><item desc=\"判定值\"><![CDATA[0.98207855]]></item><item "
    "desc=\"判定结果\"><![CDATA[是]]></item></card>"
    "</cardsinfo></data>";

TEST(XmlTest, RealBody) {
  EXPECT_EQ(parsed(kReal),
            "data(){message(){status(0){}value(比对完成){}}cardsinfo(){card@type=21(){item@desc=判定值(0."
            "98207855){}"
            "item@desc=判定结果(是){}}}}");
}

TEST(XmlTest, Shapes) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"<a/>", "a(){}"},
      {"<a></a>", "a(){}"},
      {"\xEF\xBB\xBF<a/>", "a(){}"},
      {" \n<a/>\n", "a(){}"},
      {"<!-- c --><a/><!-- <b> --><?pi <x?>", "a(){}"},
      {"<a b='1' c=\"2\"/>", "a@b=1@c=2(){}"},
      {"<a b='>' c='/'/>", "a@b=>@c=/(){}"},
      {"<a><b/><c>x</c></a>", "a(){b(){}c(x){}}"},
      {"<a>x<!-- y -->z</a>", "a(xz){}"},
      {"<a>x<b>y</b>z</a>", "a(xz){b(y){}}"},
      {"<a><![CDATA[<b>&amp;]]>&lt;</a>", "a(<b>&amp;<){}"},
      {"<a>&amp;&lt;&gt;&quot;&apos;</a>", "a(&<>\"'){}"},
      {"<a>&#26159;&#x662f;&#x662F;</a>", "a(是是是){}"},
      {"<a b='&#26159;&amp;'/>", "a@b=是&(){}"},
      {"<a>&amp;lt;</a>", "a(&lt;){}"},
      {"<a\n b = '1' ></a >", "a@b=1(){}"},
      {"<a><b><c><d/></c></b><e/></a>", "a(){b(){c(){d(){}}}e(){}}"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parsed(text), expected) << text;
}

void expect_refused(std::initializer_list<std::string_view> cases) {
  for (const std::string_view text : cases) EXPECT_EQ(parsed(text), "REPLY_MALFORMED") << text;
}

TEST(XmlTest, Refused) {
  expect_refused({
      "",
      " ",
      "x",
      "<",
      "<a",
      "<a>",
      "</a>",
      "<a></b>",
      "<a><b></a></b>",
      "<a/><b/>",
      "<a/>x",
      "x<a/>",
      "<a/><a/>",
      "<a/></a>",
      "<a b=1/>",
      "<a b/>",
      "<a b='1/>",
      "<a b='1' b='2'/>",
      "<a b='<'/>",
      "< a/>",
      "<a><",
      "<!-- c",
      "<a><!-- c</a>",
      "<a><![CDATA[x</a>",
      "<?xml version='1.0'",
      "<?xml version='1.0'?>",
      "<![CDATA[x]]><a/>",
      "<a/><![CDATA[x]]>",
      "{\"a\":1}",
  });
}

TEST(XmlTest, DocumentTypesAreRefused) {
  expect_refused({
      "<!DOCTYPE a><a/>",
      "<!doctype html><html></html>",
      "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
      "<a><!DOCTYPE b></a>",
      "<!DOCTYPE a SYSTEM 'http://127.0.0.1/x.dtd'><a/>",
  });
}

TEST(XmlTest, EntitiesThatXmlDoesNotDefineAreRefused) {
  expect_refused({
      "<a>&b;</a>",
      "<a>&nbsp;</a>",
      "<a>&</a>",
      "<a>&amp</a>",
      "<a>&#;</a>",
      "<a>&#x;</a>",
      "<a>&#xg;</a>",
      "<a>&#1a;</a>",
      "<a>&#0;</a>",
      "<a>&#8;</a>",
      "<a>&#xd800;</a>",
      "<a>&#xfffe;</a>",
      "<a>&#x110000;</a>",
      "<a>&#x100000000;</a>",
      "<a>&#4294967337;</a>",
      "<a b='&c;'/>",
      "<a b='&#0;'/>",
  });
}

TEST(XmlTest, OtherEncodingsAreRefused) {
  expect_refused({
      "<a>\xff</a>",
      "<a>\xca\xc7</a>",
      "<a b='\xc0\x80'/>",
  });
  EXPECT_EQ(parsed(std::string_view("<a/>\0", 5)), "REPLY_MALFORMED");
  EXPECT_EQ(parsed(std::string_view("<a>\0</a>", 8)), "REPLY_MALFORMED");
  EXPECT_EQ(parsed(std::string_view("\xff\xfe<\0a\0/\0>\0", 10)), "REPLY_MALFORMED");  // UTF-16
}

TEST(XmlTest, TruncatedAtEveryByte) {
  for (std::size_t length = 0; length < kReal.size(); ++length) {
    const std::string exact(kReal.substr(0, length));
    EXPECT_EQ(parsed(exact), "REPLY_MALFORMED") << length;
  }
}

TEST(XmlTest, DepthAtTheLimit) {
  Limits limits;
  limits.max_reply_depth = 3;
  EXPECT_TRUE(parse_xml("<a><b><c/></b></a>", limits).ok());
  EXPECT_TRUE(parse_xml("<a><b><c>x</c><c/></b></a>", limits).ok());
  EXPECT_EQ(parse_xml("<a><b><c><d/></c></b></a>", limits).error().code, ErrorCode::kReplyTooLarge);
}

TEST(XmlTest, SizeAtTheLimit) {
  Limits limits;
  limits.max_reply_bytes = 8;
  EXPECT_TRUE(parse_xml("<a>x</a>", limits).ok());
  EXPECT_EQ(parse_xml("<a>xy</a>", limits).error().code, ErrorCode::kReplyTooLarge);
}

TEST(XmlTest, Bombs) {
  const auto repeated = [](std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out;
  };
  EXPECT_EQ(parsed(repeated("<a>", 100'000)), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed(repeated("<a>", 100'000) + repeated("</a>", 100'000)), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed("<r>" + repeated("<a/>", 100'000) + "</r>"), "REPLY_TOO_LARGE");
  std::string attributes;
  for (int i = 0; i < 100'000; ++i) attributes += " a" + std::to_string(i) + "=''";
  EXPECT_EQ(parsed("<r" + attributes + "/>"), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed("<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"" + repeated("&lol;", 10) +
                   "\">]><data>&lol2;</data>"),
            "REPLY_MALFORMED");
  EXPECT_EQ(parsed("<a>" + repeated("&amp;", 200'000) + "</a>"), "a(" + std::string(200'000, '&') + "){}");
  EXPECT_EQ(parsed("<a>" + std::string(5'000'000, 'x') + "</a>"), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed("<a>" + repeated("x<!---->", 100'000) + "</a>"), "a(" + std::string(100'000, 'x') + "){}");
}

// What pugixml would allocate for: counted before it sees the text.
TEST(XmlTest, NodesAtTheLimit) {
  const auto nested = [](std::string_view before, std::string_view piece, std::size_t times,
                         std::string_view after) {
    std::string out(before);
    for (std::size_t i = 0; i < times; ++i) out += piece;
    return out + std::string(after);
  };
  const auto named = [](std::size_t count) {
    std::string out = "<r";
    for (std::size_t i = 0; i < count; ++i) out += " a" + std::to_string(i) + "=\"=>\"";
    return out + "/>";
  };
  EXPECT_TRUE(parse_xml(nested("<r>", "<a/>", kMaxTreeNodes - 1, "</r>"), Limits{}).ok());
  EXPECT_EQ(parsed(nested("<r>", "<a/>", kMaxTreeNodes, "</r>")), "REPLY_TOO_LARGE");
  EXPECT_TRUE(parse_xml(named(kMaxTreeNodes - 1), Limits{}).ok());
  EXPECT_EQ(parsed(named(kMaxTreeNodes)), "REPLY_TOO_LARGE");
  EXPECT_TRUE(parse_xml(nested("<r>", "<a b=''/>", kMaxTreeNodes / 2 - 1, "</r>"), Limits{}).ok());
  EXPECT_EQ(parsed(nested("<r>", "<a b=''/>", kMaxTreeNodes / 2, "</r>")), "REPLY_TOO_LARGE");
  // Counted even where the tag is cut off or is no XML.
  EXPECT_EQ(parsed(nested("<r ", "=", kMaxTreeNodes, "/>")), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed(nested("<r>", "<![CDATA[]]>", 4 * kMaxTreeNodes + 1, "</r>")), "REPLY_TOO_LARGE");
  EXPECT_EQ(parsed(nested("<r>", "x<!---->", 4 * kMaxTreeNodes + 1, "</r>")), "REPLY_TOO_LARGE");
  EXPECT_TRUE(parse_xml(nested("<r>", " <a/>\n", kMaxTreeNodes - 1, "</r>"), Limits{}).ok());
}

TEST(XmlTest, DepthHasABoundOfItsOwn) {
  Limits limits;
  limits.max_reply_depth = 0xffffffff;
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<a>";
    for (std::size_t i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_TRUE(parse_xml(nested(kMaxTreeDepth), limits).ok());
  EXPECT_EQ(parse_xml(nested(kMaxTreeDepth + 1), limits).error().code, ErrorCode::kReplyTooLarge);
}

}  // namespace
}  // namespace netocr
