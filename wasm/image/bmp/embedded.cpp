// The header says which format the embedded file has.
#include "image/bmp/embedded.hpp"

namespace netocr {

const EmbeddedReader* reader_of(const BmpHeader& header, const EmbeddedReaders& embedded) {
  if (header.coding == BmpCoding::kJpeg) return &embedded.jpeg;
  return header.coding == BmpCoding::kPng ? &embedded.png : nullptr;
}

}  // namespace netocr
