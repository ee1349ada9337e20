// Brands of ISO base media files (ISO/IEC 14496-12 section 4.3): what a picture and what a video calls
// itself. The one list of them, for sniff_image and sniff_video.
#pragma once

#include <cstdint>
#include <optional>

#include "base/buffer.hpp"

namespace netocr {

enum class IsoBrand : std::uint8_t {
  kUnknown,
  kAvif,          // AV1 pictures and sequences
  kHeic,          // HEVC pictures and sequences
  kHeif,          // HEIF of any coding: the compatible brands tell which
  kOtherPicture,  // Canon raw, JPEG 2000 and XL, parts of HEIF that no file has as its major brand alone
  kMovie,         // MP4, 3GP and their families
  kQuicktime,
};

IsoBrand iso_brand(std::uint32_t code);

constexpr bool is_picture(IsoBrand brand) {
  return brand == IsoBrand::kAvif || brand == IsoBrand::kHeic || brand == IsoBrand::kHeif ||
         brand == IsoBrand::kOtherPicture;
}

// The file type box that begins a file.
struct IsoFileType {
  IsoBrand major = IsoBrand::kUnknown;
  Bytes compatible;  // codes of 4 bytes each, as far as the bytes go
};

// Nothing where the bytes do not begin with such a box, or its size is not that of a list of brands.
std::optional<IsoFileType> read_iso_file_type(Bytes bytes);

}  // namespace netocr
