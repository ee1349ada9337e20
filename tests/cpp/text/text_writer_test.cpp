// TextWriter: what it writes is read back by nlohmann/json and by our own XML reader, and never outside its
// buffer.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "text/text_writer.hpp"
#include "text/xml.hpp"

namespace netocr {
namespace {

std::string written(std::string_view text, Escapes escapes) {
  TextWriter measure;
  measure.escaped(text, escapes);
  std::string out(measure.size(), '?');
  TextWriter writer({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
  writer.escaped(text, escapes);
  EXPECT_EQ(writer.size(), out.size());
  return out;
}
std::string as_json(std::string_view text) { return written(text, Escapes::kJson); }
std::string as_xml(std::string_view text) { return written(text, Escapes::kXml); }

TEST(TextWriterTest, Table) {
  struct Case {
    std::string_view text, json, xml;
  };
  const Case cases[] = {
      {"", "", ""},
      {"判定结果 ok/'", "判定结果 ok/'", "判定结果 ok/'"},
      {R"("\)", R"(\u0022\u005c)", R"(&#x22;\)"},
      {"<a>&]]>", "<a>&]]>", "&#x3c;a&#x3e;&#x26;]]&#x3e;"},
      {"\t\n\r", R"(\u0009\u000a\u000d)", "&#x09;&#x0a;&#x0d;"},
      {std::string_view("a\0b\x1f", 4), R"(a\u0000b\u001f)", "a\uFFFDb\uFFFD"},
      {"\uFFFE\uFFFFx\uFFFD", "\uFFFE\uFFFFx\uFFFD", "\uFFFD\uFFFDx\uFFFD"},
      {"\xEF\xBF", "\xEF\xBF", "\xEF\xBF"},  // no UTF-8, but nothing beyond its end is read
      {"\U0010FFFF\U0001F600", "\U0010FFFF\U0001F600", "\U0010FFFF\U0001F600"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(as_json(c.text), c.json);
    EXPECT_EQ(as_xml(c.text), c.xml);
  }
}

// Texts of characters that mean something to a parser, and of some that do not.
std::string random_text(std::mt19937& random) {
  const std::string pieces[] = {"\"",     "\\",     "<",    ">",    "&",   "'",  "]]>", "\t",        "\n",
                                "\r",     "\x01",   "\x1f", "\x7f", "\\u", "&#", "是",  "\u3000",    "\uFFFE",
                                "\uFFFF", "\uFEFF", "x",    " ",    "/",   "<!", "<?",  "\U0001F600"};
  std::string text;
  for (std::size_t i = 0, count = random() % 12; i < count; ++i) text += pieces[random() % std::size(pieces)];
  return text;
}

std::string replaced(std::string text) {
  for (const std::string gone : {"\uFFFE", "\uFFFF", "\x01", "\x1f"}) {
    for (std::size_t at = text.find(gone); at != std::string::npos; at = text.find(gone))
      text.replace(at, gone.size(), "\uFFFD");
  }
  return text;
}

TEST(TextWriterTest, ParsersReadBackWhatWasWritten) {
  std::mt19937 random(11);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = random_text(random);
    const nlohmann::json value = nlohmann::json::parse("\"" + as_json(text) + "\"", nullptr, false);
    ASSERT_FALSE(value.is_discarded()) << text;
    ASSERT_EQ(value.get<std::string>(), text);
    const std::string xml = as_xml(text);
    ASSERT_EQ(xml.find_first_of("<>\""), std::string::npos) << xml;
    const Result<Tree> tree = parse_xml("<a b=\"" + xml + "\">" + xml + "</a>", Limits{});
    ASSERT_TRUE(tree.ok()) << xml;
    ASSERT_EQ(tree->find(tree->root(), "b")->text, replaced(text));
    // A text of white space alone is no text to the XML reader.
    if (text.find_first_not_of(" \t\r\n") != std::string::npos) ASSERT_EQ(tree->root().text, replaced(text));
  }
}

TEST(TextWriterTest, NothingIsWrittenBeyondTheBuffer) {
  const std::string_view text = "a\"<\n\x01是";
  for (std::size_t room = 0; room < 40; ++room) {
    std::vector<std::uint8_t> bytes(room);  // AddressSanitizer watches its ends
    TextWriter writer(bytes);
    writer.escaped(text, Escapes::kJson);
    writer.escaped(text, Escapes::kXml);
    EXPECT_EQ(writer.size(), as_json(text).size() + as_xml(text).size());
  }
}

}  // namespace
}  // namespace netocr
