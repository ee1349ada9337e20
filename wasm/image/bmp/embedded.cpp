// The header says which format the embedded file has.
#include "image/bmp/embedded.hpp"

namespace netocr::bmp {

const EmbeddedReader* reader_of(const Header& header, const EmbeddedReaders& embedded) {
  if (header.coding == Coding::kJpeg) return &embedded.jpeg;
  return header.coding == Coding::kPng ? &embedded.png : nullptr;
}

}  // namespace netocr::bmp
