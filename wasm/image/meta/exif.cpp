// TIFF 6.0 section 2 (header, image file directory) as used by EXIF 2.32.
#include "image/meta/exif.hpp"

#include <string_view>

#include "base/bytes.hpp"

namespace netocr {
namespace {

constexpr std::uint16_t kOrientationTag = 0x0112;
constexpr std::uint16_t kTypeShort = 3;
constexpr std::uint16_t kTypeLong = 4;  // not what EXIF says, but some editors write it

class TiffReader {
 public:
  TiffReader(Bytes bytes, bool big_endian) : reader_(bytes), big_endian_(big_endian) {}
  std::uint16_t u16() { return big_endian_ ? reader_.u16be() : reader_.u16le(); }
  std::uint32_t u32() { return big_endian_ ? reader_.u32be() : reader_.u32le(); }
  void seek(std::uint64_t position) { reader_.seek(position); }
  std::size_t position() const { return reader_.position(); }
  bool ok() const { return reader_.ok(); }

 private:
  ByteReader reader_;
  bool big_endian_;
};

bool is_big_endian(Bytes tiff) { return bytes_at(tiff, 0, std::string_view("MM\0*", 4)); }
bool is_tiff(Bytes bytes) { return is_big_endian(bytes) || bytes_at(bytes, 0, std::string_view("II*\0", 4)); }

// "Exif" and a zero, in letters of any case.
bool is_named_exif(Bytes segment) {
  constexpr std::string_view kName = "exif";
  for (std::size_t i = 0; i < kName.size(); ++i) {
    if ((segment[i] | 0x20) != kName[i]) return false;
  }
  return segment[kName.size()] == 0;
}

// 0 when the entry of the orientation does not give one.
std::uint8_t read_value(TiffReader& reader) {
  const std::uint16_t type = reader.u16();
  if (reader.u32() != 1 || (type != kTypeShort && type != kTypeLong)) return 0;
  const std::uint32_t value = type == kTypeShort ? reader.u16() : reader.u32();
  return reader.ok() && value <= 8 ? static_cast<std::uint8_t>(value) : 0;
}

}  // namespace

Bytes find_exif(Bytes segment) {
  constexpr std::size_t kNameBytes = 6;
  constexpr std::size_t kMostBefore = 4;
  for (std::size_t before = 0; before <= kMostBefore && segment.size() > kNameBytes; ++before) {
    const Bytes tiff = segment.subspan(kNameBytes);
    if (is_named_exif(segment) && is_tiff(tiff)) return tiff;
    segment = segment.subspan(1);
  }
  return {};
}

std::uint8_t exif_orientation(Bytes exif) {
  const Bytes tiff = is_tiff(exif) ? exif : find_exif(exif);
  if (tiff.empty()) return 1;
  TiffReader reader(tiff, is_big_endian(tiff));
  reader.seek(4);
  reader.seek(reader.u32());
  const std::uint16_t entries = reader.u16();
  for (std::uint16_t i = 0; i < entries && reader.ok(); ++i) {
    const std::size_t next = reader.position() + 12;
    // An entry that cannot be read is passed over, as Chromium does.
    const std::uint8_t value = reader.u16() == kOrientationTag ? read_value(reader) : 0;
    if (value != 0) return value;
    reader.seek(next);
  }
  return 1;
}

}  // namespace netocr
