// A HEIC or AVIF file, opened for what it says; the browser decodes it.
#pragma once

#include "image/heif/header.hpp"
#include "image/meta/open_image.hpp"

namespace netocr::heif {

// Width and height are those of the clean aperture where the picture has one. Rotation and mirroring become
// an EXIF orientation; the file's own EXIF has no say in it (HEIF 6.5.10). Errors: OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

// The file of an ICC profile for the primary picture's colours: its own, or one of its code points (H.273);
// empty when it has neither or they are those of sRGB. Errors: UNSUPPORTED_FEATURE for code points that are
// not converted, OUT_OF_MEMORY.
Result<Buffer> write_profile(const Header& header);

}  // namespace netocr::heif
