// Our own inflate and filters behind a RowSource. It sees only the chunks that carry pixels, so that no text
// or profile can cost memory or time.
#include "image/png_source.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "image/color.hpp"
#include "image/image_info.hpp"
#include "image/inflate.hpp"
#include "image/png_chunks.hpp"
#include "image/png_filter.hpp"
#include "image/png_samples.hpp"

namespace netocr {
namespace {

constexpr std::uint32_t kBatchRows = 16;
// Deflate makes at most 1032 bytes of one.
constexpr std::uint64_t kMaxDeflateRatio = 1032;
// Bytes of pixels that there may be behind the last row. A file can hold gigabytes of them.
constexpr std::size_t kMaxTail = 64 << 10;

// Pictures of more bytes than this need a byte of data for every so many of them,
// more when all of them have to be kept in memory. Photos have one for 3 at most, drawings and screens for 10
// to 100; the 1032 of deflate are reached by one colour only.
constexpr std::uint64_t kFreeBytes = 64U << 20;
constexpr std::uint64_t kMostFromByte = 256;
constexpr std::uint64_t kMostFromByteInterlaced = 64;

// Bytes of pixels at the file's own depth, without filter bytes.
std::uint64_t bytes_of(const PngHeader& header, std::uint64_t pixels) {
  constexpr std::uint8_t kChannels[] = {1, 1, 3, 1, 2, 1, 4};
  return pixels * kChannels[header.color_type] * header.bit_depth / 8;
}

// Memory and time are not taken for a picture that cannot be there.
Status check_data(const PngHeader& header) {
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  // Interlaced pixels are kept unpacked, in a byte at least.
  const std::uint64_t all =
      header.interlaced ? std::max(pixels, bytes_of(header, pixels)) : bytes_of(header, pixels);
  const std::uint64_t most =
      header.data_bytes * (header.interlaced ? kMostFromByteInterlaced : kMostFromByte);
  if (all > kFreeBytes && most < all) {
    return Error{
        ErrorCode::kCorruptImage, 0,
        "the PNG has over 64 MiB of pixels, but less than a byte of data for 256 of them (64 when it is "
        "interlaced): no photo is coded in so little"};
  }
  // Every eighth pixel of every eighth row.
  const std::uint64_t first_pass =
      bytes_of(header, ((std::uint64_t{header.width} + 7) / 8) * ((std::uint64_t{header.height} + 7) / 8));
  if (header.interlaced && header.data_bytes * kMaxDeflateRatio < first_pass)
    return Error{ErrorCode::kCorruptImage, 0, "the PNG ends in its first pass"};
  return {};
}

// The rows of the file, unpacked and unfiltered.
class PngRows {
 public:
  static Result<PngRows> create(std::unique_ptr<PngData> data, std::size_t longest) {
    auto inflater = Inflater::create(*data, longest + 1);
    if (!inflater) return inflater.error();
    return PngRows(std::move(data), std::move(*inflater));
  }

  // The next row of `size` bytes (undo_png_filter has the shapes). False when there is none: the file is cut
  // off or damaged, and stays so.
  bool read(std::size_t size, const std::uint8_t* above, std::size_t pixel_bytes, std::uint8_t* row) {
    const Bytes bytes = inflater_.need(size + 1);
    if (bytes.size() <= size || bytes[0] >= kPngFilterCount) return false;
    undo_png_filter(static_cast<PngFilter>(bytes[0]), bytes.data() + 1, above, size, pixel_bytes, row);
    inflater_.take(size + 1);
    return true;
  }

  // Behind the last row: whether the file ends as it should.
  bool ends_well() {
    if (inflater_.need(kMaxTail + 1).size() > kMaxTail) return false;
    return inflater_.state() == Inflater::State::kEnded && data_->is_whole();
  }

  // Where the data was last read, in the file.
  std::size_t position() const { return data_->position(); }

 private:
  PngRows(std::unique_ptr<PngData> data, Inflater inflater)
      : data_(std::move(data)), inflater_(std::move(inflater)) {}

  std::unique_ptr<PngData> data_;  // which the inflater reads
  Inflater inflater_;
};

// Adam7 (PNG specification, 8.2): the pixels of a pass, by the first of them and their distances.
struct Pass {
  std::uint32_t x, y, step_x, step_y;

  std::uint32_t width_of(std::uint32_t width) const { return width > x ? (width - x - 1) / step_x + 1 : 0; }
};
constexpr Pass kPasses[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                            {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

// A pixel that did not come gets the value of its neighbour to the left, or above, in the grid of the passes
// before.
void fill_row_of_pass(const Pass& pass, std::uint8_t* pixels, std::size_t stride, std::uint32_t width,
                      std::uint32_t y, std::size_t channels) {
  const std::size_t back = pass.x != 0 ? pass.x * channels : pass.y * stride;
  for (std::size_t x = pass.x; x < width; x += pass.step_x) {
    std::uint8_t* const pixel = pixels + y * stride + x * channels;
    std::memcpy(pixel, pixel - back, channels);
  }
}

using Layout = PngSamples::Layout;

class PngSource final : public RowSource {
 public:
  PngSource(const PngHeader& header, const WantedSize& wanted, PngRows rows)
      : rows_(std::move(rows)),
        samples_(header),
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

  static std::size_t packed_bytes(const PngSamples& samples, std::uint32_t width) {
    return static_cast<std::size_t>((std::uint64_t{width} * samples.bits_per_pixel() + 7) / 8);
  }

  Status allocate(const Limits& limits) {
    stride_ = std::size_t{width_} * samples_.channels();
    if (interlaced_ && std::uint64_t{height_} * stride_ > limits.max_decoder_bytes) {
      return Error{ErrorCode::kImageTooLarge, 0, "the interlaced PNG needs more memory than the limit"};
    }
    packed_stride_ = packed_bytes(samples_, width_) + kPngRowPadding;
    auto packed = Buffer::create_zeroed(packed_stride_ * (1 + kBatchRows));
    auto pixels = Buffer::create(interlaced_            ? stride_ * height_
                                 : samples_.are_plain() ? 0
                                                        : stride_ * kBatchRows);
    auto pass_row = Buffer::create(interlaced_ ? stride_ : 0);
    if (!packed || !pixels || !pass_row)
      return Error{ErrorCode::kOutOfMemory, 0, "not enough memory to decode the PNG"};
    packed_ = std::move(*packed);
    pixels_ = std::move(*pixels);
    pass_row_ = std::move(*pass_row);
    for (std::size_t i = 0; i < geometry_.plane_count && samples_.layout() != Layout::kGrey; ++i) {
      auto plane = Buffer::create(std::size_t{geometry_.planes[i].width} * kBatchRows);
      if (!plane) return plane.error();
      planes_[i] = std::move(*plane);
    }
    return {};
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }

  Result<RowBatch> next() override {
    if (interlaced_ && !loaded_) {
      if (const Status loaded = load(); !loaded.ok()) return loaded.error();
    }
    const std::uint32_t count = std::min(kBatchRows, height_ - given_);
    if (count == 0) return RowBatch{};
    const std::uint32_t usable = interlaced_ ? count : read_rows(count);
    if (given_ + usable == 0) return damage();
    Rows rows{packed_row(0), packed_stride_};
    if (!samples_.are_plain()) rows = {pixels_.data(), stride_};
    if (interlaced_) rows = {pixels_.data() + given_ * stride_, stride_};
    given_ += count;
    return convert(rows, usable, count);
  }

 private:
  struct Rows {
    std::uint8_t* first;
    std::size_t stride;
  };

  Error damage() const { return {ErrorCode::kCorruptImage, rows_.position(), "damaged PNG"}; }

  // Row `index` of the batch, -1 for the row above.
  std::uint8_t* packed_row(std::int64_t index) {
    return packed_.data() + static_cast<std::size_t>(index + 1) * packed_stride_;
  }

  // Reads up to `count` rows; fewer once the file is found damaged.
  std::uint32_t read_rows(std::uint32_t count) {
    if ((warnings_ & kWarnTruncated) != 0) return 0;
    const std::size_t size = packed_bytes(samples_, width_);
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

  // All passes; what did not come is filled, so that the picture has no holes after the first one.
  Status load() {
    loaded_ = true;
    for (const Pass& pass : kPasses) {
      const std::uint32_t pass_width = pass.width_of(width_);
      if (pass_width == 0) continue;
      std::memset(packed_row(-1), 0, packed_stride_);
      for (std::uint32_t y = pass.y; y < height_; y += pass.step_y) {
        if ((warnings_ & kWarnTruncated) == 0 && !read_row_of_pass(pass, pass_width, y)) {
          if (&pass == kPasses) return damage();
          warnings_ |= kWarnTruncated;
        }
        if ((warnings_ & kWarnTruncated) != 0)
          fill_row_of_pass(pass, pixels_.data(), stride_, width_, y, samples_.channels());
      }
    }
    if ((warnings_ & kWarnTruncated) == 0 && !rows_.ends_well()) warnings_ |= kWarnTruncated;
    return {};
  }

  bool read_row_of_pass(const Pass& pass, std::uint32_t pass_width, std::uint32_t y) {
    const std::size_t size = packed_bytes(samples_, pass_width);
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

  // `count` rows, of which the first `usable` are there: the others are white.
  RowBatch convert(const Rows& rows, std::uint32_t usable, std::uint32_t count) {
    RowBatch batch;
    if (samples_.layout() == Layout::kGrey) {
      for (std::uint32_t row = usable; row < count; ++row)
        std::memset(rows.first + row * rows.stride, 255, width_);
      batch[0] = {rows.first, rows.stride, count};
      return batch;
    }
    halves_chroma_ ? convert_halved(rows, usable, count) : convert_whole(rows, usable, count);
    for (std::size_t i = 0; i < geometry_.plane_count; ++i)
      batch[i] = {planes_[i].data(), geometry_.planes[i].width, count / divisor(i)};
    return batch;
  }

  void convert_whole(const Rows& rows, std::uint32_t usable, std::uint32_t count) {
    for (std::uint32_t row = 0; row < count; ++row) {
      const YccRow target{plane_row(0, row), plane_row(1, row), plane_row(2, row)};
      row < usable ? convert_row(rows.first + row * rows.stride, target) : fill_white(target);
    }
  }

  // Both counts of rows are even: so are the picture's height and kBatchRows.
  void convert_halved(const Rows& rows, std::uint32_t usable, std::uint32_t count) {
    const auto at = [&](std::uint32_t row) { return rows.first + row * rows.stride; };
    const auto convert_rows =
        samples_.layout() == Layout::kRgb ? rgb_rows_to_halved_ycc : rgba_rows_to_halved_ycc;
    for (std::uint32_t row = usable; row < count; ++row)
      std::memset(at(row), 255, samples_.channels() * std::size_t{width_});
    for (std::uint32_t row = 0; row < count; row += 2) {
      convert_rows(
          at(row), at(row + 1), width_,
          {{plane_row(0, row), plane_row(0, row + 1)}, plane_row(1, row / 2), plane_row(2, row / 2)});
    }
  }

  // How much smaller a plane is than the picture.
  std::uint32_t divisor(std::size_t plane) const { return halves_chroma_ && plane > 0 ? 2 : 1; }

  std::uint8_t* plane_row(std::size_t plane, std::uint32_t row) {
    return plane < geometry_.plane_count
               ? planes_[plane].data() + std::size_t{row} * geometry_.planes[plane].width
               : nullptr;
  }

  void convert_row(const std::uint8_t* pixels, YccRow target) const {
    switch (samples_.layout()) {
      case Layout::kIndexed:
        return palette_.convert(pixels, width_, target);
      case Layout::kGrey:
        return;  // handed out as it is
      case Layout::kGreyAlpha:
        return grey_alpha_to_grey(pixels, width_, target.y);
      case Layout::kRgb:
        return rgb_to_ycc(pixels, width_, target);
      case Layout::kRgba:
        return rgba_to_ycc(pixels, width_, target);
    }
  }

  void fill_white(YccRow target) const {
    std::memset(target.y, 255, width_);
    if (target.cb != nullptr) std::memset(target.cb, 128, width_);
    if (target.cr != nullptr) std::memset(target.cr, 128, width_);
  }

  PngRows rows_;
  PngSamples samples_;
  SourceGeometry geometry_;
  YccPalette palette_;
  Buffer packed_;    // the row above, then kBatchRows rows, as the file has them, with padding
  Buffer pixels_;    // kBatchRows rows, or all of an interlaced picture, of what PngSamples makes of them
  Buffer pass_row_;  // a row of a pass, interlaced only
  std::array<Buffer, 3> planes_;
  std::size_t packed_stride_ = 0;
  std::size_t stride_ = 0;  // of pixels_
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::size_t pixel_bytes_ = 0;
  std::uint32_t given_ = 0;  // rows handed out
  std::uint32_t warnings_ = 0;
  bool interlaced_ = false;
  bool halves_chroma_ = false;
  bool loaded_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_png_source(Bytes bytes, const WantedSize& wanted,
                                                   const Limits& limits) {
  auto header = read_png_header(bytes);
  if (!header.ok()) return header.error();
  if (const Status size = check_dimensions(header->width, header->height, limits); !size.ok())
    return size.error();
  if (const Status data = check_data(*header); !data.ok()) return data.error();
  if (header->color_type == 3 && header->palette.empty())
    return Error{ErrorCode::kCorruptImage, 0, "the PNG has no palette"};
  std::unique_ptr<PngData> pieces(new (std::nothrow) PngData(bytes));
  if (pieces == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  auto rows = PngRows::create(std::move(pieces), PngSource::packed_bytes(PngSamples(*header), header->width));
  if (!rows) return rows.error();
  std::unique_ptr<PngSource> source(new (std::nothrow) PngSource(*header, wanted, std::move(*rows)));
  if (source == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  if (const Status allocated = source->allocate(limits); !allocated.ok()) return allocated.error();
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr
