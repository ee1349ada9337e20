// Decides which of a PNG's colour chunks applies (PNG specification, third edition, 4.3 and 11.3.2) and
// converts it to a profile.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/meta/icc.hpp"

namespace netocr::png {

// Holds the data of the first intact chunk of each kind. A span is empty when the file has none.
struct Color {
  Bytes cicp;             // 4 bytes
  Bytes profile;          // iCCP: a name and the deflated profile
  Bytes srgb;             // 1 byte
  Bytes gamma;            // gAMA: 4 bytes
  Bytes chromaticities;   // cHRM: 32 bytes
  bool unusable = false;  // one of these chunks, other than sRGB, is damaged or misplaced
};

bool is_color_chunk(std::string_view type);

// Records a chunk for which is_color_chunk() is true. It is `intact` when its CRC is right and it precedes
// PLTE and IDAT, as the specification requires.
void note_color(std::string_view type, Bytes data, bool intact, Color& color);

// Returns the profile to convert from: the first usable one of cICP, iCCP, sRGB and gAMA with cHRM. The
// result is kNone for sRGB, and when no chunk describes the colours. As in browsers, gAMA without cHRM has
// sRGB's primaries, and is ignored when it is within 5 % of 1 / 2.2. When there are chunks but none can be
// used, the result is the embedded profile (which is of another kind) or an error. `whole` becomes the bytes
// of an embedded profile. Errors: UNSUPPORTED_FEATURE, CORRUPT_IMAGE (also for a profile of over 4 MiB),
// OUT_OF_MEMORY.
Result<IccProfile> read_colors(const Color& color, bool is_grey, Buffer& whole);

}  // namespace netocr::png
