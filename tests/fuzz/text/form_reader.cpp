// Reads one character after the other.
#include "fuzz/text/form_reader.hpp"

#include "text/base64.hpp"

namespace netocr::fuzz {
namespace {

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

}  // namespace

std::string base64_of(Bytes bytes) {
  const std::uint64_t length = base64_length_from_binary(bytes.size());
  const std::string text = written(length, [&](MutableBytes out) { return base64_encode(bytes, out); });
  require(text == written(length, [&](MutableBytes out) { return detail::base64_encode_scalar(bytes, out); }),
          "both implementations of base64 agree");
  return text;
}

std::string form_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      require(text[i] > ' ' && text[i] < '\x7f' && text[i] != '&' && text[i] != '=',
              "a form value is plain ASCII");
      decoded += text[i];
    } else {
      require(i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0,
              "an escape has two hexadecimal digits");
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    }
  }
  return decoded;
}

}  // namespace netocr::fuzz
