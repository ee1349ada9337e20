// A BMP may contain a whole JPEG or PNG. The BMP code does not depend on these formats: the caller passes the
// functions that open them.
#pragma once

#include <memory>

#include "image/bmp/header.hpp"
#include "image/open/open_image.hpp"

namespace netocr::bmp {

// The signature of open() in a row of the codec table.
using OpenEmbedded = Result<std::unique_ptr<OpenImage>> (*)(Bytes bytes, const Limits& limits);

struct EmbeddedFormats {
  OpenEmbedded jpeg = nullptr;
  OpenEmbedded png = nullptr;
};

// Returns the opener for the file that the BMP's `pixels` are; null when they are pixels.
OpenEmbedded opener_of(const Header& header, const EmbeddedFormats& formats);

}  // namespace netocr::bmp
