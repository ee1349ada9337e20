// Copies runs of unescaped bytes at once: a portrait has tens of thousands.
#include "text/text_writer.hpp"

#include <cstdint>
#include <cstring>

namespace netocr {
namespace {

constexpr std::size_t kNoCharacterLength = 3;  // length of U+FFFE and U+FFFF

bool is_no_character(std::string_view rest) {
  return rest.starts_with("\uFFFE") || rest.starts_with("\uFFFF");
}

bool is_escaped(std::string_view rest, Escapes escapes) {
  const char c = rest.front();
  if (c == '"' || static_cast<std::uint8_t>(c) < 0x20) return true;
  if (escapes == Escapes::kJson) return c == '\\';
  return c == '&' || c == '<' || c == '>' || is_no_character(rest);
}

}  // namespace

void TextWriter::plain(std::string_view text) {
  if (!text.empty() && size_ <= out_.size() && text.size() <= out_.size() - size_)
    std::memcpy(out_.data() + size_, text.data(), text.size());
  size_ += text.size();
}

void TextWriter::escaped(std::string_view text, Escapes escapes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_escaped(text.substr(at), escapes)) continue;
    plain(text.substr(begin, at - begin));
    const auto code = static_cast<std::uint8_t>(text[at]);
    // A character reference prevents a parser from normalising \t, \n and \r.
    const bool is_xml_character =
        code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0x80);
    if (escapes == Escapes::kXml && !is_xml_character) {
      plain("\uFFFD");
    } else {
      plain(escapes == Escapes::kJson ? "\\u00" : "&#x");
      plain(kDigits.substr(code >> 4, 1));
      plain(kDigits.substr(code & 15, 1));
      if (escapes == Escapes::kXml) plain(";");
    }
    if (code >= 0x80) at += kNoCharacterLength - 1;
    begin = at + 1;
  }
  plain(text.substr(begin));
}

}  // namespace netocr
