// A BMP may hold a whole JPEG or PNG. Its own code knows neither format: whoever opens the BMP hands in their
// readers.
#pragma once

#include <memory>

#include "image/bmp/header.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::bmp {

// The functions of one format, as a row of the codec table has them.
struct EmbeddedReader {
  Result<ImageInfo> (*inspect)(Bytes bytes) = nullptr;
  Result<std::unique_ptr<RowSource>> (*open)(Bytes bytes, const WantedSize& wanted,
                                             const Limits& limits) = nullptr;
  Result<Buffer> (*profile)(Bytes bytes) = nullptr;
  bool (*is_left_to_codecs)(Bytes bytes) = nullptr;  // null: this module decodes them all
};

struct EmbeddedReaders {
  EmbeddedReader jpeg;
  EmbeddedReader png;
};

// The reader for the file that the BMP's `pixels` are; null when they are pixels.
const EmbeddedReader* reader_of(const Header& header, const EmbeddedReaders& embedded);

}  // namespace netocr::bmp
