// The table of image formats that a build can read. Two libraries define it: netocr_core_codecs (JPEG, PNG,
// BMP) and netocr_all_codecs (every format); an executable links one of them.
#pragma once

#include <memory>
#include <span>

#include "image/meta/open_image.hpp"

namespace netocr {

struct ImageCodec {
  ImageFormat format = ImageFormat::kUnknown;
  // Reads the header of a file of this format, without a look at the limits of its size. Errors:
  // CORRUPT_IMAGE, OUT_OF_MEMORY, UNSUPPORTED_FEATURE only where the size is not known.
  Result<std::unique_ptr<OpenImage>> (*open)(Bytes bytes, const Limits& limits) = nullptr;
  // False for a format whose header is read but whose pixels are not.
  bool is_decoded = true;
  // Whether the header says that the second module decodes this file of the format and this one does not.
  // Null where this one decodes them all. What shows only in the data is told by OpenImage::rows(): its error
  // has `left_to_codecs`.
  bool (*is_left_to_codecs)(Bytes bytes) = nullptr;
};

std::span<const ImageCodec> image_codecs();

// The formats that this module knows by their bytes only and the second module reads; none in the second
// module itself.
std::span<const ImageFormat> formats_left_to_codecs();

// Null when this build has no codec for the format.
const ImageCodec* find_codec(ImageFormat format);

}  // namespace netocr
