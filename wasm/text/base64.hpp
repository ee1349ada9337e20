// Base64 (RFC 4648 section 4, padded, no line breaks), the service's encoding of a file and the first step of
// building a body.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

// Returns the encoded length of `bytes` bytes, with padding.
constexpr std::uint64_t base64_length_from_binary(std::uint64_t bytes) {
  return (bytes / 3 + (bytes % 3 != 0)) * 4;
}

// Returns the max decoded length of `characters` characters; padding reduces it by one or two.
constexpr std::uint64_t max_binary_length_from_base64(std::uint64_t characters) { return characters / 4 * 3; }

// Writes base64_length_from_binary(bytes.size()) characters to the front of `out`, which must have room for
// them (assert) and must not overlap `bytes`. Returns that length.
std::size_t base64_encode(Bytes bytes, MutableBytes out);

// Decodes strictly: length a multiple of four, padding only at the end, no white space, no other characters,
// unused bits zero. `out` has room for max_binary_length_from_base64(text.size()) bytes (assert). Returns the
// number of bytes written. Errors: INVALID_ARGUMENT with the position of the first wrong character.
Result<std::size_t> base64_decode(std::string_view text, MutableBytes out);

// base64_encode without SIMD, with the same contract: encodes the last bytes, and is the reference of the
// tests.
namespace detail {
std::size_t base64_encode_scalar(Bytes bytes, MutableBytes out);
}  // namespace detail

}  // namespace netocr
