// Reads sections 18 (logical screen), 20 (image descriptor), 23 (graphic control), 24 and 26 (comments and
// applications) of the GIF89a specification.
#include "image/gif/open.hpp"

#include "base/bytes.hpp"

namespace netocr::gif {
namespace {

constexpr std::uint8_t kExtension = 0x21;
constexpr std::uint8_t kImage = 0x2c;
constexpr std::uint8_t kGraphicControl = 0xf9;
constexpr std::uint8_t kColorTable = 0x80;
constexpr std::uint8_t kInterlaced = 0x40;

std::uint8_t table_bits(std::uint8_t flags) { return static_cast<std::uint8_t>((flags & 7) + 1); }

void read_extension(ByteReader& reader, ImageInfo& info) {
  const bool is_control = reader.u8() == kGraphicControl;
  info.has_metadata = info.has_metadata || !is_control;
  for (bool first = true; reader.ok(); first = false) {
    const Bytes block = reader.take(reader.u8());
    if (block.empty()) return;
    if (is_control && first) info.has_alpha = (block[0] & 1) != 0;
  }
}

ImageInfo read_info(Bytes bytes) {
  ByteReader reader(bytes, 6);
  ImageInfo info;
  info.color_model = ColorModel::kPalette;
  info.width = reader.u16le();
  info.height = reader.u16le();
  const std::uint8_t screen = reader.u8();
  reader.skip(2);  // background, aspect ratio
  if ((screen & kColorTable) != 0) reader.skip(3ULL << table_bits(screen));
  std::uint8_t kind = reader.u8();
  for (; kind == kExtension; kind = reader.u8()) read_extension(reader, info);
  reader.skip(8);  // the frame's place and size
  const std::uint8_t frame = reader.u8();
  if (kind != kImage || !reader.ok()) return ImageInfo{};
  info.bits_per_sample = table_bits((frame & kColorTable) != 0 ? frame : screen);
  info.progressive = (frame & kInterlaced) != 0;
  return info;
}

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& /*limits*/) {
  return make_open_image<OpenImage>(read_info(bytes));
}

}  // namespace netocr::gif
