// Opens a HEIC or AVIF file for its properties; the browser decodes it.
#pragma once

#include "image/heif/header.hpp"
#include "image/open/open_image.hpp"

namespace netocr::heif {

// Width and height are those of the clean aperture when the picture has one. Rotation and mirroring become an
// EXIF orientation; the file's own EXIF does not apply (HEIF 6.5.10). Errors: OUT_OF_MEMORY.
Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits);

// Returns the size of the shown picture before its orientation is applied: its clean aperture, or all of it.
Size shown_size(const Header& header);

class HeifImage : public OpenImage {
 public:
  // `is_decoded`: rows() decodes the pixels.
  explicit HeifImage(const Header& header, bool is_decoded = false);

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override;

 private:
  Header header_;
};

// Returns the bytes of an ICC profile for the primary picture's colours: its own, or one of its code points
// (H.273); empty when it has neither or they are those of sRGB. Errors: UNSUPPORTED_FEATURE for code points
// that are not converted, OUT_OF_MEMORY.
Result<Buffer> write_profile(const Header& header);

}  // namespace netocr::heif
