// Converts rows of a BMP to planes. header and the CodedRows decode the file format, this file the pixels.
#include "image/bmp/source.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "image/bmp/rle.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/plane_batch.hpp"

namespace netocr::bmp {
namespace {

// Reads one channel of a masked pixel and scales it from its own width to 8 bits by rounding.
class MaskedChannel {
 public:
  MaskedChannel() = default;
  MaskedChannel(std::uint32_t mask, std::uint8_t absent) : mask_(mask), absent_(absent) {
    shift_ = mask == 0 ? 0 : std::countr_zero(mask);
    max_ = mask >> shift_;
  }
  std::uint8_t of(std::uint32_t pixel) const {
    if (mask_ == 0) return absent_;
    const std::uint64_t value = (pixel & mask_) >> shift_;
    return static_cast<std::uint8_t>((value * 255 + max_ / 2) / max_);
  }

 private:
  std::uint32_t mask_ = 0;
  std::uint32_t max_ = 1;
  int shift_ = 0;
  std::uint8_t absent_ = 0;  // value for a zero mask
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

class Source final : public RowSource {
 public:
  Source(const Header& header, PlaneColors colors) : header_(header), palette_(colors), colors_(colors) {}

  Status open(OpenRareRows open_rare) {
    NETOCR_TRY(find_rows(open_rare));
    read_palette();
    read_channels();
    const bool grey = has_indices(header_.coding) && palette_.is_grey();
    geometry_ = full_size_planes(grey ? 1 : 3, header_.width, header_.height);
    return allocate();
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }
  std::uint32_t decoded_rows() const override { return decoded_rows_; }

  Result<RowBatch> next() override {
    const std::uint32_t count = std::min(kBatchRows, header_.height - given_);
    for (std::uint32_t row = 0; row < count; ++row) {
      const std::uint32_t upright = given_ + row;
      convert_row(header_.top_down ? upright : header_.height - 1 - upright, planes_.ycc_row(row));
    }
    given_ += count;
    return planes_.first(count);
  }

 private:
  Status find_rows(OpenRareRows open_rare) {
    decoded_rows_ = rows_in_file(header_);
    bool truncated = decoded_rows_ < header_.height;
    if (is_coded()) {
      NETOCR_ASSIGN(coded_, is_rare(header_.coding) ? open_rare(header_) : open_coded_rows<RleRows>(header_));
      decoded_rows_ = coded_->whole_rows();
      truncated = coded_->truncated();
    } else if (decoded_rows_ == 0) {
      return Error{ErrorCode::kCorruptImage, 0, "the BMP ends before its first row"};
    }
    if (truncated) warnings_ |= kWarnTruncated;
    return {};
  }

  bool is_coded() const {
    return header_.coding == Coding::kRle4 || header_.coding == Coding::kRle8 || is_rare(header_.coding);
  }

  void read_palette() {
    for (std::uint32_t i = 0; i < header_.palette_count; ++i) {
      const Bytes entry = header_.palette.subspan(std::size_t{i} * header_.palette_entry_bytes, 3);
      palette_.set(static_cast<std::uint8_t>(i), entry[2], entry[1], entry[0], 255);
    }
  }

  void read_channels() {
    if (header_.coding != Coding::kMasks) return;
    for (std::size_t i = 0; i < 3; ++i) channels_[i] = MaskedChannel(header_.masks[i], 0);
    channels_[3] = MaskedChannel(any_alpha() ? header_.masks[3] : 0, 255);
  }

  bool any_alpha() const {
    const std::uint32_t bytes = header_.bits_per_pixel / 8U;
    for (std::uint64_t row = 0; header_.masks[3] != 0 && row < rows_in_file(header_); ++row) {
      const std::uint8_t* pixels = header_.pixels.data() + row * header_.row_bytes;
      for (std::uint32_t x = 0; x < header_.width; ++x) {
        if ((little_endian(pixels + std::size_t{x} * bytes, bytes) & header_.masks[3]) != 0) return true;
      }
    }
    return false;
  }

  Status allocate() {
    NETOCR_TRY(allocate_product(scratch_, header_.width, has_indices(header_.coding) ? 1 : 4));
    return planes_.allocate(geometry_, colors_);
  }

  void convert_row(std::uint32_t stored_row, YccRow target) {
    if (coded_ != nullptr) {
      coded_->decode(stored_row, scratch_.data());
      return has_indices(header_.coding) ? palette_.convert(scratch_.data(), header_.width, target)
                                         : rgba_to_ycc(scratch_.data(), header_.width, target);
    }
    if (stored_row >= decoded_rows_) return fill_white(target, header_.width);
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
      case Coding::kRle4:
      case Coding::kRle8:
      case Coding::kRle24:
      case Coding::kHuffman:
      case Coding::kJpeg:
      case Coding::kPng:
        return;  // the rows are not stored plainly
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

  Header header_;
  SourceGeometry geometry_;
  YccPalette palette_;
  PlaneColors colors_;
  std::array<MaskedChannel, 4> channels_{};
  std::unique_ptr<CodedRows> coded_;  // null for rows that are stored plainly
  Buffer scratch_;                    // one row of indices or RGBA
  PlaneBatch planes_;
  std::uint32_t given_ = 0;  // number of rows delivered
  std::uint32_t decoded_rows_ = 0;
  std::uint32_t warnings_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(const Header& header, const Limits& limits,
                                               OpenRareRows open_rare, PlaneColors colors) {
  if (is_rare(header.coding) && open_rare == nullptr)
    return Error{ErrorCode::kUnsupportedFeature, 0, "this coding of BMP is decoded by the codecs module only",
                 true};
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  NETOCR_ASSIGN(auto source, make_nothrow<Source>(header, colors));
  NETOCR_TRY(source->open(open_rare));
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::bmp
