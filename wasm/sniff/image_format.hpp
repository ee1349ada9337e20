// Detects an image format by the file's bytes, the first step of the flow. File names and MIME types are
// never used.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

enum class ImageFormat : std::uint8_t {
  kUnknown,
  kJpeg,
  kPng,
  kBmp,
  kTiff,
  kWsq,
  kJp2,  // JPEG 2000 in JP2 boxes
  kJ2k,  // raw JPEG 2000 codestream (JPC, J2K)
  kWebp,
  kHeic,
  kAvif,
  kGif,
  kPdf,
};

// Reads the first bytes only (at most 64 KiB for ISO brand lists). Returns kUnknown when nothing matches.
ImageFormat sniff_image(Bytes bytes);

// Returns the lower-case word used in every layer: "jpeg", "png", ..., "unknown".
std::string_view image_format_name(ImageFormat format);

}  // namespace netocr
