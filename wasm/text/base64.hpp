// Base64 (RFC 4648 section 4, padded, no line breaks): the service's form of a file, first step of building a
// body.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

// Characters that `bytes` bytes become, padding included.
constexpr std::uint64_t base64_length_from_binary(std::uint64_t bytes) {
  return (bytes / 3 + (bytes % 3 != 0)) * 4;
}

// The most bytes that `characters` characters can become; padding makes it one or two fewer.
constexpr std::uint64_t max_binary_length_from_base64(std::uint64_t characters) { return characters / 4 * 3; }

// Writes base64_length_from_binary(bytes.size()) characters to the front of `out`, which must have room for
// them (assert) and must not overlap `bytes`. Returns that length.
std::size_t base64_encode(Bytes bytes, MutableBytes out);

// Strict decoding: length a multiple of four, padding only at the end, no white space, no other characters,
// unused bits zero. `out` has room for max_binary_length_from_base64(text.size()) bytes (assert). Returns the
// number written. Errors: INVALID_ARGUMENT with the position of the first wrong character.
Result<std::size_t> base64_decode(std::string_view text, MutableBytes out);

// base64_encode without SIMD, with the same contract: for the last bytes, and what tests compare with.
namespace detail {
std::size_t base64_encode_scalar(Bytes bytes, MutableBytes out);
}  // namespace detail

}  // namespace netocr
