// Packed samples (reader) -> 16 bits each (pixels) -> 8-bit RGB (color) -> planes. 8-bit grey,
// RGB and RGBA take a shorter way.
#include "image/tiff/source.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "image/pixel/color.hpp"
#include "image/tiff/old_jpeg_source.hpp"
#include "image/tiff/pixels.hpp"
#include "image/tiff/plausible.hpp"

namespace netocr::tiff {
namespace {

constexpr std::uint32_t kBatchRows = 16;

// Bytes of a piece that need no conversion but that of colour.
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

class Source final : public RowSource {
 public:
  Source(Reader reader, Colors colors, Pixels pixels)
      : reader_(std::move(reader)),
        colors_(std::move(colors)),
        pixels_(std::move(pixels)),
        width_(reader_.header().width),
        height_(reader_.header().height),
        direct_(direct_way(reader_.header(), reader_)) {
    geometry_.plane_count = colors_.is_grey() ? 1 : 3;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      geometry_.planes[i] = {width_, height_, static_cast<double>(width_), static_cast<double>(height_)};
    }
  }

  Status allocate() {
    NETOCR_ASSIGN(const std::size_t batch, checked_product(width_, kBatchRows));
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      NETOCR_ASSIGN(planes_[i], Buffer::create(batch));
    }
    NETOCR_ASSIGN(rgb_, Buffer::create(std::size_t{width_} * (direct_ == Direct::kNone ? 3 : 0)));
    return {};
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t decoded_rows() const override { return std::min(reader_.decoded_rows(), given_); }
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
  std::uint8_t* plane_row(std::size_t plane, std::uint32_t row) {
    return plane < geometry_.plane_count ? planes_[plane].data() + std::size_t{row} * width_ : nullptr;
  }

  void convert_row(std::uint32_t y, YccRow target) {
    if (direct_ == Direct::kNone) {
      colors_.convert(pixels_.unpack(reader_, y), width_, colors_.is_grey() ? target.y : rgb_.data());
      if (!colors_.is_grey()) rgb_to_ycc(rgb_.data(), width_, target);
    }
    for (std::uint32_t piece = 0; piece < reader_.pieces(); ++piece) {
      const std::size_t x = std::size_t{piece} * reader_.piece_width();
      const YccRow part{target.y + x, target.cb == nullptr ? nullptr : target.cb + x,
                        target.cr == nullptr ? nullptr : target.cr + x};
      finish_piece(y, piece, part);
    }
  }

  // The pieces that come directly, and white where nothing was decoded.
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

  static void fill_white(YccRow part, std::uint32_t count) {
    std::memset(part.y, 255, count);
    if (part.cb != nullptr) std::memset(part.cb, 128, count);
    if (part.cr != nullptr) std::memset(part.cr, 128, count);
  }

  Reader reader_;
  Colors colors_;
  Pixels pixels_;
  SourceGeometry geometry_;
  std::array<Buffer, 3> planes_;
  Buffer rgb_;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t given_ = 0;  // rows handed out
  Direct direct_ = Direct::kNone;
};

// What turns a checked header into rows.
struct Decoder {
  Reader reader;
  Colors colors;
  Pixels pixels;
};

Result<Decoder> open_decoder(Bytes bytes, const Header& header, const Limits& limits) {
  NETOCR_ASSIGN(Reader reader, Reader::open(bytes, header, limits));
  NETOCR_ASSIGN(Colors colors, Colors::create(reader.header()));
  NETOCR_ASSIGN(Pixels pixels, Pixels::create(reader, colors, limits));
  return Decoder{std::move(reader), std::move(colors), std::move(pixels)};
}

// Whether a pixel is to be seen. Stops at the first; a picture without any is decoded twice.
Result<bool> has_visible_pixel(Bytes bytes, const Header& header, const Limits& limits) {
  NETOCR_ASSIGN(Decoder decoder, open_decoder(bytes, header, limits));
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

Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const Limits& limits,
                                               OpenEmbeddedJpeg open_jpeg) {
  NETOCR_ASSIGN(Header header, read_header(bytes));
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  NETOCR_TRY(check_variant(header));
  NETOCR_TRY(check_plausible(header, bytes.size()));
  if (header.compression == kCompressionOldJpeg)
    return open_old_jpeg_source(bytes, header, limits, open_jpeg);
  if (header.alpha != Alpha::kNone) {
    NETOCR_ASSIGN(const bool visible, has_visible_pixel(bytes, header, limits));
    if (!visible) header.alpha = Alpha::kNone;
  }
  NETOCR_ASSIGN(Decoder decoder, open_decoder(bytes, header, limits));
  NETOCR_ASSIGN(auto source, make_nothrow<Source>(std::move(decoder.reader), std::move(decoder.colors),
                                                  std::move(decoder.pixels)));
  NETOCR_TRY(source->allocate());
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::tiff
