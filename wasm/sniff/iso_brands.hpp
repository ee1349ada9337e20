// Brands of ISO base media files (ISO/IEC 14496-12 section 4.3) of pictures and videos. sniff_image and
// sniff_video share this list.
#pragma once

#include <cstdint>
#include <optional>

#include "base/buffer.hpp"

namespace netocr {

enum class IsoBrand : std::uint8_t {
  kUnknown,
  kAvif,          // AV1 pictures and sequences
  kHeic,          // HEVC and AVC pictures and sequences
  kHeif,          // HEIF of any coding: the compatible brands decide
  kOtherPicture,  // Canon raw, JPEG 2000 and XL, parts of HEIF that are never a sole major brand
  kMovie,         // MP4, 3GP and their families
  kQuicktime,
};

IsoBrand iso_brand(std::uint32_t code);

constexpr bool is_picture(IsoBrand brand) {
  return brand == IsoBrand::kAvif || brand == IsoBrand::kHeic || brand == IsoBrand::kHeif ||
         brand == IsoBrand::kOtherPicture;
}

// The file type box at the beginning of a file.
struct IsoFileType {
  IsoBrand major = IsoBrand::kUnknown;
  Bytes compatible;  // codes of 4 bytes each, as far as available
};

// Returns nothing when the bytes do not begin with such a box, or its size is not that of a list of brands.
std::optional<IsoFileType> read_iso_file_type(Bytes bytes);

}  // namespace netocr
