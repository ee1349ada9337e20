// Reads the header and image file directory of TIFF 6.0 section 2 as used by EXIF 2.32.
#include "image/meta/exif.hpp"

#include <string_view>

#include "base/tiff_ifd.hpp"

namespace netocr {
namespace {

constexpr std::uint16_t kOrientationTag = 0x0112;

bool is_tiff(Bytes bytes) {
  return bytes_at(bytes, 0, std::string_view("MM\0*", 4)) || bytes_at(bytes, 0, std::string_view("II*\0", 4));
}

// Returns whether the segment begins with "Exif" in letters of any case and a zero.
bool is_named_exif(Bytes segment) {
  constexpr std::string_view kName = "exif";
  for (std::size_t i = 0; i < kName.size(); ++i) {
    if ((segment[i] | 0x20) != kName[i]) return false;
  }
  return segment[kName.size()] == 0;
}

// Returns 0 when the entry is not an orientation. EXIF does not allow LONG, but some editors write it.
std::uint8_t orientation_of(const TiffFile& exif, const TiffEntry& entry) {
  if (entry.tag != kOrientationTag || entry.count != 1) return 0;
  if (entry.type != kTiffShort && entry.type != kTiffLong) return 0;
  TiffNumbers numbers(exif.bytes, entry.position, exif.big_endian);
  const std::uint32_t value = entry.type == kTiffShort ? numbers.u16() : numbers.u32();
  return value <= 8 ? static_cast<std::uint8_t>(value) : 0;
}

}  // namespace

Bytes find_exif(Bytes segment) {
  constexpr std::size_t kNameBytes = 6;
  constexpr std::size_t kMaxBefore = 4;
  for (std::size_t before = 0; before <= kMaxBefore && segment.size() > kNameBytes; ++before) {
    const Bytes tiff = segment.subspan(kNameBytes);
    if (is_named_exif(segment) && is_tiff(tiff)) return tiff;
    segment = segment.subspan(1);
  }
  return {};
}

std::uint8_t exif_orientation(Bytes exif) {
  const Bytes tiff = is_tiff(exif) ? exif : find_exif(exif);
  if (tiff.empty()) return 1;
  const TiffFile file{tiff, bytes_at(tiff, 0, "MM")};
  TiffEntries entries(file, TiffNumbers(tiff, 4, file.big_endian).u32());
  TiffEntry entry;
  while (entries.next(entry)) {
    // An entry that cannot be read is skipped, as in Chromium.
    if (const std::uint8_t orientation = orientation_of(file, entry); orientation != 0) return orientation;
  }
  return 1;
}

}  // namespace netocr
