// Decodes PNG rows of all colour types and depths, interlaced ones too, and blends transparency over white.
#pragma once

#include <memory>

#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"
#include "image/png/chunks.hpp"

namespace netocr::png {

// `header` is that of `bytes`, which must outlive the source. The source has one plane for grey (and grey
// palettes), else three: of full size, or with chroma of half of it, by means of 2 x 2 pixels, when the file
// has RGB or RGBA, even sides, and at least twice `wanted` in both dimensions; 16 bits are rounded to 8.
// Three planes hold `colors`; of RGB all are of full size, and the caller wants no smaller one.
// Colours are the file's own: cICP, iCCP, gAMA and cHRM are applied to the resampled picture (color.hpp,
// scale/color_profile.hpp). Interlaced pictures are held in memory at 1..4 bytes per pixel. A damaged file
// yields the rows before the damage, then white (an interlaced one the pixels of its passes), and
// kWarnTruncated; decoded_rows() of an interlaced one are those that its sixth pass covers. Errors:
// CORRUPT_IMAGE (not even one row, or not one pass), IMAGE_TOO_LARGE (dimensions, decoder memory),
// OUT_OF_MEMORY.
Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const Header& header, const WantedSize& wanted,
                                               const Limits& limits, PlaneColors colors = PlaneColors::kYcc);

}  // namespace netocr::png
