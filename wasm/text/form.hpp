// application/x-www-form-urlencoded (WHATWG URL standard, section 5.2): encodes text fields, and files as
// base64 that is percent-encoded in the same pass. An unescaped + would reach the service as a space, the
// most common mistake of its callers.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"
#include "text/base64.hpp"

namespace netocr {

// Returns the exact number of characters that form_text_encode writes. Space becomes +, letters, digits and
// *-._ are unchanged, every other byte becomes %XX.
std::uint64_t form_text_length(std::string_view text);

// Writes form_text_length(text) characters to the front of `out` (assert: they fit) and returns their number.
std::size_t form_text_encode(std::string_view text, MutableBytes out);

// Returns the max encoded length of `bytes` bytes: every base64 character as %XX.
constexpr std::uint64_t max_form_base64_length(std::uint64_t bytes) {
  return base64_length_from_binary(bytes) * 3;
}

// Returns the exact number of characters that form_base64_encode writes for these bytes; reads all of them.
std::uint64_t form_base64_length(Bytes bytes);

// Writes the base64 of `bytes` with + as %2B, / as %2F, = as %3D to the front of `out`, which must have room
// for form_base64_length(bytes) characters (assert) and must not overlap `bytes`. Returns their number; bytes
// of `out` beyond them may be overwritten (whole vectors are stored).
std::size_t form_base64_encode(Bytes bytes, MutableBytes out);

// The same without SIMD, with the same contracts: encodes the last bytes, and is the reference of the tests.
namespace detail {
std::uint64_t form_base64_length_scalar(Bytes bytes);
std::size_t form_base64_encode_scalar(Bytes bytes, MutableBytes out);
}  // namespace detail

}  // namespace netocr
