// Detects images by signature. The major brand distinguishes ISO images (HEIC, AVIF) from MP4 videos.
#include "sniff/image_format.hpp"

#include "base/bytes.hpp"
#include "sniff/iso_brands.hpp"

namespace netocr {
namespace {

using std::string_view_literals::operator""sv;

// The max size of a BMP information header that is accepted: V5 has 124 bytes, some writers append to it.
constexpr std::uint32_t kMaxBmpHeader = 2048;

struct Signature {
  std::string_view bytes;  // bytes at offset 0
  ImageFormat format;
};

// Signatures that are long enough to be sufficient.
constexpr Signature kSignatures[] = {
    {"\xff\xd8\xff"sv, ImageFormat::kJpeg},    {"\x89PNG\r\n\x1a\n"sv, ImageFormat::kPng},
    {"II*\0"sv, ImageFormat::kTiff},           {"MM\0*"sv, ImageFormat::kTiff},
    {"II+\0\x08\0\0\0"sv, ImageFormat::kTiff},  // BigTIFF: offsets of 8 bytes, then a zero
    {"MM\0+\0\x08\0\0"sv, ImageFormat::kTiff}, {"\xff\x4f\xff\x51"sv, ImageFormat::kJ2k},  // SOC, SIZ
    {"GIF87a"sv, ImageFormat::kGif},           {"GIF89a"sv, ImageFormat::kGif},
};

bool is_bmp(Bytes bytes) {
  ByteReader reader(bytes);
  const bool magic = bytes_at(bytes, 0, "BM");
  reader.skip(14);
  const std::uint32_t header_size = reader.u32le();
  return magic && reader.ok() && header_size >= 12 && header_size <= kMaxBmpHeader;
}

// A WSQ file has SOI, then one of the markers that may follow it: SOF, DTT, DQT, DHT, COM (WSQ specification,
// table of markers).
bool is_wsq(Bytes bytes) {
  if (!bytes_at(bytes, 0, "\xff\xa0\xff"sv) || bytes.size() < 4) return false;
  const std::uint8_t marker = bytes[3];
  return marker == 0xa2 || (marker >= 0xa4 && marker <= 0xa6) || marker == 0xa8;
}

// Motion JPEG 2000 has the same signature box and is a video.
bool is_jp2(Bytes bytes) {
  return bytes_at(bytes, 0, "\0\0\0\x0cjP  \r\n\x87\n"sv) && !bytes_at(bytes, 16, "ftypmjp2");
}

bool is_webp(Bytes bytes) {
  return bytes_at(bytes, 0, "RIFF") && bytes_at(bytes, 8, "WEBPVP8") && bytes.size() > 15 &&
         (bytes[15] == ' ' || bytes[15] == 'L' || bytes[15] == 'X');
}

bool is_pdf(Bytes bytes) {
  return bytes_at(bytes, 0, "%PDF-") && bytes.size() > 7 && bytes[5] >= '1' && bytes[5] <= '9' &&
         bytes[6] == '.';
}

// By ISO/IEC 23008-12 (HEIF) the major brand decides; for the coding-neutral ones (mif1, msf1) the compatible
// brands do. A major brand outside this family is a video, whatever its compatible brands are.
ImageFormat sniff_iso(Bytes bytes) {
  const std::optional<IsoFileType> type = read_iso_file_type(bytes);
  if (!type) return ImageFormat::kUnknown;
  if (type->major == IsoBrand::kAvif) return ImageFormat::kAvif;
  if (type->major == IsoBrand::kHeic) return ImageFormat::kHeic;
  if (type->major != IsoBrand::kHeif) return ImageFormat::kUnknown;
  ByteReader brands(type->compatible);
  while (brands.remaining() >= 4) {
    if (iso_brand(brands.u32be()) == IsoBrand::kAvif) return ImageFormat::kAvif;
  }
  return ImageFormat::kHeic;
}

struct FormatName {
  ImageFormat format;
  std::string_view name;
};
constexpr FormatName kNames[] = {
    {ImageFormat::kUnknown, "unknown"}, {ImageFormat::kJpeg, "jpeg"}, {ImageFormat::kPng, "png"},
    {ImageFormat::kBmp, "bmp"},         {ImageFormat::kTiff, "tiff"}, {ImageFormat::kWsq, "wsq"},
    {ImageFormat::kJp2, "jp2"},         {ImageFormat::kJ2k, "j2k"},   {ImageFormat::kWebp, "webp"},
    {ImageFormat::kHeic, "heic"},       {ImageFormat::kAvif, "avif"}, {ImageFormat::kGif, "gif"},
    {ImageFormat::kPdf, "pdf"},
};
constexpr bool names_in_enum_order() {
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (static_cast<std::size_t>(kNames[i].format) != i) return false;
  }
  return std::size(kNames) == static_cast<std::size_t>(ImageFormat::kPdf) + 1;
}
static_assert(names_in_enum_order());

}  // namespace

ImageFormat sniff_image(Bytes bytes) {
  for (const Signature& signature : kSignatures) {
    if (bytes_at(bytes, 0, signature.bytes)) return signature.format;
  }
  if (is_bmp(bytes)) return ImageFormat::kBmp;
  if (is_wsq(bytes)) return ImageFormat::kWsq;
  if (is_jp2(bytes)) return ImageFormat::kJp2;
  if (is_webp(bytes)) return ImageFormat::kWebp;
  if (is_pdf(bytes)) return ImageFormat::kPdf;
  return sniff_iso(bytes);
}

std::string_view image_format_name(ImageFormat format) {
  return kNames[static_cast<std::size_t>(format)].name;
}

}  // namespace netocr
