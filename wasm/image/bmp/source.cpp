// Rows of a BMP -> planes; header, rle and huffman know the file format, this file the pixels.
#include "image/bmp/source.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <new>
#include <optional>

#include "image/bmp/huffman.hpp"
#include "image/bmp/rle.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/color.hpp"

namespace netocr::bmp {
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

// Linear light in units of 1/8192 -> sRGB (IEC 61966-2-1) of 8 bits.
class SrgbCurve {
 public:
  void fill() {
    for (std::size_t i = 0; i < table_.size(); ++i) {
      const float linear = static_cast<float>(i) / kOne;
      const float coded =
          linear <= 0.0031308F ? linear * 12.92F : 1.055F * std::pow(linear, 1 / 2.4F) - 0.055F;
      table_[i] = static_cast<std::uint8_t>(coded * 255 + 0.5F);
    }
  }
  std::uint8_t of(std::int32_t linear) const { return table_[static_cast<std::size_t>(clamp(linear))]; }
  static std::uint8_t alpha(std::int32_t value) {
    return static_cast<std::uint8_t>((clamp(value) * 255 + kOne / 2) / kOne);
  }

 private:
  static constexpr std::int32_t kOne = 8192;
  static std::int32_t clamp(std::int32_t value) { return std::clamp(value, 0, kOne); }
  std::array<std::uint8_t, kOne + 1> table_{};
};

void unpack_indices(const std::uint8_t* packed, std::uint32_t bits, std::uint32_t width,
                    std::uint8_t* indices) {
  const std::uint32_t per_byte = 8 / bits;
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::uint32_t i = 0; i < width; ++i) {
    const std::uint32_t shift = 8 - bits * (i % per_byte + 1);
    indices[i] = static_cast<std::uint8_t>(packed[i / per_byte] >> shift & mask);
  }
}

class Source final : public RowSource {
 public:
  explicit Source(const Header& header) : header_(header) {}

  Status open() {
    if (const Status found = find_rows(); !found.ok()) return found;
    read_palette();
    read_channels();
    const bool grey = has_indices() && palette_.is_grey();
    geometry_.plane_count = grey ? 1 : 3;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      geometry_.planes[i] = {header_.width, header_.height, static_cast<double>(header_.width),
                             static_cast<double>(header_.height)};
    }
    return allocate();
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }
  std::uint32_t decoded_rows() const override { return decoded_rows_; }

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
  bool is_rle() const {
    return header_.coding == Coding::kRle4 || header_.coding == Coding::kRle8 ||
           header_.coding == Coding::kRle24;
  }
  // Rows come as indices first; those of RLE as colours, because pixels may be missing.
  bool has_indices() const {
    return header_.coding == Coding::kIndexed || header_.coding == Coding::kHuffman;
  }

  Status find_rows() {
    bool truncated = false;
    if (is_rle()) {
      auto rows = RleRows::create(header_);
      if (!rows.ok()) return rows.error();
      truncated = rows->truncated();
      decoded_rows_ = rows->whole_rows();
      rle_ = std::move(rows).value();
    } else if (header_.coding == Coding::kHuffman) {
      auto rows = HuffmanRows::create(header_.pixels, header_.width, header_.height);
      if (!rows.ok()) return rows.error();
      truncated = rows->truncated();
      decoded_rows_ = rows->whole_rows();
      huffman_ = std::move(rows).value();
    } else {
      if (rows_in_file() == 0) return Error{ErrorCode::kCorruptImage, 0, "the BMP ends before its first row"};
      decoded_rows_ = static_cast<std::uint32_t>(rows_in_file());
      truncated = decoded_rows_ < header_.height;
    }
    if (truncated) warnings_ |= kWarnTruncated;
    return {};
  }

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

  void read_channels() {
    if (header_.coding == Coding::kBgra64) curve_.fill();
    if (header_.coding != Coding::kMasks) return;
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
    const auto row_bytes = checked_product(header_.width, has_indices() ? 1 : 4);
    const auto plane_bytes = checked_product(header_.width, kBatchRows);
    if (!row_bytes.ok() || !plane_bytes.ok()) return row_bytes.ok() ? plane_bytes.error() : row_bytes.error();
    auto scratch = Buffer::create(*row_bytes);
    if (!scratch.ok()) return scratch.error();
    scratch_ = std::move(scratch).value();
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      auto plane = Buffer::create(*plane_bytes);
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
      return rgba_to_ycc(scratch_.data(), header_.width, target);
    }
    if (huffman_.has_value()) {
      huffman_->decode(stored_row, scratch_.data());
      return palette_.convert(scratch_.data(), header_.width, target);
    }
    if (stored_row >= rows_in_file()) return fill_white(target);
    convert_pixels(header_.pixels.data() + stored_row * header_.row_bytes, target);
  }

  void convert_pixels(const std::uint8_t* pixels, YccRow target) {
    switch (header_.coding) {
      case Coding::kIndexed:
        unpack_indices(pixels, header_.bits_per_pixel, header_.width, scratch_.data());
        return palette_.convert(scratch_.data(), header_.width, target);
      case Coding::kBgr:
        return bgr_to_ycc(pixels, header_.width, target);
      case Coding::kBgrx:
        return bgrx_to_ycc(pixels, header_.width, target);
      case Coding::kMasks:
        unpack_masked(pixels);
        return rgba_to_ycc(scratch_.data(), header_.width, target);
      case Coding::kBgra64:
        unpack_bgra64(pixels);
        return rgba_to_ycc(scratch_.data(), header_.width, target);
      case Coding::kRle4:
      case Coding::kRle8:
      case Coding::kRle24:
      case Coding::kHuffman:
      case Coding::kJpeg:
      case Coding::kPng:
        return;  // not stored as plain rows
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

  void unpack_bgra64(const std::uint8_t* pixels) {
    std::uint8_t* rgba = scratch_.data();
    for (std::uint32_t x = 0; x < header_.width; ++x, pixels += 8, rgba += 4) {
      const auto channel = [pixels](std::size_t i) {
        return std::int32_t{static_cast<std::int16_t>(little_endian(pixels + 2 * i, 2))};
      };
      for (std::size_t i = 0; i < 3; ++i) rgba[i] = curve_.of(channel(2 - i));
      rgba[3] = SrgbCurve::alpha(channel(3));
    }
  }

  void fill_white(YccRow target) const {
    std::memset(target.y, 255, header_.width);
    if (target.cb != nullptr) std::memset(target.cb, 128, header_.width);
    if (target.cr != nullptr) std::memset(target.cr, 128, header_.width);
  }

  Header header_;
  SourceGeometry geometry_;
  YccPalette palette_;
  std::array<MaskedChannel, 4> channels_{};
  std::optional<RleRows> rle_;
  std::optional<HuffmanRows> huffman_;
  SrgbCurve curve_;
  Buffer scratch_;  // one row of indices or RGBA
  std::array<Buffer, 3> planes_;
  std::uint32_t given_ = 0;  // rows handed out
  std::uint32_t decoded_rows_ = 0;
  std::uint32_t warnings_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const WantedSize& wanted, const Limits& limits,
                                               const EmbeddedReaders& embedded) {
  auto header = read_header(bytes);
  if (!header.ok()) return header.error();
  const EmbeddedReader* const reader = reader_of(*header, embedded);
  if (reader != nullptr) return reader->open(header->pixels, wanted, limits);
  if (const Status size = check_dimensions(header->width, header->height, limits); !size.ok())
    return size.error();
  auto* source = new (std::nothrow) Source(*header);
  if (source == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  std::unique_ptr<RowSource> owner(source);
  if (const Status opened = source->open(); !opened.ok()) return opened.error();
  return owner;
}

}  // namespace netocr::bmp
