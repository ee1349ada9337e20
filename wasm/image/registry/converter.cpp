// Passes a profile to lcms2; a profile that is not usable is ignored, with a warning.
#include "image/registry/converter.hpp"

#include <utility>

#include "image/lut/open.hpp"

namespace netocr {

Status give_converter(OpenImage& image) {
  if (!image.lacks_converter()) return {};
  auto converter = lut::open_tables(image.profile().kind, image.take_profile());
  if (!converter.ok() && converter.error().code == ErrorCode::kOutOfMemory) return converter.error();
  image.convert_by(converter.ok() ? std::move(*converter) : nullptr);
  return {};
}

}  // namespace netocr
