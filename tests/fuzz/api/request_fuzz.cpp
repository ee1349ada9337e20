// form, request: what is written is read back by simple readers of our own.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "api/request.hpp"
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "text/base64.hpp"
#include "text/form.hpp"
#include "text/multipart.hpp"
#include "text/sextets.hpp"

namespace netocr::fuzz {
namespace {

// What `length` promised is what `write` wrote, to the byte.
template <typename Write>
std::string written(std::uint64_t length, Write write) {
  std::string text(static_cast<std::size_t>(length), '\0');
  const std::size_t used = write(MutableBytes(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  require(used == length, "the length is known before writing");
  return text;
}

std::string base64_of(Bytes bytes) {
  const std::uint64_t length = base64_length_from_binary(bytes.size());
  const std::string text = written(length, [&](MutableBytes out) { return base64_encode(bytes, out); });
  require(text == written(length, [&](MutableBytes out) { return detail::base64_encode_scalar(bytes, out); }),
          "both implementations of base64 agree");
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(static_cast<std::size_t>(max_binary_length_from_base64(text.size())), '\0');
  const auto used =
      base64_decode(text, MutableBytes(reinterpret_cast<std::uint8_t*>(out.data()), out.size()));
  if (!used.ok()) {
    require_typed(used.error(), text.size());
    return std::nullopt;
  }
  out.resize(*used);
  return out;
}

int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

// application/x-www-form-urlencoded back to text.
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

void require_form(Bytes bytes, const std::string& base64) {
  const std::uint64_t length = form_base64_length(bytes);
  require(length <= max_form_base64_length(bytes.size()), "a form's file is within its bound");
  require(length == detail::form_base64_length_scalar(bytes), "both lengths agree");
  const std::string form = written(length, [&](MutableBytes out) { return form_base64_encode(bytes, out); });
  require(form == written(length,
                          [&](MutableBytes out) { return detail::form_base64_encode_scalar(bytes, out); }),
          "both implementations of the form agree");
  require(form_decoded(form) == base64 && form.find('+') == std::string::npos, "a form's file is its base64");
}

// The parts' contents between the boundaries, in order.
std::vector<std::string_view> multipart_contents(std::string_view body, std::string_view content_type) {
  constexpr std::string_view kPrefix = "multipart/form-data; boundary=";
  require(content_type.starts_with(kPrefix), "the content type names the boundary");
  const std::string delimiter = "\r\n--" + std::string(content_type.substr(kPrefix.size()));
  require(body.starts_with(std::string_view(delimiter).substr(2)), "a body begins with its boundary");
  body.remove_prefix(delimiter.size() - 2);
  std::vector<std::string_view> contents;
  while (body.starts_with("\r\n")) {
    const std::size_t head = body.find("\r\n\r\n");
    require(head != std::string_view::npos, "a part has a head");
    body.remove_prefix(head + 4);
    const std::size_t end = body.find(delimiter);
    require(end != std::string_view::npos, "a part has an end");
    contents.push_back(body.substr(0, end));
    body.remove_prefix(end + delimiter.size());
  }
  require(body == "--\r\n", "a body ends with its boundary");
  return contents;
}

void require_multipart(const RequestBody& made, std::span<const Bytes> files) {
  const auto contents = multipart_contents(as_text(made.body.span()), made.content_type);
  require(contents.size() == 2 + files.size(), "a body has typeId, format and the files");
  for (std::size_t i = 0; i < files.size(); ++i)
    require(contents[2 + i] == as_text(files[i]), "a file arrives as it was");
}

void require_urlencoded(const RequestBody& made, std::span<const Bytes> files) {
  std::string_view body = as_text(made.body.span());
  require(made.content_type == "application/x-www-form-urlencoded", "a form is called one");
  for (std::size_t i = files.size(); i-- > 0;) {
    const std::size_t at = body.rfind('=');
    require(at != std::string_view::npos, "a field has a name");
    require(form_decoded(body.substr(at + 1)) == base64_of(files[i]), "a file arrives as its base64");
    body = body.substr(0, body.rfind('&'));
  }
  require(body.ends_with("&format=json"), "format=json goes before the files");
}

}  // namespace

bool run_form(Bytes bytes) {
  const std::string base64 = base64_of(bytes);
  require(from_base64(base64) == std::string(as_text(bytes)), "base64 comes back as it went");
  require_form(bytes, base64);
  const std::string_view text = as_text(bytes);
  const std::string encoded =
      written(form_text_length(text), [&](MutableBytes out) { return form_text_encode(text, out); });
  require(form_decoded(encoded) == text, "a form's text comes back as it went");
  const std::optional<std::string> decoded = from_base64(text);
  if (decoded.has_value()) require(base64_of(as_bytes(*decoded)) == text, "strict base64 has one spelling");
  return true;
}

// Operation, seed of the boundary, where the first file ends; then the files.
bool run_request(Bytes bytes) {
  Choices choices(bytes);
  const Endpoint& endpoint = kEndpoints[choices.byte() % kEndpoints.size()];
  const std::uint64_t seed = choices.byte();
  const Bytes first = choices.take(choices.below(2048));
  const std::array<Bytes, 2> files = {first, choices.rest()};
  const std::span<const Bytes> given = std::span(files).first(endpoint.part_count());
  const auto made = build_request(endpoint, given, seed);
  const bool has_empty = std::any_of(given.begin(), given.end(), [](Bytes file) { return file.empty(); });
  require(made.ok() == !has_empty || endpoint.encoding == BodyEncoding::kMultipart,
          "files that are not empty make a form");
  if (!made.ok()) {
    require_typed(made.error(), bytes.size());
    return true;
  }
  require(!has_empty, "no empty file is sent");
  if (endpoint.encoding == BodyEncoding::kMultipart) {
    require_multipart(*made, given);
  } else {
    require_urlencoded(*made, given);
  }
  return true;
}

}  // namespace netocr::fuzz
