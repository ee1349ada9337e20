// Bounds on the resources that a file or reply may use. They are checked in 64 bits before the first
// allocation.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr {

// The defaults accept a 48-megapixel phone photo (8064 x 6048, 15-25 MB) and reject decompression bombs.
struct Limits {
  std::uint64_t max_input_bytes = 64ULL << 20;  // size of a file
  std::uint32_t max_dimension = 65'500;         // width or height, the max of JPEG
  std::uint64_t max_pixels = 120'000'000;       // width * height
  // Bytes that a decoder may hold in proportion to the picture (progressive JPEG, interlaced PNG).
  std::uint64_t max_decoder_bytes = 512ULL << 20;
  // A reply of the service has about 1 KB, tens of KB with the portrait of an ID card, and 1 MiB at most
  // through the proxy. Judging a hostile reply of 1 MiB temporarily takes up to 32 MiB; without them it is
  // OUT_OF_MEMORY.
  std::uint64_t max_reply_bytes = 1ULL << 20;
  // Nesting depth of JSON or XML; values above kMaxTreeDepth (text/tree.hpp) count as kMaxTreeDepth.
  std::uint32_t max_reply_depth = 32;
};

// The memory of a wasm32 module (-sMAXIMUM_MEMORY), and the longest side that a picture can have in it:
// decoders keep at least 16 rows of at least one byte per pixel.
inline constexpr std::uint64_t kMaxMemory = 1ULL << 30;
inline constexpr std::uint32_t kMaxDimension = 1U << 26;

// Lowers the limits of a picture to what this memory allows; the others are unchanged.
constexpr Limits within_memory(Limits limits) {
  limits.max_dimension = std::min(limits.max_dimension, kMaxDimension);
  limits.max_pixels = std::min(limits.max_pixels, kMaxMemory);
  limits.max_decoder_bytes = std::min(limits.max_decoder_bytes, kMaxMemory);
  return limits;
}

// Errors: CORRUPT_IMAGE for a zero dimension, IMAGE_TOO_LARGE when over the limits.
inline Status check_dimensions(std::uint64_t width, std::uint64_t height, const Limits& limits) {
  if (width == 0 || height == 0) return Error{ErrorCode::kCorruptImage, 0, "zero width or height"};
  if (width > limits.max_dimension || height > limits.max_dimension) {
    return Error{ErrorCode::kImageTooLarge, 0, "width or height over the limit"};
  }
  if (width * height > limits.max_pixels)
    return Error{ErrorCode::kImageTooLarge, 0, "pixel count over the limit"};
  return {};
}

// Errors: EMPTY_INPUT, INPUT_TOO_LARGE.
inline Status check_input_size(std::uint64_t bytes, const Limits& limits) {
  if (bytes == 0) return Error{ErrorCode::kEmptyInput, 0, "the file has no bytes"};
  if (bytes > limits.max_input_bytes) return Error{ErrorCode::kInputTooLarge, 0, "more bytes than the limit"};
  return {};
}

// The max number of bytes or elements in one block of memory: wasm32 cannot index more with signed offsets,
// and a native build rejects the same, so that its tests cover it.
inline constexpr std::uint64_t kMaxBlock = 0x7fff'ffff;

// Returns a * b as a size that this platform can index. Every size that comes from the dimensions of a
// picture is multiplied here, in 64 bits, so that it cannot wrap on wasm32 when the page raises the limits.
// Three factors need two calls. Errors: IMAGE_TOO_LARGE when the product is over kMaxBlock.
inline Result<std::size_t> checked_product(std::uint64_t a, std::uint64_t b) {
  if (a != 0 && b > kMaxBlock / a)
    return Error{ErrorCode::kImageTooLarge, 0, "a row or plane is larger than memory can be"};
  return static_cast<std::size_t>(a * b);
}

// Allocates an uninitialised array of a * b elements in `target`. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
template <typename T>
Status allocate_product(Array<T>& target, std::uint64_t a, std::uint64_t b) {
  NETOCR_ASSIGN(const auto count, checked_product(a, b));
  NETOCR_ASSIGN(target, Array<T>::create(count));
  return {};
}

}  // namespace netocr
