// TIFF 6.0 section 2 (header, image file directory) as used by EXIF 2.32.
#include "image/exif.hpp"

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

std::uint8_t valid_or_upright(bool readable, std::uint32_t value) {
  return readable && value >= 1 && value <= 8 ? static_cast<std::uint8_t>(value) : 1;
}

}  // namespace

std::uint8_t exif_orientation(Bytes tiff) {
  const bool big_endian = bytes_at(tiff, 0, std::string_view("MM\0*", 4));
  if (!big_endian && !bytes_at(tiff, 0, std::string_view("II*\0", 4))) return 1;
  TiffReader reader(tiff, big_endian);
  reader.seek(4);
  reader.seek(reader.u32());
  const std::uint16_t entries = reader.u16();
  for (std::uint16_t i = 0; i < entries && reader.ok(); ++i) {
    const std::size_t next = reader.position() + 12;
    const std::uint16_t tag = reader.u16();
    const std::uint16_t type = reader.u16();
    const std::uint32_t count = reader.u32();
    if (tag == kOrientationTag) {
      if (count != 1 || (type != kTypeShort && type != kTypeLong)) return 1;
      const std::uint32_t value = type == kTypeShort ? reader.u16() : reader.u32();
      return valid_or_upright(reader.ok(), value);
    }
    reader.seek(next);
  }
  return 1;
}

}  // namespace netocr
