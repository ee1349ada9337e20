// Packed samples (tiff_reader) -> 16 bits each (tiff_samples) -> 8-bit RGB (tiff_color) -> planes. 8-bit
// grey, RGB and RGBA take a shorter way.
#include "image/tiff_source.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "image/color.hpp"
#include "image/tiff_color.hpp"
#include "image/tiff_reader.hpp"
#include "image/tiff_samples.hpp"

namespace netocr {
namespace {

constexpr std::uint32_t kBatchRows = 16;

// Bytes of a piece that need no conversion but that of colour.
enum class Direct : std::uint8_t { kNone, kGrey, kRgb, kRgba };

Direct direct_way(const TiffHeader& header, const TiffReader& reader) {
  if (header.bits_per_sample != 8 || header.samples != TiffSamples::kUnsigned || reader.planes() != 1) {
    return Direct::kNone;
  }
  const std::uint16_t count = header.samples_per_pixel;
  if (header.photometric == kTiffBlackIsZero && count == 1) return Direct::kGrey;
  if (header.photometric != kTiffRgb) return Direct::kNone;
  if (count == 3) return Direct::kRgb;
  return count == 4 && header.alpha == TiffAlpha::kStraight ? Direct::kRgba : Direct::kNone;
}

TiffSampleCoding coding_of(const TiffHeader& header, const TiffColors& colors) {
  // The a and b of Lab are stored as bit patterns, whatever the tag says.
  const bool is_lab = header.photometric == kTiffCieLab || header.photometric == kTiffIccLab ||
                      header.photometric == kTiffItuLab;
  return {header.bits_per_sample, is_lab ? TiffSamples::kUnsigned : header.samples, colors.is_indexed(),
          header.sample_low, header.sample_high};
}

// `count` pixels of row `y % down` of a block row -> Y, Cb, Cr of 16 bits each.
void unpack_blocks(const std::uint8_t* blocks, std::uint32_t count, std::array<std::uint16_t, 2> factors,
                   std::uint32_t y, std::uint16_t* out) {
  const std::uint32_t across = factors[0];
  const std::uint32_t luma_count = across * factors[1];
  const std::uint32_t first = (y % factors[1]) * across;
  for (std::uint32_t x = 0; x < count; ++x) {
    const std::uint8_t* block = blocks + std::size_t{x / across} * (luma_count + 2);
    out[3 * std::size_t{x}] = static_cast<std::uint16_t>(block[first + x % across] * 257);
    out[3 * std::size_t{x} + 1] = static_cast<std::uint16_t>(block[luma_count] * 257);
    out[3 * std::size_t{x} + 2] = static_cast<std::uint16_t>(block[luma_count + 1] * 257);
  }
}

class TiffSource final : public RowSource {
 public:
  TiffSource(TiffReader reader, TiffColors colors)
      : reader_(std::move(reader)),
        colors_(std::move(colors)),
        width_(reader_.header().width),
        height_(reader_.header().height),
        coding_(coding_of(reader_.header(), colors_)),
        direct_(direct_way(reader_.header(), reader_)) {
    geometry_.plane_count = colors_.is_grey() ? 1 : 3;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      geometry_.planes[i] = {width_, height_, static_cast<double>(width_), static_cast<double>(height_)};
    }
  }

  Status allocate(const Limits& limits) {
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      auto plane = Buffer::create(std::size_t{width_} * kBatchRows);
      if (!plane) return plane.error();
      planes_[i] = std::move(*plane);
    }
    if (direct_ != Direct::kNone) return {};
    const std::uint64_t stored = std::uint64_t{reader_.piece_width()} * reader_.samples_in_plane();
    if (stored > limits.max_decoder_bytes / sizeof(std::uint16_t)) {
      return Error{ErrorCode::kImageTooLarge, 0, "a row of the TIFF needs more memory than the limit"};
    }
    auto unpacked = Array<std::uint16_t>::create(needs_gathering() ? static_cast<std::size_t>(stored) : 0);
    if (!unpacked) return unpacked.error();
    unpacked_ = std::move(*unpacked);
    auto pixels = Array<std::uint16_t>::create_zeroed(std::size_t{width_} * colors_.samples());
    if (!pixels) return pixels.error();
    pixels_ = std::move(*pixels);
    auto rgb = Buffer::create(std::size_t{width_} * 3);
    if (!rgb) return rgb.error();
    rgb_ = std::move(*rgb);
    return {};
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override {
    return reader_.is_damaged() ? std::uint32_t{kWarnTruncated} : 0U;
  }

  Result<RowBatch> next() override {
    RowBatch batch;
    const std::uint32_t count = std::min(kBatchRows, height_ - given_);
    if (count == 0) return batch;
    for (std::uint32_t row = 0; row < count; ++row) {
      reader_.load(given_ + row);
      convert_row(given_ + row, {plane_row(0, row), plane_row(1, row), plane_row(2, row)});
    }
    given_ += count;
    if (given_ == height_ && !reader_.has_pixels()) {
      return Error{ErrorCode::kCorruptImage, 0, "no strip or tile of the TIFF can be decoded"};
    }
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) batch[i] = {planes_[i].data(), width_, count};
    return batch;
  }

 private:
  // The samples of a pixel are not just those that are wanted, in their order.
  bool needs_gathering() const {
    const TiffHeader& header = reader_.header();
    return !header.planar && header.samples_per_pixel != colors_.samples();
  }

  std::uint8_t* plane_row(std::size_t plane, std::uint32_t row) {
    return plane < geometry_.plane_count ? planes_[plane].data() + std::size_t{row} * width_ : nullptr;
  }

  void convert_row(std::uint32_t y, YccRow target) {
    if (direct_ == Direct::kNone) {
      for (std::uint32_t piece = 0; piece < reader_.pieces(); ++piece) unpack_piece(y, piece);
      colors_.convert(pixels_.data(), width_, colors_.is_grey() ? target.y : rgb_.data());
      if (!colors_.is_grey()) rgb_to_ycc(rgb_.data(), width_, target);
    }
    for (std::uint32_t piece = 0; piece < reader_.pieces(); ++piece) {
      const std::size_t x = std::size_t{piece} * reader_.piece_width();
      const YccRow part{target.y + x, target.cb == nullptr ? nullptr : target.cb + x,
                        target.cr == nullptr ? nullptr : target.cr + x};
      finish_piece(y, piece, part);
    }
  }

  std::uint32_t pixels_in(std::uint32_t piece) const {
    return std::min(reader_.piece_width(), width_ - piece * reader_.piece_width());
  }

  void unpack_piece(std::uint32_t y, std::uint32_t piece) {
    const std::uint32_t count = pixels_in(piece);
    const std::size_t step = colors_.samples();
    std::uint16_t* out = pixels_.data() + std::size_t{piece} * reader_.piece_width() * step;
    for (std::uint32_t plane = 0; plane < reader_.planes(); ++plane) {
      const std::uint8_t* packed = reader_.row(plane, piece, y);
      if (packed == nullptr) continue;  // finish_piece() makes it white
      if (reader_.has_chroma_blocks()) {
        unpack_blocks(packed, count, reader_.header().subsampling, y, out);
      } else if (reader_.header().planar) {
        unpack_tiff_samples(packed, count, coding_, out + plane, step);
      } else if (needs_gathering()) {
        gather(packed, count, out);
      } else {
        unpack_tiff_samples(packed, count * step, coding_, out, 1);
      }
    }
  }

  void gather(const std::uint8_t* packed, std::uint32_t count, std::uint16_t* out) {
    const TiffHeader& header = reader_.header();
    const std::size_t stored = header.samples_per_pixel;
    const std::size_t wanted = colors_.samples();
    const bool has_alpha = header.alpha != TiffAlpha::kNone;
    const std::size_t colors = wanted - (has_alpha ? 1 : 0);
    unpack_tiff_samples(packed, count * stored, coding_, unpacked_.data(), 1);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint16_t* pixel = unpacked_.data() + i * stored;
      std::copy_n(pixel, colors, out + i * wanted);
      if (has_alpha) out[i * wanted + colors] = pixel[header.alpha_sample];
    }
  }

  // The pieces that come directly, and white where nothing was decoded.
  void finish_piece(std::uint32_t y, std::uint32_t piece, YccRow part) const {
    const std::uint32_t count = pixels_in(piece);
    const std::uint8_t* packed = nullptr;
    for (std::uint32_t plane = 0; plane < reader_.planes(); ++plane) {
      packed = reader_.row(plane, piece, y);
      if (packed == nullptr) return fill_white(part, count);
    }
    switch (direct_) {
      case Direct::kNone:
        return;
      case Direct::kGrey:
        std::memcpy(part.y, packed, count);
        return;
      case Direct::kRgb:
        return rgb_to_ycc(packed, count, part);
      case Direct::kRgba:
        return rgba_to_ycc(packed, count, part);
    }
  }

  static void fill_white(YccRow part, std::uint32_t count) {
    std::memset(part.y, 255, count);
    if (part.cb != nullptr) std::memset(part.cb, 128, count);
    if (part.cr != nullptr) std::memset(part.cr, 128, count);
  }

  TiffReader reader_;
  TiffColors colors_;
  SourceGeometry geometry_;
  std::array<Buffer, 3> planes_;
  Array<std::uint16_t> unpacked_;  // a piece with all its samples
  Array<std::uint16_t> pixels_;    // a row with the samples that are wanted
  Buffer rgb_;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t given_ = 0;  // rows handed out
  TiffSampleCoding coding_;
  Direct direct_ = Direct::kNone;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_tiff_source(Bytes bytes, const Limits& limits) {
  const Result<TiffHeader> header = read_tiff_header(bytes);
  if (!header) return header.error();
  if (Status size = check_dimensions(header->width, header->height, limits); !size) return size.error();
  if (Status variant = check_tiff_variant(*header); !variant) return variant.error();
  Result<TiffReader> reader = TiffReader::open(bytes, *header, limits);
  if (!reader) return reader.error();
  Result<TiffColors> colors = TiffColors::create(reader->header());
  if (!colors) return colors.error();
  std::unique_ptr<TiffSource> source(new (std::nothrow) TiffSource(std::move(*reader), std::move(*colors)));
  if (!source) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  if (Status allocated = source->allocate(limits); !allocated) return allocated.error();
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr
