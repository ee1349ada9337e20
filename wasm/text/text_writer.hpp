// TextWriter: texts into a buffer of the exact size, escaped for JSON (RFC 8259) or XML 1.0.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

enum class Escapes : std::uint8_t { kJson, kXml };

// Writes at most what fits into `out` and counts everything, so that the same code measures first (without a
// buffer) and writes then. Texts are UTF-8.
class TextWriter {
 public:
  explicit TextWriter(MutableBytes out = {}) : out_(out) {}

  void plain(std::string_view text);
  // For between the quotes of a JSON string, or for an element's text or a quoted attribute value of XML.
  // Characters that XML cannot have (most controls, U+FFFE, U+FFFF) become U+FFFD.
  void escaped(std::string_view text, Escapes escapes);

  std::size_t size() const { return size_; }  // bytes of everything so far, written or not

 private:
  MutableBytes out_;
  std::size_t size_ = 0;
};

}  // namespace netocr
