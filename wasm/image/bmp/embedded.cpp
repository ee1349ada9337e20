// Selects the opener of an embedded file by the header's coding.
#include "image/bmp/embedded.hpp"

namespace netocr::bmp {

OpenEmbedded opener_of(const Header& header, const EmbeddedFormats& formats) {
  if (header.coding == Coding::kJpeg) return formats.jpeg;
  return header.coding == Coding::kPng ? formats.png : nullptr;
}

}  // namespace netocr::bmp
