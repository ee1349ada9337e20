// The table of the image formats whose headers a build can read, and most of which it can decode. Two
// libraries define it: netocr_core_codecs and netocr_all_codecs; an executable links one of them.
#pragma once

#include <memory>
#include <span>

#include "image/open/open_image.hpp"

namespace netocr {

// Reads the header of a file of one format without checking the limits of its size. Errors: CORRUPT_IMAGE,
// OUT_OF_MEMORY, UNSUPPORTED_FEATURE only when the size is unknown.
using OpenFormat = Result<std::unique_ptr<OpenImage>> (*)(Bytes bytes, const Limits& limits);

struct ImageCodec {
  ImageFormat format = ImageFormat::kUnknown;
  OpenFormat open = nullptr;
  // False for a format whose header is read but whose pixels are not decoded.
  bool is_decoded = true;
};

std::span<const ImageCodec> image_codecs();

// Returns the formats that this module only recognises and the codecs module reads; none in the codecs module
// itself.
std::span<const ImageFormat> formats_left_to_codecs();

// Gives an image that lacks a converter its converter, or leaves it to the codecs module; does nothing to any
// other. open_image() calls it. Errors: OUT_OF_MEMORY.
Status complete_colors(OpenImage& image);

// Returns null when this build has no codec for the format.
const ImageCodec* find_codec(ImageFormat format);

}  // namespace netocr
