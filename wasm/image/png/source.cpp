// Presents our own inflate and filters as a RowSource. It reads only the chunks with pixels, so that no text
// or profile can cost memory or time.
#include "image/png/source.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "image/meta/image_info.hpp"
#include "image/pixel/plane_batch.hpp"
#include "image/png/filter.hpp"
#include "image/png/rows.hpp"
#include "image/png/samples.hpp"

namespace netocr::png {
namespace {

constexpr const Pass* kSixthPass = kPasses + 5;

// A missing pixel gets the value of its neighbour to the left or above, in the grid of the earlier passes.
void fill_row_of_pass(const Pass& pass, std::uint8_t* pixels, std::size_t stride, std::uint32_t width,
                      std::uint32_t y, std::size_t channels) {
  const std::size_t back = pass.x != 0 ? pass.x * channels : pass.y * stride;
  for (std::size_t x = pass.x; x < width; x += pass.step_x) {
    std::uint8_t* const pixel = pixels + y * stride + x * channels;
    std::memcpy(pixel, pixel - back, channels);
  }
}

using Layout = Samples::Layout;

class Source final : public RowSource {
 public:
  Source(const Header& header, const WantedSize& wanted, PlaneColors colors, Rows rows)
      : rows_(std::move(rows)),
        samples_(header),
        palette_(colors),
        colors_(colors),
        width_(header.width),
        height_(header.height),
        pixel_bytes_(std::max<std::size_t>(samples_.bits_per_pixel() / 8, 1)),
        interlaced_(header.interlaced) {
    for (std::size_t i = 0; i < header.palette.size() / 3; ++i) {
      const std::uint8_t* const color = header.palette.data() + 3 * i;
      const std::uint8_t alpha = i < header.transparency.size() ? header.transparency[i] : 255;
      palette_.set(static_cast<std::uint8_t>(i), color[0], color[1], color[2], alpha);
    }
    const Layout layout = samples_.layout();
    const bool is_grey = layout == Layout::kGrey || layout == Layout::kGreyAlpha ||
                         (layout == Layout::kIndexed && palette_.is_grey());
    geometry_.plane_count = is_grey ? 1 : 3;
    halves_chroma_ = (layout == Layout::kRgb || layout == Layout::kRgba) && width_ % 2 == 0 &&
                     height_ % 2 == 0 && width_ / 2 >= wanted.width && height_ / 2 >= wanted.height;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      const std::uint32_t width = width_ / divisor(i);
      const std::uint32_t height = height_ / divisor(i);
      geometry_.planes[i] = {width, height, static_cast<double>(width), static_cast<double>(height)};
    }
  }

  Status allocate(const Limits& limits) {
    NETOCR_ASSIGN(const auto stride, checked_product(width_, samples_.channels()));
    stride_ = stride;
    if (interlaced_ && std::uint64_t{height_} * stride_ > limits.max_decoder_bytes) {
      return Error{ErrorCode::kImageTooLarge, 0, "the interlaced PNG needs more memory than the limit"};
    }
    packed_stride_ = row_bytes(samples_.bits_per_pixel(), width_) + kRowPadding;
    Status made = allocate_product(packed_, packed_stride_, 1 + kBatchRows);
    if (made.ok()) std::memset(packed_.data(), 0, packed_.size());
    const std::uint32_t kept = interlaced_ ? height_ : samples_.are_plain() ? 0 : kBatchRows;
    if (made.ok()) made = allocate_product(pixels_, stride_, kept);
    if (made.ok()) made = allocate_product(pass_row_, stride_, interlaced_ ? 1 : 0);
    if (made.ok() && samples_.layout() != Layout::kGrey) made = planes_.allocate(geometry_, colors_);
    return made;
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t decoded_rows() const override { return decoded_rows_; }
  std::uint32_t warnings() const override { return warnings_; }

  Result<RowBatch> next() override {
    if (interlaced_ && !loaded_) {
      NETOCR_TRY(load());
    }
    const std::uint32_t count = std::min(kBatchRows, height_ - given_);
    if (count == 0) return RowBatch{};
    const std::uint32_t usable = interlaced_ ? count : read_rows(count);
    if (given_ + usable == 0) return damage();
    if (!interlaced_) decoded_rows_ += usable;
    PackedRows rows{packed_row(0), packed_stride_};
    if (!samples_.are_plain()) rows = {pixels_.data(), stride_};
    if (interlaced_) rows = {pixels_.data() + given_ * stride_, stride_};
    given_ += count;
    return convert(rows, usable, count);
  }

 private:
  struct PackedRows {
    std::uint8_t* first;
    std::size_t stride;
  };

  Error damage() const { return {ErrorCode::kCorruptImage, rows_.position(), "damaged PNG"}; }

  // Returns row `index` of the batch; -1 is the row above.
  std::uint8_t* packed_row(std::int64_t index) {
    return packed_.data() + static_cast<std::size_t>(index + 1) * packed_stride_;
  }

  // Reads up to `count` rows; fewer once the file is found damaged.
  std::uint32_t read_rows(std::uint32_t count) {
    if ((warnings_ & kWarnTruncated) != 0) return 0;
    const std::size_t size = row_bytes(samples_.bits_per_pixel(), width_);
    if (given_ != 0) std::memcpy(packed_row(-1), packed_row(kBatchRows - 1), size);
    for (std::uint32_t row = 0; row < count; ++row) {
      if (!rows_.read(size, packed_row(std::int64_t{row} - 1), pixel_bytes_, packed_row(row))) {
        warnings_ |= kWarnTruncated;
        return row;
      }
      if (!samples_.are_plain()) samples_.expand(packed_row(row), width_, pixels_.data() + row * stride_);
    }
    if (given_ + count == height_ && !rows_.ends_well()) warnings_ |= kWarnTruncated;
    return count;
  }

  // Reads all passes; missing pixels are filled, so that the picture has no holes after the first one.
  Status load() {
    loaded_ = true;
    for (const Pass& pass : kPasses) {
      const std::uint32_t pass_width = pass.width_of(width_);
      if (pass_width == 0) {
        count_rows(pass, height_);
        continue;
      }
      std::memset(packed_row(-1), 0, packed_stride_);
      for (std::uint32_t y = pass.y; y < height_; y += pass.step_y) {
        if ((warnings_ & kWarnTruncated) == 0 && !read_row_of_pass(pass, pass_width, y)) {
          if (&pass == kPasses) return damage();
          warnings_ |= kWarnTruncated;
        }
        if ((warnings_ & kWarnTruncated) != 0)
          fill_row_of_pass(pass, pixels_.data(), stride_, width_, y, samples_.channels());
        count_rows(pass, y + pass.step_y);
      }
    }
    if ((warnings_ & kWarnTruncated) == 0 && !rows_.ends_well()) warnings_ |= kWarnTruncated;
    return {};
  }

  // The sixth pass completes every other row. The rows between them have no pixels of their own before the
  // seventh: they count with the ones above.
  void count_rows(const Pass& pass, std::uint32_t rows) {
    if (&pass == kSixthPass && (warnings_ & kWarnTruncated) == 0) decoded_rows_ = std::min(rows, height_);
  }

  bool read_row_of_pass(const Pass& pass, std::uint32_t pass_width, std::uint32_t y) {
    const std::size_t size = row_bytes(samples_.bits_per_pixel(), pass_width);
    std::uint8_t* const row = packed_row(0);
    if (!rows_.read(size, packed_row(-1), pixel_bytes_, row)) return false;
    samples_.expand(row, pass_width, pass_row_.data());
    const std::size_t channels = samples_.channels();
    std::uint8_t* target = pixels_.data() + y * stride_ + pass.x * channels;
    for (std::uint32_t i = 0; i < pass_width; ++i, target += pass.step_x * channels) {
      std::memcpy(target, pass_row_.data() + i * channels, channels);
    }
    std::memcpy(packed_row(-1), row, size);
    return true;
  }

  // Returns `count` rows, of which the first `usable` were decoded: the others are white.
  RowBatch convert(const PackedRows& rows, std::uint32_t usable, std::uint32_t count) {
    if (samples_.layout() == Layout::kGrey) {
      for (std::uint32_t row = usable; row < count; ++row)
        std::memset(rows.first + row * rows.stride, 255, width_);
      RowBatch batch;
      batch[0] = {rows.first, rows.stride, count};
      return batch;
    }
    halves_chroma_ ? convert_halved(rows, usable, count) : convert_whole(rows, usable, count);
    return planes_.first(count);
  }

  void convert_whole(const PackedRows& rows, std::uint32_t usable, std::uint32_t count) {
    for (std::uint32_t row = 0; row < count; ++row) {
      const YccRow target = planes_.ycc_row(row);
      row < usable ? convert_row(rows.first + row * rows.stride, target) : fill_white(target, width_);
    }
  }

  // Both row counts are even, as the picture's height and kBatchRows are.
  void convert_halved(const PackedRows& rows, std::uint32_t usable, std::uint32_t count) {
    const auto at = [&](std::uint32_t row) { return rows.first + row * rows.stride; };
    const auto convert_rows =
        samples_.layout() == Layout::kRgb ? rgb_rows_to_halved_ycc : rgba_rows_to_halved_ycc;
    for (std::uint32_t row = usable; row < count; ++row)
      std::memset(at(row), 255, samples_.channels() * std::size_t{width_});
    for (std::uint32_t row = 0; row < count; row += 2) {
      convert_rows(
          at(row), at(row + 1), width_,
          {{planes_.row(0, row), planes_.row(0, row + 1)}, planes_.row(1, row / 2), planes_.row(2, row / 2)});
    }
  }

  // Returns how much smaller a plane is than the picture.
  std::uint32_t divisor(std::size_t plane) const { return halves_chroma_ && plane > 0 ? 2 : 1; }

  void convert_row(const std::uint8_t* pixels, YccRow target) const {
    switch (samples_.layout()) {
      case Layout::kIndexed:
        return palette_.convert(pixels, width_, target);
      case Layout::kGrey:
        return;  // rows are delivered unconverted
      case Layout::kGreyAlpha:
        return grey_alpha_to_grey(pixels, width_, target.y);
      case Layout::kRgb:
        return rgb_to_ycc(pixels, width_, target);
      case Layout::kRgba:
        return rgba_to_ycc(pixels, width_, target);
    }
  }

  Rows rows_;
  Samples samples_;
  SourceGeometry geometry_;
  YccPalette palette_;
  PlaneColors colors_;
  Buffer packed_;    // the row above, then kBatchRows rows, packed as in the file, with padding
  Buffer pixels_;    // kBatchRows rows, or all of an interlaced picture, as expanded by Samples
  Buffer pass_row_;  // a row of a pass, interlaced only
  PlaneBatch planes_;
  std::size_t packed_stride_ = 0;
  std::size_t stride_ = 0;  // stride of pixels_
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::size_t pixel_bytes_ = 0;
  std::uint32_t given_ = 0;  // rows delivered
  std::uint32_t decoded_rows_ = 0;
  std::uint32_t warnings_ = 0;
  bool interlaced_ = false;
  bool halves_chroma_ = false;
  bool loaded_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const Header& header, const WantedSize& wanted,
                                               const Limits& limits, PlaneColors colors) {
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  NETOCR_TRY(check_data(header));
  if (header.color_type == 3 && header.palette.empty())
    return Error{ErrorCode::kCorruptImage, 0, "the PNG has no palette"};
  NETOCR_ASSIGN(auto rows, Rows::create(bytes, header));
  NETOCR_ASSIGN(auto source, make_nothrow<Source>(header, wanted, colors, std::move(rows)));
  NETOCR_TRY(source->allocate(limits));
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::png
