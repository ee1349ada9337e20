// multipart/form-data (RFC 7578), which sends raw files, a quarter smaller than base64.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

// One part. write_multipart reads the views only during the call.
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

// Returns "netocr-" and 32 pseudo-random hexadecimal digits derived from `seed`.
std::string multipart_boundary(std::uint64_t seed);

// Writes all parts in order, with CRLF line ends. The boundary is multipart_boundary(seed), or that of seed +
// 1, + 2, ... until one occurs in no part's content or names. In names " and line breaks are escaped as in
// browsers (%22 %0D %0A, WHATWG HTML section 4.10.22.7). Errors: INVALID_ARGUMENT when a content type
// contains a line break or all of kMaxBoundaryTries boundaries occur in the parts, OUT_OF_MEMORY.
inline constexpr unsigned kMaxBoundaryTries = 16;
Result<MultipartBody> write_multipart(std::span<const MultipartPart> parts, std::uint64_t boundary_seed);

}  // namespace netocr
