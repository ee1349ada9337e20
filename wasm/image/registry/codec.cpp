// Looks up a format in the table that the executable is linked with.
#include "image/registry/codec.hpp"

namespace netocr {

const ImageCodec* find_codec(ImageFormat format) {
  for (const ImageCodec& codec : image_codecs()) {
    if (codec.format == format) return &codec;
  }
  return nullptr;
}

}  // namespace netocr
