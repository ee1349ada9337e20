// TextWriter: writes texts into a buffer of the exact size, escaped for JSON (RFC 8259) or XML 1.0.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

enum class Escapes : std::uint8_t { kJson, kXml };

// Writes only what fits into `out` but counts everything, so that the same code first measures (without a
// buffer) and then writes. Texts are UTF-8.
class TextWriter {
 public:
  explicit TextWriter(MutableBytes out = {}) : out_(out) {}

  void plain(std::string_view text);
  // Escapes text for a JSON string's contents, or for an element's text or a quoted attribute value of XML.
  // Characters that XML cannot represent (most controls, U+FFFE, U+FFFF) become U+FFFD.
  void escaped(std::string_view text, Escapes escapes);

  std::size_t size() const { return size_; }  // number of bytes so far, written or not

 private:
  MutableBytes out_;
  std::size_t size_ = 0;
};

}  // namespace netocr
