// A BMP may hold a whole JPEG or PNG. Its own code knows neither format: whoever opens the BMP hands in what
// opens them.
#pragma once

#include <memory>

#include "image/bmp/header.hpp"
#include "image/meta/open_image.hpp"

namespace netocr::bmp {

// As a row of the codec table has it.
using OpenEmbedded = Result<std::unique_ptr<OpenImage>> (*)(Bytes bytes, const Limits& limits);

struct EmbeddedFormat {
  OpenEmbedded open = nullptr;
  bool (*is_left_to_codecs)(Bytes bytes) = nullptr;  // null: this module decodes them all
};

struct EmbeddedFormats {
  EmbeddedFormat jpeg;
  EmbeddedFormat png;
};

// The format of the file that the BMP's `pixels` are; null when they are pixels.
const EmbeddedFormat* format_of(const Header& header, const EmbeddedFormats& formats);

}  // namespace netocr::bmp
