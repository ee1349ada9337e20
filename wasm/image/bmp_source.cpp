// Rows of a BMP -> planes; bmp_header and bmp_rle know the file format, this file the pixels.
#include "image/bmp_source.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>
#include <optional>

#include "image/bmp_header.hpp"
#include "image/bmp_rle.hpp"
#include "image/color.hpp"
#include "image/image_info.hpp"

namespace netocr {
namespace {

constexpr std::uint32_t kBatchRows = 16;

// One channel of a masked pixel, scaled from its own width to 8 bits by rounding.
class MaskedChannel {
 public:
  MaskedChannel() = default;
  MaskedChannel(std::uint32_t mask, std::uint8_t absent) : mask_(mask), absent_(absent) {
    shift_ = mask == 0 ? 0 : std::countr_zero(mask);
    most_ = mask >> shift_;
  }
  std::uint8_t of(std::uint32_t pixel) const {
    if (mask_ == 0) return absent_;
    const std::uint64_t value = (pixel & mask_) >> shift_;
    return static_cast<std::uint8_t>((value * 255 + most_ / 2) / most_);
  }

 private:
  std::uint32_t mask_ = 0;
  std::uint32_t most_ = 1;
  int shift_ = 0;
  std::uint8_t absent_ = 0;  // value when the mask is zero
};

std::uint32_t little_endian(const std::uint8_t* bytes, std::uint32_t count) {
  std::uint32_t value = 0;
  for (std::uint32_t i = 0; i < count; ++i) value |= std::uint32_t{bytes[i]} << (8 * i);
  return value;
}

void unpack_indices(const std::uint8_t* packed, std::uint32_t bits, std::uint32_t width,
                    std::uint8_t* indices) {
  const std::uint32_t per_byte = 8 / bits;
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::uint32_t i = 0; i < width; ++i) {
    const std::uint32_t shift = 8 - bits * (i % per_byte + 1);
    indices[i] = static_cast<std::uint8_t>(packed[i / per_byte] >> shift & mask);
  }
}

class BmpSource final : public RowSource {
 public:
  explicit BmpSource(const BmpHeader& header) : header_(header) {}

  Status open() {
    if (header_.foreign_color) warnings_ = kWarnProfileIgnored;
    if (is_rle()) {
      auto rows = BmpRleRows::create(header_.pixels, header_.width, header_.height,
                                     header_.coding == BmpCoding::kRle4);
      if (!rows.ok()) return rows.error();
      rle_ = std::move(rows).value();
      if (rle_->truncated()) warnings_ |= kWarnTruncated;
    } else if (rows_in_file() == 0) {
      return Error{ErrorCode::kCorruptImage, 0, "the BMP ends before its first row"};
    } else if (rows_in_file() < header_.height) {
      warnings_ |= kWarnTruncated;
    }
    read_palette();
    read_masks();
    const bool grey = is_indexed() && palette_.is_grey();
    geometry_.plane_count = grey ? 1 : 3;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      geometry_.planes[i] = {header_.width, header_.height, static_cast<double>(header_.width),
                             static_cast<double>(header_.height)};
    }
    return allocate();
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }

  Result<RowBatch> next() override {
    const std::uint32_t count = std::min(kBatchRows, header_.height - given_);
    for (std::uint32_t row = 0; row < count; ++row) {
      const YccRow target{plane_row(0, row), plane_row(1, row), plane_row(2, row)};
      const std::uint32_t upright = given_ + row;
      convert_row(header_.top_down ? upright : header_.height - 1 - upright, target);
    }
    given_ += count;
    RowBatch batch;
    if (count == 0) return batch;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i)
      batch[i] = {planes_[i].data(), header_.width, count};
    return batch;
  }

 private:
  bool is_rle() const { return header_.coding == BmpCoding::kRle4 || header_.coding == BmpCoding::kRle8; }
  bool is_indexed() const { return is_rle() || header_.coding == BmpCoding::kIndexed; }

  // Bytes of a row without its padding, which the last row of a file may lack.
  std::uint64_t used_row_bytes() const {
    return (std::uint64_t{header_.width} * header_.bits_per_pixel + 7) / 8;
  }

  // Whole rows, counted as stored.
  std::uint64_t rows_in_file() const {
    const std::uint64_t size = header_.pixels.size();
    if (size < used_row_bytes()) return 0;
    return std::min<std::uint64_t>(header_.height, (size - used_row_bytes()) / header_.row_bytes + 1);
  }

  void read_palette() {
    for (std::uint32_t i = 0; i < header_.palette_count; ++i) {
      const Bytes entry = header_.palette.subspan(std::size_t{i} * header_.palette_entry_bytes, 3);
      palette_.set(static_cast<std::uint8_t>(i), entry[2], entry[1], entry[0], 255);
    }
  }

  void read_masks() {
    if (header_.coding != BmpCoding::kMasks) return;
    for (std::size_t i = 0; i < 3; ++i) channels_[i] = MaskedChannel(header_.masks[i], 0);
    channels_[3] = MaskedChannel(any_alpha() ? header_.masks[3] : 0, 255);
  }

  bool any_alpha() const {
    const std::uint32_t bytes = header_.bits_per_pixel / 8U;
    for (std::uint64_t row = 0; header_.masks[3] != 0 && row < rows_in_file(); ++row) {
      const std::uint8_t* pixels = header_.pixels.data() + row * header_.row_bytes;
      for (std::uint32_t x = 0; x < header_.width; ++x) {
        if ((little_endian(pixels + std::size_t{x} * bytes, bytes) & header_.masks[3]) != 0) return true;
      }
    }
    return false;
  }

  Status allocate() {
    const std::size_t scratch_bytes = is_indexed() ? header_.width : std::size_t{header_.width} * 4;
    auto scratch = Buffer::create(scratch_bytes);
    if (!scratch.ok()) return scratch.error();
    scratch_ = std::move(scratch).value();
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      auto plane = Buffer::create(std::size_t{header_.width} * kBatchRows);
      if (!plane.ok()) return plane.error();
      planes_[i] = std::move(plane).value();
    }
    return {};
  }

  std::uint8_t* plane_row(std::size_t plane, std::uint32_t row) {
    return plane < geometry_.plane_count ? planes_[plane].data() + std::size_t{row} * header_.width : nullptr;
  }

  void convert_row(std::uint32_t stored_row, YccRow target) {
    if (rle_.has_value()) {
      rle_->decode(stored_row, scratch_.data());
      palette_.convert(scratch_.data(), header_.width, target);
      return;
    }
    if (stored_row >= rows_in_file()) return fill_white(target);
    convert_pixels(header_.pixels.data() + stored_row * header_.row_bytes, target);
  }

  void convert_pixels(const std::uint8_t* pixels, YccRow target) {
    switch (header_.coding) {
      case BmpCoding::kIndexed:
        unpack_indices(pixels, header_.bits_per_pixel, header_.width, scratch_.data());
        return palette_.convert(scratch_.data(), header_.width, target);
      case BmpCoding::kBgr:
        return bgr_to_ycc(pixels, header_.width, target);
      case BmpCoding::kBgrx:
        return bgrx_to_ycc(pixels, header_.width, target);
      case BmpCoding::kMasks:
        unpack_masked(pixels);
        return rgba_to_ycc(scratch_.data(), header_.width, target);
      case BmpCoding::kRle4:
      case BmpCoding::kRle8:
        return;  // rle_ has them
    }
  }

  void unpack_masked(const std::uint8_t* pixels) {
    const std::uint32_t bytes = header_.bits_per_pixel / 8U;
    std::uint8_t* rgba = scratch_.data();
    for (std::uint32_t x = 0; x < header_.width; ++x) {
      const std::uint32_t pixel = little_endian(pixels + std::size_t{x} * bytes, bytes);
      for (const MaskedChannel& channel : channels_) *rgba++ = channel.of(pixel);
    }
  }

  void fill_white(YccRow target) const {
    std::memset(target.y, 255, header_.width);
    if (target.cb != nullptr) std::memset(target.cb, 128, header_.width);
    if (target.cr != nullptr) std::memset(target.cr, 128, header_.width);
  }

  BmpHeader header_;
  SourceGeometry geometry_;
  YccPalette palette_;
  std::array<MaskedChannel, 4> channels_{};
  std::optional<BmpRleRows> rle_;
  Buffer scratch_;  // one row of indices or RGBA
  std::array<Buffer, 3> planes_;
  std::uint32_t given_ = 0;  // rows handed out
  std::uint32_t warnings_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_bmp_source(Bytes bytes, const Limits& limits) {
  auto header = read_bmp_header(bytes);
  if (!header.ok()) return header.error();
  if (const Status size = check_dimensions(header->width, header->height, limits); !size.ok())
    return size.error();
  auto* source = new (std::nothrow) BmpSource(*header);
  if (source == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  std::unique_ptr<RowSource> owner(source);
  if (const Status opened = source->open(); !opened.ok()) return opened.error();
  return owner;
}

}  // namespace netocr
