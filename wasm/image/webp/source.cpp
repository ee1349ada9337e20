// Presents libwebp as a RowSource. It uses the incremental decoder because that keeps the rows decoded before
// the data ends or turns out to be damaged.
#include "image/webp/source.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include <webp/decode.h>

#include "image/meta/image_info.hpp"
#include "image/pixel/plane_batch.hpp"

namespace netocr::webp {
namespace {

// A blank lossy picture has about 1,300 pixels per byte. Every file may use kFreeMemory; more must be in
// proportion to its bytes.
constexpr std::uint64_t kFreeMemory = 48U << 20;
constexpr std::uint64_t kFreePixels = 16'000'000;
constexpr std::uint64_t kPixelsPerByte = 2048;

// Returns the library's memory per pixel: for VP8 its 4:2:0 planes and alpha, for VP8L its picture and our
// copy.
std::uint64_t bytes_per_pixel(const Header& header) {
  if (header.lossless) return 8;
  return header.has_alpha ? 6 : 2;
}

Status check_cost(const Header& header, std::size_t bytes, const Limits& limits) {
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  const std::uint64_t canvas = std::uint64_t{header.width} * header.height;
  const std::uint64_t pixels = std::uint64_t{header.frame_width} * header.frame_height;
  const std::uint64_t memory = pixels * bytes_per_pixel(header);
  if (memory > limits.max_decoder_bytes) {
    return Error{ErrorCode::kImageTooLarge, 0, "the WebP picture needs more memory than the limit"};
  }
  if ((memory > kFreeMemory || canvas > kFreePixels) && canvas / kPixelsPerByte > bytes) {
    return Error{ErrorCode::kCorruptImage, 0, "WebP file is too short for its dimensions"};
  }
  return {};
}

// VP8 has the studio range of BT.601 (16..235, 16..240), JFIF the full range 0..255.
struct RangeTables {
  std::array<std::uint8_t, 256> luma{};
  std::array<std::uint8_t, 256> chroma{};
};
constexpr RangeTables make_range_tables() {
  RangeTables tables;
  for (int i = 0; i < 256; ++i) {
    // The division rounds to nearest; the additions keep the dividends positive.
    const int luma = ((i - 16) * 255 * 2 + 219 + 219 * 100) / (219 * 2) - 50;
    const int chroma = ((i - 128) * 255 * 2 + 224 + 224 * 512) / (224 * 2) - 256 + 128;
    tables.luma[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::clamp(luma, 0, 255));
    tables.chroma[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(std::clamp(chroma, 0, 255));
  }
  return tables;
}
constexpr RangeTables kFullRange = make_range_tables();
static_assert(kFullRange.luma[16] == 0 && kFullRange.luma[235] == 255 && kFullRange.chroma[128] == 128);
static_assert(kFullRange.chroma[16] == 1 && kFullRange.chroma[240] == 255);

std::uint8_t mixed(int value, int white, int alpha) {
  return static_cast<std::uint8_t>((value * alpha + white * (255 - alpha) + 127) / 255);
}

struct DecoderDeleter {
  void operator()(WebPIDecoder* decoder) const { WebPIDelete(decoder); }
};

// The rows that the library has decoded so far.
struct Decoded {
  int rows = 0;
  int width = 0;
  int height = 0;
  const std::uint8_t* pixels = nullptr;  // RGB, RGBA or luma
  int stride = 0;
  std::uint8_t* u = nullptr;
  std::uint8_t* v = nullptr;
  std::uint8_t* alpha = nullptr;
  int chroma_stride = 0;
  int alpha_stride = 0;
};

// The library reports some failed allocations as a damaged file. They are small: if they fail, this
// allocation fails too.
constexpr std::size_t kSmallAllocations = 1U << 20;
bool is_out_of_memory(VP8StatusCode status) {
  return status == VP8_STATUS_OUT_OF_MEMORY || !Buffer::create(kSmallAllocations).ok();
}

Error error_of(VP8StatusCode status) {
  if (is_out_of_memory(status)) {
    return {ErrorCode::kOutOfMemory, 0, "not enough memory to decode the WebP picture"};
  }
  if (status == VP8_STATUS_SUSPENDED || status == VP8_STATUS_NOT_ENOUGH_DATA) {
    return {ErrorCode::kCorruptImage, 0, "the WebP file ends before its first rows"};
  }
  return {ErrorCode::kCorruptImage, 0, "damaged WebP"};
}

class Source final : public RowSource {
 public:
  Source(const Header& header, PlaneColors colors) : header_(header), colors_(colors) {}
  ~Source() override {
    decoder_.reset();
    WebPFreeDecBuffer(&config_.output);
  }

  Status open() {
    if (!header_.complete) warnings_ |= kWarnTruncated;
    if (WebPInitDecoderConfig(&config_) == 0)
      return Error{ErrorCode::kInternal, 0, "libwebp of another version"};
    config_.output.colorspace = header_.lossless ? (header_.has_alpha ? MODE_RGBA : MODE_RGB)
                                                 : (header_.has_alpha ? MODE_YUVA : MODE_YUV);
    geometry_.plane_count = 3;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::uint32_t half = is_subsampled(i) ? 2 : 1;
      geometry_.planes[i] = {(header_.width + half - 1) / half, (header_.height + half - 1) / half,
                             static_cast<double>(header_.width) / half,
                             static_cast<double>(header_.height) / half};
    }
    return planes_.allocate(geometry_, colors_);
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }

  // The canvas around the picture is blank; it counts as decoded once the picture is.
  std::uint32_t decoded_rows() const override {
    const auto rows = static_cast<std::uint32_t>(decoded_.rows);
    if (rows == header_.frame_height) return header_.height;
    if (rows == 0) return 0;
    return header_.frame_y + (header_.lossless ? rows : 2 * complete_chroma_rows());
  }

  Result<RowBatch> next() override {
    if (!decoder_) {
      NETOCR_TRY(load());
    }
    const std::uint32_t count = std::min(kBatchRows, header_.height - given_);
    if (count == 0) return RowBatch{};
    const RowBatch batch = planes_.first(count);
    const int neutral = colors_ == PlaneColors::kRgb ? 255 : 128;
    for (std::size_t i = 0; i < 3; ++i)
      std::memset(planes_.row(i, 0), i == 0 ? 255 : neutral, batch[i].stride * batch[i].count);
    for (std::uint32_t row = 0; row < count; ++row) header_.lossless ? put_rgb(row) : put_luma(row);
    for (std::uint32_t row = 0; row < batch[1].count && !header_.lossless; ++row) put_chroma(row);
    given_ += count;
    return batch;
  }

 private:
  bool is_subsampled(std::size_t plane) const { return plane > 0 && !header_.lossless; }

  Status load() {
    decoder_.reset(WebPINewDecoder(&config_.output));
    if (!decoder_) return error_of(VP8_STATUS_OUT_OF_MEMORY);
    const VP8StatusCode status = WebPIUpdate(decoder_.get(), header_.picture.data(), header_.picture.size());
    if (status == VP8_STATUS_OUT_OF_MEMORY) return error_of(status);
    find_rows();
    const bool is_right = decoded_.pixels != nullptr &&
                          decoded_.width == static_cast<int>(header_.frame_width) &&
                          decoded_.height == static_cast<int>(header_.frame_height);
    if (!is_right || decoded_.rows <= 0) return error_of(status);
    if (status != VP8_STATUS_OK) warnings_ |= kWarnTruncated;
    return {};
  }

  void find_rows() {
    Decoded& d = decoded_;
    if (header_.lossless) {
      d.pixels = WebPIDecGetRGB(decoder_.get(), &d.rows, &d.width, &d.height, &d.stride);
    } else {
      d.pixels = WebPIDecGetYUVA(decoder_.get(), &d.rows, &d.u, &d.v, &d.alpha, &d.width, &d.height,
                                 &d.stride, &d.chroma_stride, &d.alpha_stride);
    }
  }

  // Returns the picture's row under a row of the batch; -1 when there is none.
  std::int64_t picture_row(std::uint32_t row) const {
    const std::int64_t own = std::int64_t{given_} + row - header_.frame_y;
    return own >= 0 && own < decoded_.rows ? own : -1;
  }

  std::uint8_t* target(std::size_t plane, std::uint32_t row) {
    const std::uint32_t x = is_subsampled(plane) ? header_.frame_x / 2 : header_.frame_x;
    return planes_.row(plane, row) + x;
  }

  void put_rgb(std::uint32_t row) {
    const std::int64_t own = picture_row(row);
    if (own < 0) return;
    const std::uint8_t* pixels = decoded_.pixels + own * decoded_.stride;
    const YccRow ycc{target(0, row), target(1, row), target(2, row), colors_};
    header_.has_alpha ? rgba_to_ycc(pixels, header_.frame_width, ycc)
                      : rgb_to_ycc(pixels, header_.frame_width, ycc);
  }

  void put_luma(std::uint32_t row) {
    const std::int64_t own = picture_row(row);
    if (own < 0) return;
    const std::uint8_t* luma = decoded_.pixels + own * decoded_.stride;
    const std::uint8_t* alpha =
        decoded_.alpha == nullptr ? nullptr : decoded_.alpha + own * decoded_.alpha_stride;
    std::uint8_t* out = target(0, row);
    for (std::uint32_t x = 0; x < header_.frame_width; ++x) out[x] = kFullRange.luma[luma[x]];
    if (alpha == nullptr) return;
    for (std::uint32_t x = 0; x < header_.frame_width; ++x) out[x] = mixed(out[x], 255, alpha[x]);
  }

  // Only the last chroma row of a picture of odd height may cover a single luma row.
  std::uint32_t complete_chroma_rows() const {
    const auto rows = static_cast<std::uint32_t>(decoded_.rows);
    return rows == header_.frame_height ? (rows + 1) / 2 : rows / 2;
  }

  void put_chroma(std::uint32_t row) {
    const std::int64_t own = std::int64_t{given_ / 2} + row - header_.frame_y / 2;
    if (own < 0 || own >= complete_chroma_rows()) return;
    const std::uint32_t width = (header_.frame_width + 1) / 2;
    const std::uint8_t* sources[] = {decoded_.u + own * decoded_.chroma_stride,
                                     decoded_.v + own * decoded_.chroma_stride};
    for (std::size_t plane = 1; plane < 3; ++plane) {
      std::uint8_t* out = target(plane, row);
      for (std::uint32_t x = 0; x < width; ++x) out[x] = kFullRange.chroma[sources[plane - 1][x]];
      if (decoded_.alpha == nullptr) continue;
      for (std::uint32_t x = 0; x < width; ++x) out[x] = mixed(out[x], 128, chroma_alpha(x, own));
    }
  }

  // Returns the mean of the alpha under a chroma sample.
  int chroma_alpha(std::uint32_t x, std::int64_t row) const {
    const std::uint32_t right = std::min(2 * x + 1, header_.frame_width - 1);
    const std::int64_t below = std::min<std::int64_t>(2 * row + 1, decoded_.rows - 1);
    const std::uint8_t* first = decoded_.alpha + 2 * row * decoded_.alpha_stride;
    const std::uint8_t* second = decoded_.alpha + below * decoded_.alpha_stride;
    return (first[2 * x] + first[right] + second[2 * x] + second[right] + 2) / 4;
  }

  Header header_;
  PlaneColors colors_;
  SourceGeometry geometry_{};
  WebPDecoderConfig config_{};
  std::unique_ptr<WebPIDecoder, DecoderDeleter> decoder_;
  Decoded decoded_;
  PlaneBatch planes_;
  std::uint32_t given_ = 0;  // rows delivered
  std::uint32_t warnings_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(const Header& header, std::size_t file_bytes,
                                               const Limits& limits, PlaneColors colors) {
  NETOCR_TRY(check_cost(header, file_bytes, limits));
  NETOCR_ASSIGN(auto source, make_nothrow<Source>(header, colors));
  NETOCR_TRY(source->open());
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::webp
