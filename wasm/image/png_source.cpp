// libpng behind a RowSource. It sees only the chunks that carry pixels, so that no text or profile can cost
// memory or time.
#include "image/png_source.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include <png.h>

#include "image/codec_guard.hpp"
#include "image/color.hpp"
#include "image/image_info.hpp"
#include "image/png_chunks.hpp"

namespace netocr {
namespace {

constexpr std::uint32_t kBatchRows = 16;
// Deflate makes at most 1032 bytes of one.
constexpr std::uint64_t kMaxDeflateRatio = 1032;
// Bytes that are read beyond the last rows: end codes, check sums, IEND. With the last row libpng unpacks
// whatever else there is, and a file can hold gigabytes of it.
constexpr std::size_t kMaxTail = 64 << 10;

// Pictures of more bytes than this need a byte of data for every so many of them,
// more when all of them have to be kept in memory. Photos have one for 3 at most, drawings and screens for 10
// to 100; the 1032 of deflate are reached by one colour only.
constexpr std::uint64_t kFreeBytes = 64U << 20;
constexpr std::uint64_t kMostFromByte = 256;
constexpr std::uint64_t kMostFromByteInterlaced = 64;

struct Codec {
  explicit Codec(Bytes bytes) : chunks(bytes) {}

  PngPixelChunks chunks;
  Bytes unread;  // of the current chunk
  png_structp png = nullptr;
  png_infop info = nullptr;
  CodecGuard guard{};
  std::size_t position = 0;    // bytes handed to the library
  std::size_t end = SIZE_MAX;  // of what it may have
  bool out_of_memory = false;

  Error error() const {
    if (out_of_memory) return {ErrorCode::kOutOfMemory, 0, "not enough memory to decode the PNG"};
    return {ErrorCode::kCorruptImage, position, "damaged PNG"};
  }
};

[[noreturn]] void on_error(png_structp png, png_const_charp) {
  leave_guarded(static_cast<Codec*>(png_get_error_ptr(png))->guard);
}

void on_warning(png_structp, png_const_charp) {}

png_voidp on_malloc(png_structp png, png_alloc_size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) static_cast<Codec*>(png_get_mem_ptr(png))->out_of_memory = true;
  return memory;
}

void on_free(png_structp, png_voidp memory) { std::free(memory); }

void on_read(png_structp png, png_bytep target, std::size_t count) {
  Codec& codec = *static_cast<Codec*>(png_get_io_ptr(png));
  if (codec.position > codec.end) png_error(png, "more data than pixels");
  while (count > 0) {
    if (codec.unread.empty()) codec.unread = codec.chunks.next();
    if (codec.unread.empty()) png_error(png, "end of file");
    const std::size_t part = std::min(count, codec.unread.size());
    std::memcpy(target, codec.unread.data(), part);
    codec.unread = codec.unread.subspan(part);
    codec.position += part;
    target += part;
    count -= part;
  }
}

// Makes every picture one of: 8-bit palette indices, grey, grey and alpha, RGB, RGBA.
void set_transformations(Codec& codec) {
  png_structp png = codec.png;
  const int color_type = png_get_color_type(png, codec.info);
  if (color_type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
    return;
  }
  if (png_get_bit_depth(png, codec.info) < 8) png_set_expand_gray_1_2_4_to_8(png);
  // Transparent colours are compared at the file's depth, before it is reduced.
  if (png_get_valid(png, codec.info, PNG_INFO_tRNS) != 0) png_set_tRNS_to_alpha(png);
  if (png_get_bit_depth(png, codec.info) == 16) png_set_scale_16(png);
}

void step_open(void* context) {
  Codec& codec = *static_cast<Codec*>(context);
  codec.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &codec, on_error, on_warning, &codec, on_malloc,
                                       on_free);
  if (codec.png == nullptr) leave_guarded(codec.guard);
  codec.info = png_create_info_struct(codec.png);
  if (codec.info == nullptr) leave_guarded(codec.guard);
  png_set_read_fn(codec.png, &codec, on_read);
  // Limits were checked on our own reading of the header.
  png_set_user_limits(codec.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(codec.png, codec.info);
  set_transformations(codec);
  png_set_interlace_handling(codec.png);
  png_read_update_info(codec.png, codec.info);
}

struct ReadStep {
  Codec* codec = nullptr;
  std::uint8_t* rows = nullptr;
  std::size_t stride = 0;
  std::uint32_t count = 0;  // rows wanted
  std::uint32_t left = 0;   // rows from the first one wanted to the picture's end
  std::uint32_t done = 0;   // rows read
  int passes_done = 0;
};

// Before each row. The last of a pass is the last row or the one before it.
void limit_reading(const ReadStep& step, std::uint32_t row) {
  Codec& codec = *step.codec;
  codec.end = step.left - row > 2 ? SIZE_MAX : codec.position + 2 * step.stride + kMaxTail;
}

void step_read_rows(void* context) {
  ReadStep& step = *static_cast<ReadStep*>(context);
  for (; step.done < step.count; ++step.done) {
    limit_reading(step, step.done);
    png_read_row(step.codec->png, step.rows + step.done * step.stride, nullptr);
  }
}

// Each pass fills the whole blocks that its pixels stand for, so that the picture has no holes after the
// first one.
void step_read_passes(void* context) {
  ReadStep& step = *static_cast<ReadStep*>(context);
  for (; step.passes_done < PNG_INTERLACE_ADAM7_PASSES; ++step.passes_done) {
    for (std::uint32_t row = 0; row < step.count; ++row) {
      limit_reading(step, row);
      png_read_row(step.codec->png, nullptr, step.rows + row * step.stride);
    }
  }
}

void step_finish(void* context) { png_read_end(static_cast<Codec*>(context)->png, nullptr); }

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

enum class Layout : std::uint8_t { kIndexed, kGrey, kGreyAlpha, kRgb, kRgba };

class PngSource final : public RowSource {
 public:
  explicit PngSource(Bytes bytes) : codec_(bytes) {}
  ~PngSource() override {
    if (codec_.png != nullptr) png_destroy_read_struct(&codec_.png, &codec_.info, nullptr);
  }

  Status open(const PngHeader& header, const Limits& limits) {
    width_ = header.width;
    height_ = header.height;
    interlaced_ = header.interlaced;
    if (!run_guarded(codec_.guard, step_open, &codec_)) return codec_.error();
    stride_ = png_get_rowbytes(codec_.png, codec_.info);
    if (const Status layout = choose_layout(); !layout.ok()) return layout.error();
    const std::uint8_t plane_count = layout_ == Layout::kGrey || layout_ == Layout::kGreyAlpha ||
                                             (layout_ == Layout::kIndexed && palette_.is_grey())
                                         ? 1
                                         : 3;
    geometry_.plane_count = plane_count;
    for (std::size_t i = 0; i < plane_count; ++i) {
      geometry_.planes[i] = {width_, height_, static_cast<double>(width_), static_cast<double>(height_)};
    }
    return allocate(limits);
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }

  Result<RowBatch> next() override {
    if (interlaced_ && !loaded_) {
      if (const Status loaded = load(); !loaded.ok()) return loaded.error();
    }
    const std::uint32_t count = std::min(kBatchRows, height_ - given_);
    if (count == 0) return RowBatch{};
    std::uint32_t usable = count;
    if (!interlaced_) {
      auto read = read_rows(count);
      if (!read.ok()) return read.error();
      usable = *read;
    }
    const std::uint8_t* rows = pixels_.data() + (interlaced_ ? given_ * stride_ : 0);
    given_ += count;
    return convert(rows, usable, count);
  }

 private:
  Status choose_layout() {
    switch (png_get_color_type(codec_.png, codec_.info)) {
      case PNG_COLOR_TYPE_PALETTE:
        layout_ = Layout::kIndexed;
        return read_palette();
      case PNG_COLOR_TYPE_GRAY:
        layout_ = Layout::kGrey;
        break;
      case PNG_COLOR_TYPE_GRAY_ALPHA:
        layout_ = Layout::kGreyAlpha;
        break;
      case PNG_COLOR_TYPE_RGB:
        layout_ = Layout::kRgb;
        break;
      default:
        layout_ = Layout::kRgba;
        break;
    }
    return {};
  }

  Status read_palette() {
    png_colorp colors = nullptr;
    png_bytep alphas = nullptr;
    int color_count = 0;
    int alpha_count = 0;
    png_get_PLTE(codec_.png, codec_.info, &colors, &color_count);
    png_get_tRNS(codec_.png, codec_.info, &alphas, &alpha_count, nullptr);
    if (color_count == 0) return Error{ErrorCode::kCorruptImage, 0, "the PNG has no palette"};
    for (int i = 0; i < color_count; ++i) {
      const std::uint8_t alpha = i < alpha_count ? alphas[i] : 255;
      palette_.set(static_cast<std::uint8_t>(i), colors[i].red, colors[i].green, colors[i].blue, alpha);
    }
    return {};
  }

  Status allocate(const Limits& limits) {
    const std::uint64_t rows = interlaced_ ? height_ : kBatchRows;
    if (interlaced_ && rows * stride_ > limits.max_decoder_bytes) {
      return Error{ErrorCode::kImageTooLarge, 0, "the interlaced PNG needs more memory than the limit"};
    }
    auto pixels = Buffer::create(static_cast<std::size_t>(rows * stride_));
    if (!pixels.ok()) return pixels.error();
    pixels_ = std::move(pixels).value();
    for (std::size_t i = 0; i < geometry_.plane_count && layout_ != Layout::kGrey; ++i) {
      auto plane = Buffer::create(std::size_t{width_} * kBatchRows);
      if (!plane.ok()) return plane.error();
      planes_[i] = std::move(plane).value();
    }
    return {};
  }

  Status load() {
    loaded_ = true;
    ReadStep step{&codec_, pixels_.data(), stride_, height_, height_};
    if (run_guarded(codec_.guard, step_read_passes, &step)) {
      check_end();
    } else {
      if (codec_.out_of_memory || step.passes_done == 0) return codec_.error();
      warnings_ |= kWarnTruncated;
    }
    return {};
  }

  // Reads up to `count` rows; fewer once the file is found damaged.
  Result<std::uint32_t> read_rows(std::uint32_t count) {
    if ((warnings_ & kWarnTruncated) != 0) return std::uint32_t{0};
    ReadStep step{&codec_, pixels_.data(), stride_, count, height_ - given_};
    if (!run_guarded(codec_.guard, step_read_rows, &step)) {
      if (codec_.out_of_memory || given_ + step.done == 0) return codec_.error();
      warnings_ |= kWarnTruncated;
    } else if (given_ + count == height_) {
      check_end();
    }
    return step.done;
  }

  // All rows are there, but the last checksums may not fit.
  void check_end() {
    codec_.end = codec_.position + kMaxTail;
    if (!run_guarded(codec_.guard, step_finish, &codec_)) warnings_ |= kWarnTruncated;
  }

  RowBatch convert(const std::uint8_t* rows, std::uint32_t usable, std::uint32_t count) {
    RowBatch batch;
    if (layout_ == Layout::kGrey) {
      if (usable < count) std::memset(pixels_.data() + usable * stride_, 255, (count - usable) * stride_);
      batch[0] = {rows, stride_, count};
      return batch;
    }
    for (std::uint32_t row = 0; row < count; ++row) {
      const YccRow target{plane_row(0, row), plane_row(1, row), plane_row(2, row)};
      row < usable ? convert_row(rows + row * stride_, target) : fill_white(target);
    }
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) batch[i] = {planes_[i].data(), width_, count};
    return batch;
  }

  std::uint8_t* plane_row(std::size_t plane, std::uint32_t row) {
    return plane < geometry_.plane_count ? planes_[plane].data() + std::size_t{row} * width_ : nullptr;
  }

  void convert_row(const std::uint8_t* pixels, YccRow target) const {
    switch (layout_) {
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

  Codec codec_;
  SourceGeometry geometry_;
  YccPalette palette_;
  Buffer pixels_;  // kBatchRows rows as the library gives them, or all rows of an interlaced picture
  std::array<Buffer, 3> planes_;
  std::size_t stride_ = 0;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t given_ = 0;  // rows handed out
  std::uint32_t warnings_ = 0;
  Layout layout_ = Layout::kGrey;
  bool interlaced_ = false;
  bool loaded_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_png_source(Bytes bytes, const Limits& limits) {
  auto header = read_png_header(bytes);
  if (!header.ok()) return header.error();
  if (const Status size = check_dimensions(header->width, header->height, limits); !size.ok())
    return size.error();
  if (const Status data = check_data(*header); !data.ok()) return data.error();
  auto* source = new (std::nothrow) PngSource(bytes);
  if (source == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  std::unique_ptr<RowSource> owner(source);
  if (const Status opened = source->open(*header, limits); !opened.ok()) return opened.error();
  return owner;
}

}  // namespace netocr
