// The codec table of the codecs module. It does not receive files that the core decodes: its JPEG is
// libjpeg-turbo's, without the core's own decoders.
#include "image/registry/all_codecs.hpp"

#include "image/bmp/rare.hpp"
#include "image/jpeg/library/open.hpp"
#include "image/registry/converter.hpp"

namespace netocr {

std::span<const ImageCodec> image_codecs() {
  return kAllCodecs<SharedDecoders{jpeg::open_by_library, bmp::open_rare_rows}>;
}
std::span<const ImageFormat> formats_left_to_codecs() { return {}; }
Status complete_colors(OpenImage& image) { return give_converter(image); }

}  // namespace netocr
