// The header says which format the embedded file has.
#include "image/bmp/embedded.hpp"

namespace netocr::bmp {

const EmbeddedFormat* format_of(const Header& header, const EmbeddedFormats& formats) {
  if (header.coding == Coding::kJpeg) return &formats.jpeg;
  return header.coding == Coding::kPng ? &formats.png : nullptr;
}

}  // namespace netocr::bmp
