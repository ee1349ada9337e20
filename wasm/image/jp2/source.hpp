// JPEG 2000 (JP2 files and raw codestreams, ISO/IEC 15444-1; HT code-blocks of 15444-15) to rows of planes.
#pragma once

#include <memory>

#include "image/jp2/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jp2 {

// `file` was read from so many bytes, which outlive the source. Decodes one row of tiles at a time, at the
// smallest power of two that is not below `wanted` (a palette's indices are never scaled). Grey and YCbCr
// pictures come as their own planes, all else is converted. Missing and damaged tiles are white.
// decoded_rows() are those above the first place where a packet is missing that counts: of the first layer,
// in the lower half of the file's resolutions (or of those that are decoded, if they are fewer); by tiles and
// by precincts. They are as sharp as the resolutions that are there, and near the end the filters reach some
// rows further up. Errors: CORRUPT_IMAGE (also from next(), when no tile can be decoded),
// UNSUPPORTED_FEATURE, IMAGE_TOO_LARGE (dimensions, tiles, decoder memory), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(File file, std::size_t file_bytes, const WantedSize& wanted,
                                               const Limits& limits);

}  // namespace netocr::jp2
