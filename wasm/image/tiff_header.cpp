// Directories of a TIFF. Of a tag that occurs twice the first counts; numbers may have any integer type.
#include "image/tiff_header.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "base/bytes.hpp"

namespace netocr {
namespace {

// libtiff's own bound.
constexpr std::uint64_t kMaxEntries = 4096;
// Directories that are looked at for one that is neither a thumbnail nor a mask.
constexpr int kMaxPages = 16;
// A pixel costs time for each of its samples, shown or not. Satellites have a dozen bands.
constexpr std::uint16_t kMaxSamples = 64;
constexpr std::uint32_t kThumbnailOrMask = 1 | 4;  // bits of NewSubfileType

enum Tag : std::uint16_t {
  kNewSubfileType = 254,
  kOldSubfileType = 255,
  kImageWidth = 256,
  kImageLength = 257,
  kBitsPerSample = 258,
  kCompression = 259,
  kPhotometric = 262,
  kFillOrder = 266,
  kStripOffsets = 273,
  kOrientation = 274,
  kSamplesPerPixel = 277,
  kRowsPerStrip = 278,
  kStripByteCounts = 279,
  kXResolution = 282,
  kYResolution = 283,
  kPlanarConfiguration = 284,
  kResolutionUnit = 296,
  kPredictor = 317,
  kWhitePoint = 318,
  kColorMap = 320,
  kTileWidth = 322,
  kTileLength = 323,
  kTileOffsets = 324,
  kTileByteCounts = 325,
  kInkSet = 332,
  kExtraSamples = 338,
  kSampleFormat = 339,
  kSMinSampleValue = 340,
  kSMaxSampleValue = 341,
  kJpegTables = 347,
  kYcbcrCoefficients = 529,
  kYcbcrSubsampling = 530,
  kReferenceBlackWhite = 532,
  kIccProfile = 34675,
  kImageDepth = 32997,
};

constexpr std::array<std::uint8_t, 19> kTypeBytes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
enum Type : std::uint16_t {
  kByte = 1,
  kShort = 3,
  kLong = 4,
  kRational = 5,
  kSByte = 6,
  kSShort = 8,
  kSLong = 9,
  kSRational = 10,
  kFloat = 11,
  kDouble = 12,
  kIfd = 13,
  kLong8 = 16,
  kSLong8 = 17,
  kIfd8 = 18,
};

// Numbers of a file in its own byte order.
class Reader {
 public:
  Reader(Bytes bytes, std::uint64_t position, bool big_endian) : reader_(bytes), big_(big_endian) {
    reader_.seek(position);
  }
  bool ok() const { return reader_.ok(); }
  std::uint64_t position() const { return reader_.position(); }
  Bytes take(std::uint64_t count) { return reader_.take(count); }
  std::uint16_t u16() { return big_ ? reader_.u16be() : reader_.u16le(); }
  std::uint32_t u32() { return big_ ? reader_.u32be() : reader_.u32le(); }
  std::uint64_t u64() { return big_ ? reader_.u64be() : reader_.u64le(); }
  std::uint64_t offset(bool big_tiff) { return big_tiff ? u64() : u32(); }

 private:
  ByteReader reader_;
  bool big_;
};

struct Entry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint64_t count = 0;
  Bytes data;  // of all values; empty when it is not in the file
  bool big_endian = false;

  std::uint64_t values() const {
    const std::uint64_t size = type < kTypeBytes.size() ? kTypeBytes[type] : 0;
    return size == 0 ? 0 : data.size() / size;
  }

  // Zero when there is no such value.
  double real(std::uint64_t index) const {
    if (index >= values()) return 0;
    Reader reader(data, index * kTypeBytes[type], big_endian);
    switch (type) {
      case kShort:
        return reader.u16();
      case kLong:
      case kIfd:
        return reader.u32();
      case kLong8:
      case kIfd8:
        return static_cast<double>(reader.u64());
      case kSByte:
        return static_cast<std::int8_t>(reader.take(1)[0]);
      case kSShort:
        return static_cast<std::int16_t>(reader.u16());
      case kSLong:
        return static_cast<std::int32_t>(reader.u32());
      case kSLong8:
        return static_cast<double>(static_cast<std::int64_t>(reader.u64()));
      case kRational: {
        const double numerator = reader.u32();
        const double denominator = reader.u32();
        return denominator == 0 ? 0 : numerator / denominator;
      }
      case kSRational: {
        const double numerator = static_cast<std::int32_t>(reader.u32());
        const double denominator = static_cast<std::int32_t>(reader.u32());
        return denominator == 0 ? 0 : numerator / denominator;
      }
      case kFloat:
        return static_cast<double>(std::bit_cast<float>(reader.u32()));
      case kDouble:
        return std::bit_cast<double>(reader.u64());
      default:
        return reader.take(1)[0];
    }
  }

  // Saturated to 32 bits.
  std::uint32_t number(std::uint64_t index = 0) const {
    const double value = real(index);
    return value >= 4294967295.0 ? 0xffff'ffff : value > 0 ? static_cast<std::uint32_t>(value) : 0;
  }
  std::uint16_t small_number(std::uint64_t index = 0) const {
    return static_cast<std::uint16_t>(std::min(number(index), 0xffffU));
  }
};

struct FileLayout {
  Bytes bytes;
  bool big_endian = false;
  bool big_tiff = false;
};

// The entry at the reader, which moves on by one; its values are inside the entry when they fit.
Entry read_entry(const FileLayout& file, Reader& reader) {
  Entry entry;
  entry.big_endian = file.big_endian;
  entry.tag = reader.u16();
  entry.type = reader.u16();
  entry.count = reader.offset(file.big_tiff);
  const std::uint64_t inline_bytes = file.big_tiff ? 8 : 4;
  const std::uint64_t at = reader.position();
  const std::uint64_t elsewhere = reader.offset(file.big_tiff);
  const std::uint64_t size = entry.type < kTypeBytes.size() ? kTypeBytes[entry.type] : 0;
  if (size == 0 || entry.count > file.bytes.size() / size) return entry;
  Reader data(file.bytes, entry.count * size <= inline_bytes ? at : elsewhere, file.big_endian);
  entry.data = data.take(entry.count * size);
  return entry;
}

// What the tags say, before the defaults that depend on each other.
struct Directory {
  TiffHeader header;
  std::uint32_t subfile = 0;
  bool has_photometric = false;
  bool has_reference = false;
  std::optional<std::uint32_t> rows_per_strip;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  std::uint64_t strips = 0;
  std::uint64_t tiles = 0;
  Entry extra_samples;
  Entry color_map;
  std::uint64_t next = 0;
};

template <std::size_t kCount>
void read_reals(const Entry& entry, std::array<double, kCount>& target) {
  if (entry.values() < kCount) return;
  for (std::size_t i = 0; i < kCount; ++i) target[i] = entry.real(i);
}

void read_bits(const Entry& entry, TiffHeader& header) {
  header.bits_per_sample = entry.small_number();
  // Some writers list more values than there are samples; that many are never listed by a good one.
  for (std::uint64_t i = 1; i < std::min<std::uint64_t>(entry.values(), 64); ++i) {
    header.same_bits = header.same_bits && entry.small_number(i) == header.bits_per_sample;
  }
}

TiffSamples sample_kind(const Entry& entry) {
  const std::uint16_t format = entry.small_number();
  for (std::uint64_t i = 1; i < std::min<std::uint64_t>(entry.values(), 64); ++i) {
    if (entry.small_number(i) != format) return TiffSamples::kOther;
  }
  switch (format) {
    case 1:
    case 4:  // "void": any
      return TiffSamples::kUnsigned;
    case 2:
      return TiffSamples::kSigned;
    case 3:
      return TiffSamples::kFloat;
    default:
      return TiffSamples::kOther;
  }
}

// The tags that say how the picture is stored; false for others.
bool apply_layout(const Entry& entry, Directory& directory) {
  TiffHeader& header = directory.header;
  switch (entry.tag) {
    case kNewSubfileType:
      directory.subfile = entry.number();
      return true;
    case kOldSubfileType:
      if (entry.number() == 2) directory.subfile |= 1;
      return true;
    case kImageWidth:
      header.width = entry.number();
      return true;
    case kImageLength:
      header.height = entry.number();
      return true;
    case kBitsPerSample:
      read_bits(entry, header);
      return true;
    case kCompression:
      header.compression = entry.small_number();
      return true;
    case kOrientation: {
      const std::uint32_t orientation = entry.number();
      if (orientation >= 1 && orientation <= 8) header.orientation = static_cast<std::uint8_t>(orientation);
      return true;
    }
    case kSamplesPerPixel:
      header.samples_per_pixel = entry.small_number();
      return true;
    case kPlanarConfiguration:
      header.planar = entry.number() == 2;
      return true;
    case kImageDepth:
      header.depth = entry.small_number();
      return true;
    case kStripOffsets:
      directory.strips = entry.values();
      return true;
    case kRowsPerStrip:
      directory.rows_per_strip = entry.number();
      return true;
    case kTileWidth:
      directory.tile_width = entry.number();
      return true;
    case kTileLength:
      directory.tile_height = entry.number();
      return true;
    case kTileOffsets:
      directory.tiles = entry.values();
      return true;
    case kFillOrder:
    case kStripByteCounts:
    case kXResolution:
    case kYResolution:
    case kResolutionUnit:
    case kPredictor:
    case kTileByteCounts:
    case kJpegTables:
      return true;  // libtiff's business, or nobody's
    default:
      return false;
  }
}

// The tags that say what the samples mean; false for others.
bool apply_color(const Entry& entry, Directory& directory) {
  TiffHeader& header = directory.header;
  switch (entry.tag) {
    case kPhotometric:
      header.photometric = entry.small_number();
      directory.has_photometric = true;
      return true;
    case kColorMap:
      directory.color_map = entry;
      return true;
    case kInkSet:
      header.ink_set = entry.small_number();
      return true;
    case kExtraSamples:
      directory.extra_samples = entry;
      return true;
    case kSampleFormat:
      header.samples = sample_kind(entry);
      return true;
    case kSMinSampleValue:
      header.sample_low = entry.real(0);
      return true;
    case kSMaxSampleValue:
      header.sample_high = entry.real(0);
      return true;
    case kWhitePoint:
      read_reals(entry, header.white);
      return true;
    case kYcbcrCoefficients:
      read_reals(entry, header.luma);
      return true;
    case kYcbcrSubsampling:
      header.subsampling = {entry.small_number(0), entry.small_number(1)};
      return true;
    case kReferenceBlackWhite:
      read_reals(entry, header.reference);
      directory.has_reference = entry.values() >= header.reference.size();
      return true;
    default:
      return false;
  }
}

Result<Directory> read_directory(const FileLayout& file, std::uint64_t offset) {
  Reader reader(file.bytes, offset, file.big_endian);
  const std::uint64_t count = file.big_tiff ? reader.u64() : reader.u16();
  if (!reader.ok() || count == 0 || count > kMaxEntries) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF has no directory of tags"};
  }
  Directory directory;
  directory.header.big_endian = file.big_endian;
  directory.header.big_tiff = file.big_tiff;
  directory.header.directory = offset;
  std::uint16_t last_tag = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Entry entry = read_entry(file, reader);
    if (!reader.ok()) return Error{ErrorCode::kCorruptImage, 0, "the TIFF ends in its directory"};
    if (entry.tag == last_tag) continue;
    last_tag = entry.tag;
    if (entry.tag == kIccProfile) directory.header.profile = entry.data;
    if (!apply_layout(entry, directory) && !apply_color(entry, directory)) {
      directory.header.has_metadata = true;
    }
  }
  directory.next = reader.offset(file.big_tiff);
  if (!reader.ok()) directory.next = 0;
  return directory;
}

// What a picture without the tag is likely to be, as libtiff guesses it.
std::uint16_t guess_photometric(const TiffHeader& header, std::uint64_t extra_samples) {
  switch (header.compression) {
    case kTiffCcittRle:
    case kTiffCcittRleWords:
    case kTiffCcittG3:
    case kTiffCcittG4:
      return kTiffWhiteIsZero;
    case kTiffOldJpeg:
      return header.samples_per_pixel < 3 ? std::uint16_t{kTiffBlackIsZero} : std::uint16_t{kTiffYcbcr};
    default:
      return header.samples_per_pixel >= extra_samples + 3 ? std::uint16_t{kTiffRgb}
                                                           : std::uint16_t{kTiffBlackIsZero};
  }
}

void find_alpha(const Entry& extra_samples, TiffHeader& header) {
  const std::uint64_t count = extra_samples.values();
  for (std::uint64_t i = 0; i < count && count < header.samples_per_pixel; ++i) {
    const std::uint16_t kind = extra_samples.small_number(i);
    if (kind != 1 && kind != 2) continue;
    header.alpha = kind == 1 ? TiffAlpha::kAssociated : TiffAlpha::kStraight;
    header.alpha_sample = static_cast<std::uint16_t>(header.samples_per_pixel - count + i);
    return;
  }
}

void finish_layout(const Directory& directory, TiffHeader& header) {
  // Some writers list tiles under the tags of strips.
  header.is_tiled = directory.tile_width > 0 || directory.tile_height > 0;
  if (header.is_tiled) {
    header.piece_width = directory.tile_width;
    header.piece_height = directory.tile_height;
    header.piece_entries = std::max(directory.tiles, directory.strips);
    return;
  }
  header.piece_width = header.width;
  const std::uint32_t rows = directory.rows_per_strip.value_or(header.height);
  header.piece_height = std::min(rows == 0 ? header.height : rows, header.height);
  header.piece_entries = directory.strips;
}

Result<TiffHeader> finish(Directory directory) {
  TiffHeader header = directory.header;
  if (header.width == 0 || header.height == 0) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF has no width or height"};
  }
  if (header.samples_per_pixel == 0 || header.bits_per_sample == 0) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF has pixels without samples"};
  }
  if (!directory.has_photometric) {
    header.photometric = guess_photometric(header, directory.extra_samples.values());
  }
  finish_layout(directory, header);
  find_alpha(directory.extra_samples, header);
  if (header.photometric != kTiffYcbcr) header.subsampling = {1, 1};
  if (!(header.white[0] > 0.05 && header.white[1] > 0.05 && header.white[0] + header.white[1] < 1)) {
    header.white = TiffHeader{}.white;
  }
  if (directory.has_reference && header.bits_per_sample == 16) {
    for (double& value : header.reference) value /= 257;
  }
  const auto entries = directory.color_map.type == kShort ? directory.color_map.values() / 3 : 0;
  header.colors = {directory.color_map.data,
                   static_cast<std::uint32_t>(std::min<std::uint64_t>(entries, 65536)), header.big_endian};
  if (!(header.sample_high > header.sample_low) || !std::isfinite(header.sample_high - header.sample_low)) {
    header.sample_low = 0;
    header.sample_high = 1;
  }
  return header;
}

ColorModel color_model(std::uint16_t photometric) {
  switch (photometric) {
    case kTiffWhiteIsZero:
    case kTiffBlackIsZero:
    case kTiffMask:
    case kTiffLogL:
      return ColorModel::kGrey;
    case kTiffRgb:
      return ColorModel::kRgb;
    case kTiffPalette:
      return ColorModel::kPalette;
    case kTiffSeparated:
      return ColorModel::kCmyk;
    case kTiffYcbcr:
      return ColorModel::kYcbcr;
    case kTiffCieLab:
    case kTiffIccLab:
    case kTiffItuLab:
    case kTiffLogLuv:
      return ColorModel::kLab;
    default:
      return ColorModel::kUnknown;
  }
}

// Null for a compression that is decoded.
const char* compression_problem(std::uint16_t compression) {
  switch (compression) {
    case kTiffNone:
    case kTiffCcittRle:
    case kTiffCcittG3:
    case kTiffCcittG4:
    case kTiffLzw:
    case kTiffOldJpeg:
    case kTiffJpeg:
    case kTiffDeflate:
    case kTiffNext:
    case kTiffCcittRleWords:
    case kTiffPackBits:
    case kTiffThunder:
    case kTiffOldDeflate:
    case kTiffLog:
    case kTiffLog24:
      return nullptr;
    case 9:
    case 10:
    case 34661:
    case 34715:
      return "TIFF with JBIG compression is not decoded: save it with LZW or CCITT compression";
    case 33003:
    case 33004:
    case 33005:
    case 34712:
      return "TIFF with JPEG 2000 compression is not decoded: save it with LZW or JPEG compression";
    case 32908:
    case 32909:
      return "TIFF with Pixar compression is not decoded: save it with LZW or Deflate compression";
    case 34887:
      return "TIFF with LERC compression is not decoded: save it with LZW or Deflate compression";
    case 34892:
      return "TIFF with lossy DNG compression is not decoded: save it as JPEG";
    case 34925:
      return "TIFF with LZMA compression is not decoded: save it with LZW or Deflate compression";
    case 34926:
    case 50000:
      return "TIFF with ZSTD compression is not decoded: save it with LZW or Deflate compression";
    case 34927:
    case 50001:
      return "TIFF with WebP compression is not decoded: save it with LZW or JPEG compression";
    case 50002:
    case 52546:
      return "TIFF with JPEG XL compression is not decoded: save it with LZW or JPEG compression";
    default:
      return "TIFF with a compression that is not known: save it with LZW or without compression";
  }
}

Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFeature, 0, detail}; }
Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

bool has_log_samples(const TiffHeader& header) {
  return header.compression == kTiffLog || header.compression == kTiffLog24;
}

Status check_samples(const TiffHeader& header) {
  const std::uint16_t bits = header.bits_per_sample;
  if (!header.same_bits)
    return unsupported("TIFF with channels of different depths is not decoded: save it with 8 bits");
  switch (header.samples) {
    case TiffSamples::kUnsigned:
    case TiffSamples::kSigned:
      if (bits <= 16 || bits == 24 || bits == 32 || bits == 64) return {};
      break;
    case TiffSamples::kFloat:
      if (bits == 16 || bits == 32 || bits == 64) return {};
      break;
    case TiffSamples::kOther:
      break;
  }
  return unsupported("TIFF with samples of this type is not decoded: save it with 8 or 16 bits");
}

Status check_ycbcr(const TiffHeader& header) {
  const auto [across, down] = header.subsampling;
  const auto is_factor = [](std::uint16_t factor) { return factor == 1 || factor == 2 || factor == 4; };
  if (!is_factor(across) || !is_factor(down)) return corrupt("TIFF with impossible chroma subsampling");
  if (header.samples != TiffSamples::kUnsigned ||
      (header.bits_per_sample != 8 && header.bits_per_sample != 16)) {
    return unsupported("TIFF with YCbCr of other than 8 or 16 bits is not decoded: save it as RGB");
  }
  const bool is_jpeg = header.compression == kTiffJpeg;
  const bool subsampled = across != 1 || down != 1;
  if (subsampled && !is_jpeg && header.bits_per_sample != 8) {
    return unsupported("TIFF with subsampled YCbCr of 16 bits is not decoded: save it as RGB");
  }
  if (subsampled && !is_jpeg && header.samples_per_pixel != 3) {
    return unsupported("TIFF with subsampled YCbCr and further samples is not decoded: save it as RGB");
  }
  if (subsampled && header.planar) {
    return unsupported("TIFF with subsampled YCbCr in separate planes is not decoded: save it as RGB");
  }
  if (header.luma[1] == 0) return corrupt("TIFF with impossible YCbCr coefficients");
  return {};
}

Status check_color(const TiffHeader& header) {
  const std::uint16_t count = header.samples_per_pixel;
  if (count > kMaxSamples) {
    return unsupported("TIFF with more than 64 samples a pixel is not decoded: save it as RGB");
  }
  switch (header.photometric) {
    case kTiffWhiteIsZero:
    case kTiffBlackIsZero:
    case kTiffMask:
      return {};
    case kTiffPalette:
      if (header.bits_per_sample > 16 || header.samples != TiffSamples::kUnsigned) {
        return unsupported("TIFF with a palette of this depth is not decoded: save it as RGB");
      }
      if (header.colors.count == 0) return corrupt("the TIFF has no palette");
      return {};
    case kTiffRgb:
      break;
    case kTiffSeparated:
      if (header.ink_set == 2 || count < 4) {
        return unsupported("TIFF with inks other than CMYK is not decoded: save it as RGB");
      }
      break;
    case kTiffYcbcr:
      if (Status checked = check_ycbcr(header); !checked) return checked;
      break;
    case kTiffCieLab:
    case kTiffIccLab:
    case kTiffItuLab:
      if (header.bits_per_sample != 8 && header.bits_per_sample != 16) {
        return unsupported("TIFF with Lab colours of other than 8 or 16 bits is not decoded: save it as RGB");
      }
      break;
    case kTiffLogL:
    case kTiffLogLuv:
      if (!has_log_samples(header) || header.planar) {
        return unsupported("TIFF with LogLuv colours in this compression is not decoded: save it as RGB");
      }
      return {};
    case 32803:
    case 34892:
      return unsupported("TIFF with camera raw data is not decoded: export it as JPEG");
    default:
      return unsupported("TIFF with colours that are not known: save it as RGB");
  }
  return count < 3 ? Status(corrupt("TIFF with fewer samples than its colours need")) : Status();
}

}  // namespace

std::uint16_t TiffColorMap::at(std::uint32_t channel, std::uint32_t index) const {
  Reader reader(bytes, (std::uint64_t{channel} * (bytes.size() / 6) + index) * 2, big_endian);
  return reader.u16();
}

Result<TiffHeader> read_tiff_header(Bytes bytes) {
  FileLayout file{bytes, bytes_at(bytes, 0, "MM"), false};
  if (!file.big_endian && !bytes_at(bytes, 0, "II")) return corrupt("not a TIFF");
  Reader reader(bytes, 2, file.big_endian);
  file.big_tiff = reader.u16() == 43;
  if (file.big_tiff) reader.u32();
  std::uint64_t offset = reader.offset(file.big_tiff);
  Result<Directory> first = read_directory(file, offset);
  if (!first) return first.error();
  std::uint64_t next = first->next;
  for (int page = 1; (first->subfile & kThumbnailOrMask) != 0 && next != 0 && page < kMaxPages; ++page) {
    Result<Directory> other = read_directory(file, next);
    if (!other) break;
    if ((other->subfile & kThumbnailOrMask) == 0) return finish(std::move(*other));
    next = other->next;
  }
  return finish(std::move(*first));
}

Status check_tiff_variant(const TiffHeader& header) {
  if (const char* problem = compression_problem(header.compression)) return unsupported(problem);
  if (header.depth > 1) return unsupported("TIFF volumes are not decoded: save one slice");
  if (header.compression == kTiffJpeg && header.bits_per_sample == 12) {
    return unsupported("TIFF with 12-bit JPEG is not decoded: save it with 8 bits");
  }
  if (!has_log_samples(header) && header.compression != kTiffOldJpeg) {
    if (Status checked = check_samples(header); !checked) return checked;
  }
  if (Status checked = check_color(header); !checked) return checked;
  if (header.piece_width == 0 || header.piece_height == 0) return corrupt("TIFF with empty tiles");
  if (header.piece_entries == 0 && header.compression != kTiffOldJpeg)
    return corrupt("TIFF without strips or tiles");
  return {};
}

std::uint32_t tiff_color_samples(std::uint16_t photometric) {
  switch (color_model(photometric)) {
    case ColorModel::kGrey:
    case ColorModel::kPalette:
      return 1;
    case ColorModel::kCmyk:
      return 4;
    default:
      return 3;
  }
}

Result<ImageInfo> inspect_tiff(Bytes bytes) {
  const Result<TiffHeader> header = read_tiff_header(bytes);
  if (!header) return header.error();
  ImageInfo info;
  info.width = header->width;
  info.height = header->height;
  info.orientation = header->orientation;
  info.bits_per_sample = static_cast<std::uint8_t>(std::min<std::uint16_t>(header->bits_per_sample, 255));
  info.color_model = color_model(header->photometric);
  info.has_alpha = header->alpha != TiffAlpha::kNone;
  info.has_metadata = header->has_metadata;
  const Status variant = check_tiff_variant(*header);
  if (!variant && variant.error().code == ErrorCode::kCorruptImage) return variant.error();
  info.decodable = variant.ok();
  return info;
}

Result<Bytes> tiff_profile(Bytes bytes) {
  const Result<TiffHeader> header = read_tiff_header(bytes);
  if (!header) return header.error();
  return header->profile;
}

}  // namespace netocr
