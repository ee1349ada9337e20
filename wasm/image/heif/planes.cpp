// Crops sixteen rows at a time out of the canvas and converts them.
#include "image/heif/planes.hpp"

#include <algorithm>
#include <cstring>

#include "image/heif/color_conversion.hpp"
#include "image/heif/open.hpp"
#include "image/pixel/plane_batch.hpp"

namespace netocr::heif {
namespace {

// One component of chroma in the canvas.
struct Chroma {
  const std::uint8_t* samples = nullptr;
  std::size_t stride = 0, step = 1;  // bytes from row to row, and from sample to sample
  std::size_t width = 0, height = 0;
};

Chroma chroma_of(Bytes canvas, const CanvasLayout& layout, ChromaOrder order, bool is_second) {
  const bool is_interleaved = order == ChromaOrder::kInterleaved;
  const std::size_t second_at = is_interleaved ? layout.chroma + 1 : layout.second_chroma;
  const std::size_t step = is_interleaved ? 2 : 1;
  return {canvas.data() + (is_second ? second_at : layout.chroma), step * layout.chroma_width, step,
          layout.chroma_width, layout.chroma_height};
}

// The start of chroma. In a picture that is cropped at an odd sample it lies half-way between two chroma
// samples.
struct ChromaStart {
  std::size_t at = 0;    // index of the first sample
  std::size_t next = 0;  // distance to the second sample: 0 or 1
};
ChromaStart chroma_start(std::uint32_t luma) { return {luma / 2, luma % 2}; }

void copy_chroma_row(const Chroma& from, ChromaStart x, std::size_t y, std::size_t y_next, std::uint8_t* to,
                     std::size_t width) {
  const std::uint8_t* const upper = from.samples + y * from.stride;
  if (x.next == 0 && y_next == 0) {
    for (std::size_t i = 0; i < width; ++i) to[i] = upper[(x.at + i) * from.step];
    return;
  }
  const std::uint8_t* const lower = from.samples + std::min(y + y_next, from.height - 1) * from.stride;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t left = (x.at + i) * from.step;
    const std::size_t right = std::min(x.at + i + x.next, from.width - 1) * from.step;
    to[i] = static_cast<std::uint8_t>((upper[left] + upper[right] + lower[left] + lower[right] + 2) >> 2);
  }
}

SourceGeometry geometry_of(const Rectangle& shown, std::uint8_t chroma_location) {
  // Half a luma sample is a quarter of a chroma sample.
  constexpr double kShiftX[] = {0.25, 0, 0.25, 0, 0.25, 0};
  constexpr double kShiftY[] = {0, 0, 0.25, 0.25, -0.25, -0.25};
  SourceGeometry geometry = full_size_planes(3, shown.width, shown.height);
  for (std::size_t i = 1; i < 3; ++i) {
    geometry.planes[i] = {(shown.width + 1) / 2, (shown.height + 1) / 2, shown.width / 2.0,
                          shown.height / 2.0};
  }
  geometry.chroma_shift_x = kShiftX[chroma_location];
  geometry.chroma_shift_y = kShiftY[chroma_location];
  return geometry;
}

class PlanesSource final : public RowSource {
 public:
  PlanesSource(Bytes canvas, const CanvasLayout& layout, ChromaOrder order, const CodedPicture& picture)
      : luma_(canvas.data()),
        luma_stride_(layout.width),
        chroma_{chroma_of(canvas, layout, order, false), chroma_of(canvas, layout, order, true)},
        shown_(picture.shown),
        conversion_(color_conversion_of(picture.parameters.coding)),
        geometry_(geometry_of(picture.shown, picture.parameters.coding.chroma_location)) {}

  Status prepare() { return batch_.allocate(geometry_); }

  const SourceGeometry& geometry() const override { return geometry_; }

  Result<RowBatch> next() override {
    const std::uint32_t count = std::min(kBatchRows, shown_.height - row_);
    for (std::uint32_t i = 0; i < count; i += 2) fill_pair(i, count - i > 1);
    row_ += count;
    return batch_.first(count);
  }

 private:
  void fill_pair(std::uint32_t index, bool has_lower) {
    std::uint8_t* const upper = batch_.row(0, index);
    std::uint8_t* const lower = has_lower ? batch_.row(0, index + 1) : nullptr;
    copy_luma(row_ + index, upper);
    if (has_lower) copy_luma(row_ + index + 1, lower);
    std::uint8_t* const chroma[2] = {batch_.row(1, index / 2), batch_.row(2, index / 2)};
    const ChromaStart x = chroma_start(shown_.x);
    const ChromaStart y = chroma_start(shown_.y);
    for (std::size_t i = 0; i < 2; ++i) {
      copy_chroma_row(chroma_[i], x, y.at + (row_ + index) / 2, y.next, chroma[i], geometry_.planes[1].width);
    }
    if (!conversion_.is_none()) convert_color(conversion_, upper, lower, chroma[0], chroma[1], shown_.width);
  }
  void copy_luma(std::uint32_t y, std::uint8_t* to) const {
    std::memcpy(to, luma_ + (std::size_t{shown_.y} + y) * luma_stride_ + shown_.x, shown_.width);
  }

  const std::uint8_t* luma_;
  std::size_t luma_stride_;
  Chroma chroma_[2];
  Rectangle shown_;
  ColorConversion conversion_;
  SourceGeometry geometry_;
  PlaneBatch batch_;
  std::uint32_t row_ = 0;
};

class DecodedImage final : public HeifImage {
 public:
  DecodedImage(CodedPicture&& picture, Bytes samples, const CanvasLayout& layout, ChromaOrder order)
      : HeifImage(picture.header, true),
        picture_(std::move(picture)),
        samples_(samples),
        layout_(layout),
        order_(order) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override {
    NETOCR_ASSIGN(auto source, make_nothrow<PlanesSource>(samples_, layout_, order_, picture_));
    NETOCR_TRY(source->prepare());
    return std::unique_ptr<RowSource>(std::move(source));
  }

 private:
  CodedPicture picture_;
  Bytes samples_;
  CanvasLayout layout_;
  ChromaOrder order_;
};

}  // namespace

Result<CanvasLayout> layout_of(CanvasSize canvas) {
  const std::uint64_t chroma_width = (canvas.width + 1) / 2;
  const std::uint64_t chroma_height = (canvas.height + 1) / 2;
  NETOCR_ASSIGN(const std::size_t luma, checked_product(canvas.width, canvas.height + 1));
  NETOCR_ASSIGN(const std::size_t chroma, checked_product(chroma_width, chroma_height + 1));
  const std::uint64_t size = std::uint64_t{luma} + 2 * std::uint64_t{chroma};
  if (size > kMaxBlock) return Error{ErrorCode::kImageTooLarge, 0, "a picture is larger than memory can be"};
  return CanvasLayout{static_cast<std::size_t>(canvas.width),
                      static_cast<std::size_t>(canvas.height),
                      static_cast<std::size_t>(chroma_width),
                      static_cast<std::size_t>(chroma_height),
                      luma,
                      luma + chroma,
                      static_cast<std::size_t>(size)};
}

Result<std::unique_ptr<OpenImage>> open_decoded(Bytes file, Bytes samples, ChromaOrder order,
                                                const Limits& limits) {
  NETOCR_ASSIGN(auto picture, read_coded_picture(file, limits));
  const Size canvas = picture.canvas();
  NETOCR_ASSIGN(const auto layout, layout_of({canvas.width, canvas.height}));
  if (samples.size() != layout.size)
    return Error{ErrorCode::kInvalidArgument, 0, "the samples are not those of the picture"};
  NETOCR_ASSIGN(auto image, make_open_image<DecodedImage>(std::move(picture), samples, layout, order));
  image->complete(ImageFormat::kHeic, false);
  return image;
}

}  // namespace netocr::heif
