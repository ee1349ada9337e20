// multipart/form-data (RFC 7578): raw files, a quarter smaller than base64.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

// One part. The views are read during write_multipart only.
struct MultipartPart {
  std::string_view name;
  Bytes content;
  std::string_view file_name;     // "" for a plain field
  std::string_view content_type;  // "" for a plain field
};

struct MultipartBody {
  Buffer body;
  std::string content_type;  // "multipart/form-data; boundary=..."
};

// "netocr-" and 32 hexadecimal digits that look random, made from `seed`.
std::string multipart_boundary(std::uint64_t seed);

// Writes all parts in order, CRLF line ends. The boundary is multipart_boundary(seed), or of seed + 1, + 2,
// ... until one occurs in no part's content or names. In names " and line breaks are escaped as browsers do
// (%22 %0D %0A, WHATWG HTML section 4.10.22.7). Errors: INVALID_ARGUMENT when a content type holds a line
// break or all of kMaxBoundaryTries boundaries occur in the parts, OUT_OF_MEMORY.
inline constexpr unsigned kMaxBoundaryTries = 16;
Result<MultipartBody> write_multipart(std::span<const MultipartPart> parts, std::uint64_t boundary_seed);

}  // namespace netocr
