// Selects the decoder of a rare coding. RLE24 is RLE8 with larger pixels, so both share one decoder.
#include "image/bmp/rare.hpp"

#include "image/bmp/huffman.hpp"
#include "image/bmp/linear.hpp"
#include "image/bmp/rle.hpp"

namespace netocr::bmp {

Result<std::unique_ptr<CodedRows>> open_rare_rows(const Header& header) {
  if (header.coding == Coding::kHuffman) return open_coded_rows<HuffmanRows>(header);
  if (header.coding == Coding::kRle24) return open_coded_rows<RleRows>(header);
  return open_coded_rows<LinearRows>(header);
}

}  // namespace netocr::bmp
