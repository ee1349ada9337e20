// Converts packed samples (reader) to 16 bits each (pixels), to 8-bit RGB (color), to planes. 8-bit grey, RGB
// and RGBA skip the first two steps.
#include "image/tiff/source.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "image/pixel/plane_batch.hpp"
#include "image/tiff/old_jpeg_source.hpp"
#include "image/tiff/pixels.hpp"
#include "image/tiff/plausible.hpp"
#include "image/tiff/policy.hpp"

namespace netocr::tiff {
namespace {

// The formats of a piece whose bytes need only the conversion to Y, Cb, Cr.
enum class Direct : std::uint8_t { kNone, kGrey, kRgb, kRgba };

Direct direct_way(const Header& header, const Reader& reader) {
  if (header.bits_per_sample != 8 || header.samples != SampleType::kUnsigned || reader.planes() != 1) {
    return Direct::kNone;
  }
  const std::uint16_t count = header.samples_per_pixel;
  if (header.photometric == kPhotometricBlackIsZero && count == 1) return Direct::kGrey;
  if (header.photometric != kPhotometricRgb) return Direct::kNone;
  if (count == 3) return Direct::kRgb;
  return count == 4 && header.alpha == Alpha::kStraight ? Direct::kRgba : Direct::kNone;
}

std::uint8_t plane_count_of(const Colors& colors) {
  if (colors.has_inks()) return 4;
  return colors.is_grey() ? 1 : 3;
}

class Source final : public RowSource {
 public:
  Source(Reader reader, Colors colors, Pixels pixels, PlaneColors plane_colors)
      : reader_(std::move(reader)),
        colors_(std::move(colors)),
        pixels_(std::move(pixels)),
        width_(reader_.header().width),
        height_(reader_.header().height),
        geometry_(full_size_planes(plane_count_of(colors_), width_, height_)),
        plane_colors_(plane_colors),
        direct_(direct_way(reader_.header(), reader_)) {}

  Status allocate() {
    NETOCR_TRY(planes_.allocate(geometry_, plane_colors_));
    return allocate_product(rgb_, width_, direct_ == Direct::kNone ? 4 : 0);
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t decoded_rows() const override { return std::min(reader_.decoded_rows(), given_); }
  std::uint32_t warnings() const override {
    return reader_.is_damaged() ? std::uint32_t{kWarnTruncated} : 0U;
  }

  Result<RowBatch> next() override {
    const std::uint32_t count = std::min(kBatchRows, height_ - given_);
    if (count == 0) return RowBatch{};
    for (std::uint32_t row = 0; row < count; ++row) {
      reader_.load(given_ + row);
      if (colors_.has_inks()) {
        convert_inks(given_ + row, row);
      } else {
        convert_row(given_ + row, planes_.ycc_row(row));
      }
    }
    given_ += count;
    if (given_ == height_ && !reader_.has_pixels()) {
      return Error{ErrorCode::kCorruptImage, 0, "no strip or tile of the TIFF can be decoded"};
    }
    return planes_.first(count);
  }

 private:
  void convert_row(std::uint32_t y, YccRow target) {
    if (direct_ == Direct::kNone) {
      colors_.convert(pixels_.unpack(reader_, y), width_, colors_.is_grey() ? target.y : rgb_.data());
      if (!colors_.is_grey()) rgb_to_ycc(rgb_.data(), width_, target);
    }
    for (std::uint32_t piece = 0; piece < reader_.pieces(); ++piece) {
      const std::size_t x = std::size_t{piece} * reader_.piece_width();
      const YccRow part{target.y + x, target.cb == nullptr ? nullptr : target.cb + x,
                        target.cr == nullptr ? nullptr : target.cr + x, target.colors};
      finish_piece(y, piece, part);
    }
  }

  // Writes row y of the picture to row `index` of the batch; what could not be decoded has no ink.
  void convert_inks(std::uint32_t y, std::uint32_t index) {
    colors_.convert(pixels_.unpack(reader_, y), width_, rgb_.data());
    for (std::size_t ink = 0; ink < 4; ++ink) {
      std::uint8_t* const samples = planes_.row(ink, index);
      for (std::size_t x = 0; x < width_; ++x) samples[x] = rgb_[4 * x + ink];
    }
    for (std::uint32_t piece = 0; piece < reader_.pieces(); ++piece) {
      if (is_decoded(y, piece)) continue;
      const std::size_t x = std::size_t{piece} * reader_.piece_width();
      for (std::size_t ink = 0; ink < 4; ++ink)
        std::memset(planes_.row(ink, index) + x, 255, reader_.pixels_in(piece));
    }
  }

  bool is_decoded(std::uint32_t y, std::uint32_t piece) const {
    for (std::uint32_t plane = 0; plane < reader_.planes(); ++plane) {
      if (reader_.row(plane, piece, y) == nullptr) return false;
    }
    return true;
  }

  // Converts the pieces in a direct format, and fills with white what could not be decoded.
  void finish_piece(std::uint32_t y, std::uint32_t piece, YccRow part) const {
    const std::uint32_t count = reader_.pixels_in(piece);
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

  Reader reader_;
  Colors colors_;
  Pixels pixels_;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  SourceGeometry geometry_;
  PlaneBatch planes_;
  Buffer rgb_;               // or inks: a row of pixels
  std::uint32_t given_ = 0;  // rows delivered
  PlaneColors plane_colors_;
  Direct direct_ = Direct::kNone;
};

// The objects that convert a checked header to rows.
struct Decoder {
  Reader reader;
  Colors colors;
  Pixels pixels;
};

Result<Decoder> open_decoder(Bytes bytes, const Header& header, const Limits& limits, PlaneColors wanted) {
  NETOCR_ASSIGN(Reader reader, Reader::open(bytes, header, limits));
  NETOCR_ASSIGN(Colors colors, Colors::create(reader.header(), wanted == PlaneColors::kInks));
  NETOCR_ASSIGN(Pixels pixels, Pixels::create(reader, colors, limits));
  return Decoder{std::move(reader), std::move(colors), std::move(pixels)};
}

// Returns whether any pixel is visible. It stops at the first, so only a picture without any is decoded twice
// completely.
Result<bool> has_visible_pixel(Bytes bytes, const Header& header, const Limits& limits) {
  NETOCR_ASSIGN(Decoder decoder, open_decoder(bytes, header, limits, PlaneColors::kYcc));
  const std::size_t samples = decoder.colors.samples();
  for (std::uint32_t y = 0; y < header.height; ++y) {
    decoder.reader.load(y);
    const std::uint16_t* pixel = decoder.pixels.unpack(decoder.reader, y);
    for (std::uint32_t x = 0; x < header.width; ++x, pixel += samples) {
      if (pixel[samples - 1] != 0) return true;
    }
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, Header header, const Limits& limits,
                                               OpenEmbeddedJpeg open_jpeg, PlaneColors colors) {
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  NETOCR_TRY(check_variant(header));
  NETOCR_TRY(check_plausible(header, bytes.size()));
  if (header.compression == kCompressionOldJpeg)
    return open_old_jpeg_source(bytes, header, limits, open_jpeg);
  if (header.alpha != Alpha::kNone) {
    NETOCR_ASSIGN(const bool visible, has_visible_pixel(bytes, header, limits));
    if (!visible) header.alpha = Alpha::kNone;
  }
  NETOCR_ASSIGN(Decoder decoder, open_decoder(bytes, header, limits, colors));
  NETOCR_ASSIGN(auto source, make_nothrow<Source>(std::move(decoder.reader), std::move(decoder.colors),
                                                  std::move(decoder.pixels), colors));
  NETOCR_TRY(source->allocate());
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::tiff
