// Reads the headers of Windows GDI (BITMAPFILEHEADER, BITMAPCOREHEADER, BITMAPINFOHEADER, BITMAPV4HEADER,
// BITMAPV5HEADER) and OS/2 (OS22XBITMAPHEADER).
#include "image/bmp/header.hpp"

#include <algorithm>
#include <bit>

#include "base/bytes.hpp"

namespace netocr::bmp {
namespace {

constexpr std::size_t kFileHeader = 14;
constexpr std::uint32_t kCoreHeader = 12;
constexpr std::uint32_t kInfoHeader = 40;
constexpr std::uint32_t kHeaderWithMasks = 52;  // V2
constexpr std::uint32_t kHeaderWithAlpha = 56;  // V3
constexpr std::uint32_t kV5Header = 124;
constexpr std::uint32_t kMaxHeader = 2048;

enum Compression : std::uint32_t {
  kRgb = 0,
  kRle8 = 1,
  kRle4 = 2,
  kBitFields = 3,  // OS/2 2.x: Huffman 1D
  kJpeg = 4,       // OS/2 2.x: RLE24
  kPng = 5,
  kAlphaBitFields = 6,
  kCmyk = 11,
  kCmykRle8 = 12,
  kCmykRle4 = 13,
};

constexpr std::uint32_t kProfileEmbedded = 0x4d424544;  // 'MBED'
constexpr std::uint32_t kProfileLinked = 0x4c494e4b;    // 'LINK'

Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, kFileHeader, detail}; }
Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFeature, kFileHeader, detail}; }

bool is_compressed(Coding coding) {
  return coding == Coding::kRle24 || coding == Coding::kJpeg || coding == Coding::kPng ||
         (has_palette(coding) && coding != Coding::kIndexed);
}

class HeaderParser {
 public:
  explicit HeaderParser(Bytes bytes) : bytes_(bytes) {}

  Result<Header> run() {
    ByteReader file(bytes_, std::min<std::size_t>(10, bytes_.size()));
    pixel_offset_ = file.u32le();
    size_ = file.u32le();
    if (!bytes_at(bytes_, 0, "BM") || !file.ok() || size_ < kCoreHeader || size_ > kMaxHeader) {
      return corrupt("no BMP header");
    }
    ByteReader from_header(bytes_, kFileHeader);
    fields_ = from_header.take(size_);
    if (!from_header.ok()) return corrupt("the BMP header is cut off");
    after_header_ = kFileHeader + size_;
    NETOCR_TRY(size_ == kCoreHeader ? read_core() : read_info());
    NETOCR_TRY(choose_coding());
    find_palette();
    find_pixels();
    read_profile();
    return header_;
  }

 private:
  Status read_core() {
    ByteReader reader(fields_, 4);
    header_.width = reader.u16le();
    header_.height = reader.u16le();
    reader.skip(2);  // planes: always 1, and ignored by every reader
    header_.bits_per_pixel = bits(reader.u16le());
    header_.palette_entry_bytes = 3;
    return {};
  }

  // Fields that a short OS/2 2.x header leaves out are zero.
  Status read_info() {
    ByteReader reader(fields_, 4);
    const std::int64_t width = reader.i32le();
    const std::int64_t height = reader.i32le();
    reader.skip(2);
    header_.bits_per_pixel = bits(reader.u16le());
    compression_ = reader.u32le();
    reader.skip(12);  // size of the pixels, resolution
    colors_used_ = reader.u32le();
    if (width < 0) return corrupt("negative BMP width");
    header_.width = static_cast<std::uint32_t>(width);
    header_.top_down = height < 0;
    header_.height = static_cast<std::uint32_t>(height < 0 ? -height : height);
    return {};
  }

  static std::uint8_t bits(std::uint16_t value) {
    return static_cast<std::uint8_t>(std::min<std::uint16_t>(value, 255));
  }

  Status choose(Coding coding) {
    header_.coding = coding;
    return {};
  }

  Status choose_coding() {
    // OS/2 2.x assigns its own meanings to 3 and 4; masks and embedded files never occur with these depths.
    if (compression_ == kBitFields && header_.bits_per_pixel == 1) return choose(Coding::kHuffman);
    if (compression_ == kJpeg && header_.bits_per_pixel == 24) return choose(Coding::kRle24);
    switch (compression_) {
      case kRgb:
        return choose_uncompressed();
      case kRle8:
      case kRle4:
        if (header_.bits_per_pixel != (compression_ == kRle8 ? 8 : 4))
          return corrupt("BMP bit count does not fit RLE");
        return choose(compression_ == kRle8 ? Coding::kRle8 : Coding::kRle4);
      case kBitFields:
      case kAlphaBitFields:
        return read_masks();
      case kJpeg:
        return choose(Coding::kJpeg);
      case kPng:
        return choose(Coding::kPng);
      case kCmyk:
      case kCmykRle8:
      case kCmykRle4:
        return unsupported("CMYK BMP is not decoded: save it as JPEG or PNG");
      default:
        return corrupt("unknown BMP compression");
    }
  }

  Status choose_uncompressed() {
    switch (header_.bits_per_pixel) {
      case 1:
      case 2:
      case 4:
      case 8:
        return choose(Coding::kIndexed);
      case 16:
        header_.masks = {0x7c00, 0x03e0, 0x001f, 0};
        return choose(Coding::kMasks);
      case 24:
        return choose(Coding::kBgr);
      case 32:
        return choose(Coding::kBgrx);
      case 64:
        return choose(Coding::kBgra64);
      default:
        return corrupt("impossible BMP bit count");
    }
  }

  // The masks are part of the V2 and later headers; with a 40-byte header they follow it.
  Status read_masks() {
    if (header_.bits_per_pixel != 16 && header_.bits_per_pixel != 32)
      return corrupt("BMP bit count does not fit masks");
    header_.coding = Coding::kMasks;
    const bool alpha_follows = compression_ == kAlphaBitFields;
    ByteReader reader(bytes_, kFileHeader + kInfoHeader);
    for (std::size_t i = 0; i < 3; ++i) header_.masks[i] = reader.u32le();
    if (size_ >= kHeaderWithAlpha || (size_ < kHeaderWithMasks && alpha_follows))
      header_.masks[3] = reader.u32le();
    if (!reader.ok()) return corrupt("the BMP masks are cut off");
    if (size_ < kHeaderWithMasks) after_header_ += alpha_follows ? 16 : 12;
    if (header_.bits_per_pixel == 16) {
      for (std::uint32_t& mask : header_.masks) mask &= 0xffff;
    }
    if ((header_.masks[0] | header_.masks[1] | header_.masks[2]) == 0)
      return corrupt("the BMP masks are zero");
    return {};
  }

  void find_palette() {
    const std::uint32_t max_colors = has_palette(header_.coding) ? 1U << header_.bits_per_pixel : 0;
    const std::uint32_t claimed = colors_used_ == 0 ? max_colors : colors_used_;
    const std::uint32_t entry = header_.palette_entry_bytes;
    // An offset that points into the headers is invalid: the pixels then follow the palette.
    if (pixel_offset_ < after_header_)
      pixel_offset_ = after_header_ + std::uint64_t{std::min(claimed, max_colors)} * entry;
    const std::uint64_t end = std::min<std::uint64_t>(pixel_offset_, bytes_.size());
    const std::uint64_t room = end > after_header_ ? (end - after_header_) / entry : 0;
    header_.palette_count = static_cast<std::uint32_t>(std::min<std::uint64_t>({claimed, max_colors, room}));
    if (header_.palette_count == 0) return;
    header_.palette =
        bytes_.subspan(static_cast<std::size_t>(after_header_), std::size_t{header_.palette_count} * entry);
  }

  void find_pixels() {
    if (pixel_offset_ < bytes_.size())
      header_.pixels = bytes_.subspan(static_cast<std::size_t>(pixel_offset_));
    header_.row_bytes = (std::uint64_t{header_.width} * header_.bits_per_pixel + 31) / 32 * 4;
    // Two or three bytes of padding at the end are common. The product of the max dimensions does not fit 64
    // bits.
    const std::uint64_t rows = header_.row_bytes == 0 ? 0 : header_.pixels.size() / header_.row_bytes;
    header_.has_metadata = !is_compressed(header_.coding) && rows >= header_.height &&
                           header_.pixels.size() > header_.row_bytes * header_.height + 3;
  }

  void read_profile() {
    if (size_ < kV5Header) return;
    ByteReader reader(fields_, 56);
    const std::uint32_t color_space = reader.u32le();
    if (color_space != kProfileEmbedded && color_space != kProfileLinked) return;
    reader.seek(112);
    const std::uint32_t offset = reader.u32le();
    const std::uint32_t length = reader.u32le();
    header_.has_metadata = true;
    ByteReader profile(bytes_, std::min<std::size_t>(kFileHeader + std::size_t{offset}, bytes_.size()));
    if (color_space == kProfileEmbedded) header_.profile = profile.take(length);
    header_.lost_profile = header_.profile.empty();
  }

  Bytes bytes_;
  Bytes fields_;
  Header header_;
  std::uint64_t pixel_offset_ = 0;
  std::uint64_t after_header_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t compression_ = kRgb;
  std::uint32_t colors_used_ = 0;
};

}  // namespace

Result<Header> read_header(Bytes bytes) { return HeaderParser(bytes).run(); }

bool has_palette(Coding coding) {
  return coding == Coding::kIndexed || coding == Coding::kRle4 || coding == Coding::kRle8 ||
         coding == Coding::kHuffman;
}

bool has_indices(Coding coding) { return coding == Coding::kIndexed || coding == Coding::kHuffman; }

bool is_rare(Coding coding) {
  return coding == Coding::kHuffman || coding == Coding::kRle24 || coding == Coding::kBgra64;
}

std::uint32_t rows_in_file(const Header& header) {
  const std::uint64_t used = (std::uint64_t{header.width} * header.bits_per_pixel + 7) / 8;
  const std::uint64_t size = header.pixels.size();
  if (size < used || header.row_bytes == 0) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(header.height, (size - used) / header.row_bytes + 1));
}

std::uint8_t bits_per_sample(const Header& header) {
  if (has_palette(header.coding)) return header.bits_per_pixel;
  if (header.coding == Coding::kBgra64) return 16;
  if (header.coding != Coding::kMasks) return 8;
  int widest = 0;
  for (const std::uint32_t mask : header.masks) widest = std::max(widest, std::popcount(mask));
  return static_cast<std::uint8_t>(widest);
}

}  // namespace netocr::bmp
