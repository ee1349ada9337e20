// Looking a format up in the table that the executable was linked with.
#include "image/codec.hpp"

#include <cstring>

namespace netocr {

const ImageCodec* find_codec(ImageFormat format) {
  for (const ImageCodec& codec : image_codecs()) {
    if (codec.format == format) return &codec;
  }
  return nullptr;
}

Result<Buffer> copy_profile(const Result<Bytes>& profile) {
  if (!profile.ok()) return profile.error();
  auto copy = Buffer::create(profile->size());
  if (copy.ok() && !profile->empty()) std::memcpy(copy->data(), profile->data(), profile->size());
  return copy;
}

}  // namespace netocr
