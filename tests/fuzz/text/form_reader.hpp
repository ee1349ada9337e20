// Writes base64 and forms with every check of their promises, and reads forms by a simple independent reader.
#pragma once

#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {

// Requires that `write` writes exactly the number of bytes that `length` announced.
template <typename Write>
std::string written(std::uint64_t length, Write write) {
  std::string text(static_cast<std::size_t>(length), '\0');
  const std::size_t used = write(MutableBytes(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
  require(used == length, "the length is known before writing");
  return text;
}

std::string base64_of(Bytes bytes);

// Decodes application/x-www-form-urlencoded to text.
std::string form_decoded(std::string_view text);

}  // namespace netocr::fuzz
