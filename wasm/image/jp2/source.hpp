// Decodes JPEG 2000 (JP2 files and raw codestreams, ISO/IEC 15444-1; HT code-blocks of 15444-15) to rows of
// planes.
#pragma once

#include <memory>

#include "image/jp2/file.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jp2 {

// `file` was read from `file_bytes` bytes, which must outlive the source. It decodes one row of tiles at a
// time, at the smallest power of two that is not below `wanted` (palette indices are never scaled). Grey and
// YCbCr pictures keep their own planes, all others are converted. Missing and damaged tiles are white.
// decoded_rows() are the rows above the first relevant missing packet: one of the first layer, in the lower
// half of the file's resolutions (or of the decoded ones, if they are fewer); the granularity is that of
// tiles and precincts. These rows are as sharp as the available resolutions, and near the end the filters
// spread the missing data a few rows further up. Errors: CORRUPT_IMAGE (also from next(), when no tile can be
// decoded), UNSUPPORTED_FEATURE, IMAGE_TOO_LARGE (dimensions, tiles, decoder memory), OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(File file, std::size_t file_bytes, const WantedSize& wanted,
                                               const Limits& limits);

}  // namespace netocr::jp2
