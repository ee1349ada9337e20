// Builds the body of a call: typeId and format first, then the files, base64- and percent-encoded in one pass
// or as multipart. It is the last step before emscripten fetch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "api/endpoints.hpp"
#include "base/buffer.hpp"

namespace netocr {

struct RequestBody {
  Buffer body;
  std::string content_type;  // with the boundary when multipart
};

// `files`: endpoint.part_count() non-empty files in field order. `boundary_seed`: random bits from the caller
// for the multipart boundary, which is also checked not to occur in the files. A multipart file is named
// field.extension; its extension and content type follow from its bytes. Credentials never appear here: the
// proxy adds them. Errors: INVALID_ARGUMENT (number of files), EMPTY_INPUT, OUT_OF_MEMORY.
Result<RequestBody> build_request(const Endpoint& endpoint, std::span<const Bytes> files,
                                  std::uint64_t boundary_seed);

}  // namespace netocr
