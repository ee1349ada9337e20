// Fuzzes form: base64 and forms must come back as they went.
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/text/form_reader.hpp"
#include "text/base64.hpp"
#include "text/form.hpp"

namespace netocr::fuzz {
namespace {

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

}  // namespace netocr::fuzz
