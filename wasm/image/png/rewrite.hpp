// Rewrites a PNG without loss, from its pixels alone.
#pragma once

#include <cstdint>
#include <optional>

#include "base/limits.hpp"
#include "image/pixel/rewritten.hpp"
#include "image/png/chunks.hpp"

namespace netocr::png {

// `header` is that of `bytes`. Returns a PNG that looks like the file on white, upright (`orientation` is
// EXIF's, 1..8), with only IHDR, PLTE, one IDAT and IEND. It has the file's colour type without the alpha
// channel and the file's bit depth, so that every decoder of the one reads the other; it is not interlaced.
// Its palette has the used colours in rising order; filters and compression are chosen from the pixels. So
// files that look the same and have the same colour type and depth yield the same bytes, and rewriting a
// rewritten file returns it unchanged.
//
// Returns nothing when the file must be encoded instead: because it is damaged in any way (also where
// decoding tolerates it: bytes behind the last row, a tRNS that does not fit), has 16 bits per sample or more
// than 64 MiB of pixels, exceeds the limits, or because the result would have more than `max_bytes`. Bytes
// behind IEND are no damage. Errors: OUT_OF_MEMORY.
Result<std::optional<RewrittenPicture>> rewrite(Bytes bytes, const Header& header, std::uint8_t orientation,
                                                std::size_t max_bytes, const Limits& limits);

}  // namespace netocr::png
