// Runs libtiff over bytes in memory. Strips are read by scanlines, so that a strip may be as large as the
// picture; tiles and blocks of subsampled chroma by bands.
#include "image/tiff/reader.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>

#include <tiffio.h>

#include "image/tiff/plausible.hpp"
#include "image/tiff/policy.hpp"

namespace netocr::tiff {

struct Handle {
  Bytes file;
  std::array<std::uint8_t, 16> start{};  // the file's header, with the offset of the selected directory
  std::size_t position = 0;
  TIFF* tiff = nullptr;
  bool damaged = false;      // damage was reported during decoding
  std::uint32_t losses = 0;  // number of reports after which rows are wrong
  std::uint32_t bad_strip = 0xffff'ffff;

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  // TIFFClose() would link libtiff's writer into the program.
  ~Handle() {
    if (tiff != nullptr) TIFFCleanup(tiff);
  }
};

namespace {

// The max of libtiff's own memory: lists of strips, tags, one strip with its bits reversed. LogLuv takes 4
// more bytes for each pixel of a strip.
constexpr std::uint64_t kLibraryBytes = 96ULL << 20;
Handle& handle_of(thandle_t client) { return *static_cast<Handle*>(client); }

tmsize_t on_read(thandle_t client, void* target, tmsize_t size) {
  Handle& handle = handle_of(client);
  if (size <= 0 || handle.position >= handle.file.size()) return 0;
  const std::size_t count = std::min(static_cast<std::size_t>(size), handle.file.size() - handle.position);
  std::memcpy(target, handle.file.data() + handle.position, count);
  if (handle.position < handle.start.size()) {
    const std::size_t patched = std::min(count, handle.start.size() - handle.position);
    std::memcpy(target, handle.start.data() + handle.position, patched);
  }
  handle.position += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t on_write(thandle_t, void*, tmsize_t) { return 0; }

toff_t on_seek(thandle_t client, toff_t offset, int whence) {
  Handle& handle = handle_of(client);
  const std::uint64_t base = whence == SEEK_CUR   ? handle.position
                             : whence == SEEK_END ? handle.file.size()
                                                  : 0;
  handle.position = static_cast<std::size_t>(std::min<std::uint64_t>(base + offset, handle.file.size()));
  return handle.position;
}

int on_close(thandle_t) { return 0; }
toff_t on_size(thandle_t client) { return handle_of(client).file.size(); }

// libtiff requests writable memory but does not write to it, as the file is opened for reading.
int on_map(thandle_t client, void** base, toff_t* size) {
  *base = const_cast<std::uint8_t*>(handle_of(client).file.data());
  *size = handle_of(client).file.size();
  return 1;
}
void on_unmap(thandle_t, void*, toff_t) {}

// In a Group 3 fax only the damaged line is lost and the next one restarts; with Group 4 all following lines
// are lost.
bool is_lasting(std::string_view module) { return !module.starts_with("Fax") || module.starts_with("Fax4"); }

void note_damage(void* user, std::string_view module) {
  Handle& handle = *static_cast<Handle*>(user);
  handle.damaged = true;
  if (is_lasting(module)) ++handle.losses;
}

int on_error(TIFF*, void* user, const char* module, const char*, va_list) {
  note_damage(user, module == nullptr ? "" : module);
  return 1;
}

// Only these decoders report damaged data by a warning; other warnings concern tags and dialects.
int on_warning(TIFF*, void* user, const char* module, const char*, va_list) {
  const std::string_view name = module == nullptr ? "" : module;
  if (name == "JPEGLib" || name.starts_with("Fax")) note_damage(user, name);
  return 1;
}

void write_number(std::uint8_t* target, std::uint64_t value, std::size_t count, bool big_endian) {
  for (std::size_t i = 0; i < count; ++i) {
    target[big_endian ? count - 1 - i : i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

// Copies the file's first bytes and inserts the offset of the directory to be read.
void make_start(Bytes file, const Header& header, std::array<std::uint8_t, 16>& start) {
  std::copy_n(file.begin(), std::min(file.size(), start.size()), start.begin());
  if (header.big_tiff) {
    write_number(start.data() + 8, header.directory, 8, header.big_endian);
  } else {
    write_number(start.data() + 4, header.directory, 4, header.big_endian);
  }
}

bool is_log(const Header& header) {
  return header.compression == kCompressionLog || header.compression == kCompressionLog24;
}
bool is_jpeg_ycbcr(const Header& header) {
  return header.compression == kCompressionJpeg && header.photometric == kPhotometricYcbcr && !header.planar;
}

std::uint64_t library_bytes(const Header& header, const Limits& limits) {
  return is_log(header) ? std::max<std::uint64_t>(limits.max_decoder_bytes, 1) : kLibraryBytes;
}

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }

// Clamps the listed lengths to the end of the file, so that the available part of a strip is decoded. libtiff
// returns a pointer to its own list.
void clamp_lengths(Handle& handle, std::uint64_t count) {
  std::uint64_t* offsets = nullptr;
  std::uint64_t* lengths = nullptr;
  TIFFGetField(handle.tiff, TIFFTAG_STRIPOFFSETS, &offsets);
  TIFFGetField(handle.tiff, TIFFTAG_STRIPBYTECOUNTS, &lengths);
  if (offsets == nullptr || lengths == nullptr) return;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t room = handle.file.size() - std::min<std::uint64_t>(offsets[i], handle.file.size());
    if (lengths[i] <= room) continue;
    lengths[i] = room;
    handle.damaged = true;
  }
}

Status open_handle(Handle& handle, const Header& header, const Limits& limits) {
  make_start(handle.file, header, handle.start);
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  if (options == nullptr) return out_of_memory();
  const auto max_bytes =
      static_cast<tmsize_t>(std::min<std::uint64_t>(library_bytes(header, limits), 0x7fff'ffff));
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, max_bytes);
  TIFFOpenOptionsSetMaxCumulatedMemAlloc(options, max_bytes);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, &handle);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, &handle);
  // The mode flags are r: read, and c: strips are not split into smaller ones.
  handle.tiff = TIFFClientOpenExt("", "rc", &handle, on_read, on_write, on_seek, on_close, on_size, on_map,
                                  on_unmap, options);
  TIFFOpenOptionsFree(options);
  if (handle.tiff == nullptr) return Error{ErrorCode::kCorruptImage, 0, "the TIFF's directory is damaged"};
  handle.damaged = false;
  const std::uint32_t count =
      header.is_tiled ? TIFFNumberOfTiles(handle.tiff) : TIFFNumberOfStrips(handle.tiff);
  if (count > kMaxPieces) {
    return Error{ErrorCode::kImageTooLarge, 0, "the TIFF has too many strips or tiles"};
  }
  clamp_lengths(handle, count);
  return {};
}

template <typename T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
  T value{};
  return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

// libtiff corrects some tags by the compressed data. Returns false when libtiff sees another picture than the
// one that was checked.
bool adopt(TIFF* tiff, Header& header) {
  header.photometric = field<std::uint16_t>(tiff, TIFFTAG_PHOTOMETRIC, header.photometric);
  header.bits_per_sample = field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  if (header.photometric == kPhotometricYcbcr) {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_YCBCRSUBSAMPLING, &header.subsampling[0], &header.subsampling[1]);
  }
  const bool tiled = TIFFIsTiled(tiff) != 0;
  if (tiled != header.is_tiled || header.width != field<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0) ||
      header.height != field<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0) ||
      header.samples_per_pixel != field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) ||
      header.compression != field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION, 1) ||
      header.planar != (field<std::uint16_t>(tiff, TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE)) {
    return false;
  }
  if (tiled) {
    return header.piece_width == field<std::uint32_t>(tiff, TIFFTAG_TILEWIDTH, 0) &&
           header.piece_height == field<std::uint32_t>(tiff, TIFFTAG_TILELENGTH, 0);
  }
  const auto rows = field<std::uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, header.height);
  header.piece_height = std::min(rows == 0 ? header.height : rows, header.height);
  return true;
}

// libtiff converts JPEG's YCbCr and LogLuv to 8-bit RGB, LogL to 8-bit grey.
void ask_for_conversions(TIFF* tiff, const Header& header) {
  if (is_jpeg_ycbcr(header)) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  if (is_log(header)) TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_8BIT);
}

void apply_conversions(Header& header) {
  if (is_log(header)) {
    const bool grey = header.photometric == kPhotometricLogL;
    header.photometric = grey ? kPhotometricBlackIsZero : kPhotometricRgb;
    header.samples_per_pixel = grey ? 1 : 3;
    header.bits_per_sample = 8;
    header.samples = SampleType::kUnsigned;
    header.alpha = Alpha::kNone;
  }
  if (is_jpeg_ycbcr(header)) {
    header.photometric = kPhotometricRgb;
    header.subsampling = {1, 1};
  }
}

std::uint32_t used_planes(const Header& header) {
  if (!header.planar) return 1;
  return color_samples(header.photometric) + (header.alpha != Alpha::kNone ? 1 : 0);
}

Error too_large() {
  return {ErrorCode::kImageTooLarge, 0, "a strip or tile row of the TIFF needs more memory than the limit"};
}

// libjpeg may keep all coefficients (16 bits each) of a strip or tile.
bool has_room_for_coefficients(const Header& header, const Limits& limits) {
  return header.compression != kCompressionJpeg ||
         std::uint64_t{header.piece_width} * header.piece_height <= limits.max_decoder_bytes / 6;
}

}  // namespace

Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(Bytes file, const Header& header, const Limits& limits) {
  if (!has_room_for_coefficients(header, limits)) return too_large();
  Reader reader;
  reader.header_ = header;
  NETOCR_TRY(reader.open_handles(file, limits));
  NETOCR_TRY(reader.measure(limits));
  return reader;
}

Status Reader::open_handles(Bytes file, const Limits& limits) {
  planes_ = used_planes(header_);
  const std::uint32_t count = header_.is_tiled ? 1 : planes_;
  for (std::uint32_t i = 0; i < count; ++i) {
    NETOCR_ASSIGN(auto handle, make_nothrow<Handle>());
    handle->file = file;
    NETOCR_TRY(open_handle(*handle, header_, limits));
    handles_[i] = std::move(handle);
  }
  if (!adopt(handles_[0]->tiff, header_)) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF's tags contradict each other"};
  }
  for (std::uint32_t i = 0; i < count; ++i) ask_for_conversions(handles_[i]->tiff, header_);
  apply_conversions(header_);
  return check_variant(header_);
}

Status Reader::measure(const Limits& limits) {
  TIFF* tiff = handles_[0]->tiff;
  samples_in_plane_ = header_.planar ? 1 : header_.samples_per_pixel;
  piece_width_ = header_.is_tiled ? header_.piece_width : header_.width;
  pieces_ = static_cast<std::uint32_t>(divide_up(header_.width, piece_width_));
  const auto [across, down] = header_.subsampling;
  chroma_blocks_ = header_.photometric == kPhotometricYcbcr && (across > 1 || down > 1);
  by_bands_ = header_.is_tiled || chroma_blocks_;
  std::uint64_t rows = by_bands_ ? header_.piece_height : 1;
  row_bytes_ = divide_up(std::uint64_t{piece_width_} * samples_in_plane_ * header_.bits_per_sample, 8);
  if (chroma_blocks_) {
    row_bytes_ = divide_up(piece_width_, across) * (across * down + 2U);
    rows = divide_up(rows, down);
  }
  const std::uint64_t max_bytes = std::min(limits.max_decoder_bytes, kMaxBlock);
  if (row_bytes_ > max_bytes || rows > max_bytes / row_bytes_) return too_large();
  piece_bytes_ = row_bytes_ * rows;
  const std::uint64_t whole = piece_bytes_ * pieces_;
  if (whole > max_bytes / planes_) return too_large();
  // libtiff must use the same sizes, as it writes into this memory.
  const tmsize_t expected = header_.is_tiled ? TIFFTileSize(tiff)
                            : chroma_blocks_ ? TIFFVStripSize(tiff, header_.piece_height)
                                             : TIFFScanlineSize(tiff);
  if (expected <= 0 || static_cast<std::uint64_t>(expected) != piece_bytes_) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF's tags contradict each other"};
  }
  NETOCR_ASSIGN(samples_, Buffer::create_zeroed(static_cast<std::size_t>(whole * planes_)));
  NETOCR_ASSIGN(const std::size_t flags, checked_product(pieces_, planes_));
  NETOCR_ASSIGN(usable_, Buffer::create_zeroed(flags));
  return {};
}

void Reader::load(std::uint32_t y) {
  const std::uint32_t losses = count_losses();
  const bool is_whole = by_bands_ ? load_band(y) : load_scanlines(y);
  if (is_whole && count_losses() == losses) return;
  first_lost_row_ =
      std::min(first_lost_row_, by_bands_ ? y / header_.piece_height * header_.piece_height : y);
}

const std::uint8_t* Reader::row(std::uint32_t plane, std::uint32_t piece, std::uint32_t y) const {
  const std::size_t index = std::size_t{plane} * pieces_ + piece;
  if (usable_[index] == 0) return nullptr;
  std::uint64_t row = by_bands_ ? y % header_.piece_height : 0;
  if (chroma_blocks_) row /= header_.subsampling[1];
  return samples_.data() + index * piece_bytes_ + row * row_bytes_;
}

bool Reader::is_damaged() const {
  return std::any_of(handles_.begin(), handles_.end(),
                     [](const auto& handle) { return handle && handle->damaged; });
}

std::uint32_t Reader::count_losses() const {
  std::uint32_t count = 0;
  for (const auto& handle : handles_) count += handle ? handle->losses : 0;
  return count;
}

std::uint16_t Reader::sample_of(std::uint32_t plane) const {
  const bool is_alpha = plane > 0 && plane == color_samples(header_.photometric);
  return is_alpha ? header_.alpha_sample : static_cast<std::uint16_t>(plane);
}

// After an error the rest of that strip is lost; the next one restarts.
bool Reader::load_scanlines(std::uint32_t y) {
  const std::uint32_t strip = y / header_.piece_height;
  bool all = true;
  for (std::uint32_t plane = 0; plane < planes_; ++plane) {
    Handle& handle = *handles_[plane];
    bool good = handle.bad_strip != strip;
    if (good) {
      std::uint8_t* target = samples_.data() + plane * piece_bytes_;
      good = TIFFReadScanline(handle.tiff, target, y, sample_of(plane)) == 1;
      if (!good) {
        handle.bad_strip = strip;
        handle.damaged = true;
      }
    }
    usable_[plane] = good ? 1 : 0;
    has_pixels_ = has_pixels_ || good;
    all = all && good;
  }
  return all;
}

bool Reader::load_band(std::uint32_t y) {
  const std::uint32_t band = y / header_.piece_height;
  if (band == band_) return true;
  band_ = band;
  bool all = true;
  for (std::uint32_t plane = 0; plane < planes_; ++plane) {
    for (std::uint32_t piece = 0; piece < pieces_; ++piece) {
      const std::size_t index = std::size_t{plane} * pieces_ + piece;
      const bool good = load_piece(plane, piece, band, samples_.data() + index * piece_bytes_);
      usable_[index] = good ? 1 : 0;
      if (!good) handles_[0]->damaged = true;
      has_pixels_ = has_pixels_ || good;
      all = all && good;
    }
  }
  return all;
}

bool Reader::load_piece(std::uint32_t plane, std::uint32_t piece, std::uint32_t band, std::uint8_t* target) {
  TIFF* tiff = handles_[0]->tiff;
  const auto bands = static_cast<std::uint32_t>(divide_up(header_.height, header_.piece_height));
  const std::uint32_t index = (sample_of(plane) * bands + band) * pieces_ + piece;
  if (header_.is_tiled) {
    return TIFFReadEncodedTile(tiff, index, target, static_cast<tmsize_t>(piece_bytes_)) >= 0;
  }
  return TIFFReadEncodedStrip(tiff, index, target, static_cast<tmsize_t>(piece_bytes_)) >= 0;
}

}  // namespace netocr::tiff
