// Recognises an image by its bytes: the first step of the flow. File names and MIME types are never asked.
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

// Looks at the first bytes only (at most 64 KiB for ISO brand lists). kUnknown when nothing fits.
ImageFormat sniff_image(Bytes bytes);

// Lower-case word used in every layer: "jpeg", "png", ..., "unknown".
std::string_view image_format_name(ImageFormat format);

}  // namespace netocr
