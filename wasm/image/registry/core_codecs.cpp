// The codec table of the core: what every page loads.
#include "image/registry/core_codecs.hpp"

namespace netocr {

std::span<const ImageCodec> image_codecs() { return kCoreCodecs; }

}  // namespace netocr
