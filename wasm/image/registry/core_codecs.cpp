// The codec table of the core module, which every page loads.
#include "image/registry/shared_codecs.hpp"

#include "image/jpeg/open.hpp"
#include "image/registry/second_formats.hpp"

namespace netocr {

std::span<const ImageCodec> image_codecs() { return kSharedCodecs<SharedDecoders{jpeg::open}>; }
std::span<const ImageFormat> formats_left_to_codecs() { return kSecondFormats; }
Status complete_colors(OpenImage& image) {
  if (image.lacks_converter()) image.leave_colors_to_codecs();
  return {};
}

}  // namespace netocr
