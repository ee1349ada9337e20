// What the boxes of a HEIC or AVIF file (HEIF, ISO/IEC 23008-12) say of its primary picture. Decodes no
// pixels: that is for the browser.
#pragma once

#include "base/limits.hpp"
#include "image/meta/image_info.hpp"

namespace netocr::heif {

// Never an error: what the boxes do not tell, or are too damaged to tell, stays as in a new ImageInfo.
// Width and height are those of the clean aperture where the picture has one. Rotation and mirroring become
// an EXIF orientation; the file's own EXIF has no say in it (HEIF 6.5.10).
Result<ImageInfo> inspect(Bytes bytes);

// Before another decoder gets the file: whether the primary picture as it is coded, without its clean
// aperture, is within the limits, at 4 bytes a pixel. Errors: IMAGE_TOO_LARGE.
Status check_size(Bytes bytes, const Limits& limits);

// The primary picture's colours: its ICC profile, or its code points (H.273) as one; empty when it has
// neither or they are those of sRGB. Errors: UNSUPPORTED_FEATURE for code points that are not converted.
Result<Buffer> read_profile(Bytes bytes);

}  // namespace netocr::heif
