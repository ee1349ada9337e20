// Rewrites a JPEG without loss: decodes its levels, turns them upright and codes them by our own entropy
// coder, as `jpegtran -copy none -optimize` does. No other part of the file is kept.
#pragma once

#include <optional>

#include "base/limits.hpp"
#include "image/jpeg/decode/file.hpp"
#include "image/pixel/rewritten.hpp"

namespace netocr::jpeg {

// `exif_orientation` is 1..8. Returns a baseline JPEG of SOI, JFIF, DQT, SOF0, DHT, SOS and EOI with optimal
// Huffman codes: the same bytes for the same levels. Returns nothing when the file is damaged or of a kind
// that few decoders read, cannot be turned without its samples, or does not fit into `max_bytes`. Errors:
// OUT_OF_MEMORY.
Result<std::optional<RewrittenPicture>> rewrite(File& file, std::uint8_t exif_orientation,
                                                std::size_t max_bytes, const Limits& limits);

}  // namespace netocr::jpeg
