// Writes a PNG with pixels only: signature, IHDR, PLTE, one IDAT, IEND.
#pragma once

#include <optional>

#include "image/png/picture.hpp"

namespace netocr::png {

// Returns nothing when the file would have more than `max_bytes`. The rows are filtered when that makes them
// smaller: equal pictures yield equal files. Errors: OUT_OF_MEMORY.
Result<std::optional<Buffer>> write(const Picture& picture, std::size_t max_bytes);

}  // namespace netocr::png
