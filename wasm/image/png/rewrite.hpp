// Rewrites a PNG without loss: what goes out is made of its pixels alone.
#pragma once

#include <cstdint>
#include <optional>

#include "base/limits.hpp"
#include "image/pixel/rewritten.hpp"
#include "image/png/chunks.hpp"

namespace netocr::png {

// `header` is that of `bytes`. A PNG that shows what the file shows on white, upright (`orientation` is
// EXIF's, 1..8), with no more than IHDR, PLTE, one IDAT and IEND in it. It has the file's colour type less
// the alpha channel and the file's bit depth, so that whoever can read the one can read the other; it is not
// interlaced. Its palette has the colours that are there, in rising order; filters and compression are chosen
// from the pixels. So files that show the same, of one colour type and depth, give the same bytes, and a
// rewritten file rewritten gives itself.
//
// Nothing, when the file has to be encoded anew: because it is damaged in any way (also where decoding does
// not mind: bytes behind the last row, a tRNS that does not fit), of 16 bits a sample, of more than 64 MiB of
// pixels, over the limits, or because the result would have more than `max_bytes`. Bytes behind IEND are no
// damage. Errors: OUT_OF_MEMORY.
Result<std::optional<RewrittenPicture>> rewrite(Bytes bytes, const Header& header, std::uint8_t orientation,
                                                std::size_t max_bytes, const Limits& limits);

}  // namespace netocr::png
