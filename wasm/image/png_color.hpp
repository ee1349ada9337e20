// The colours that a PNG claims: which of its colour chunks counts (PNG specification, third edition, 4.3 and
// 11.3.2), as an ICC profile.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace netocr {

// The data of the first chunk of each kind that is as it should be; empty without one.
struct PngColor {
  Bytes cicp;             // 4 bytes
  Bytes profile;          // iCCP: a name and the deflated profile
  Bytes srgb;             // 1 byte
  Bytes gamma;            // gAMA: 4 bytes
  Bytes chromaticities;   // cHRM: 32 bytes
  bool unusable = false;  // one of these chunks, other than sRGB, is damaged or out of place
};

bool is_png_color_chunk(std::string_view type);

// Takes note of a chunk for which is_png_color_chunk() is true. `intact`: its CRC is right, and it stands
// before PLTE and IDAT, where each of them belongs.
void note_png_color(std::string_view type, Bytes data, bool intact, PngColor& color);

// The profile to convert from, of the first that can be used: cICP, iCCP, sRGB, gAMA with cHRM. Empty when
// the colours are sRGB's, or when nothing is said about them. As browsers do, gAMA without cHRM is of sRGB's
// primaries, and says nothing within 5 % of 1 / 2.2. When something is said, but nothing can be used, the
// result is the embedded profile (of another kind) or an error. Errors: UNSUPPORTED_FEATURE, CORRUPT_IMAGE
// (also for a profile of over 4 MiB), OUT_OF_MEMORY.
Result<Buffer> read_png_colors(const PngColor& color, bool is_grey);

}  // namespace netocr
