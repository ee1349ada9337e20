// Delivers the planes of libjpeg-turbo as they are in the file, before its upsampling and colour conversion.
// YCbCr stays as it is; formats that are converted pixel by pixel (RGB, CMYK, YCCK) are upsampled to one size
// here.
#include "image/jpeg/library/source.hpp"

#include <algorithm>
#include <utility>

#include "image/jpeg/library/codec.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/color.hpp"

namespace netocr::jpeg {
namespace {

// The reduction of a component's planes relative to the picture, as sub / full.
struct Ratio {
  std::uint32_t sub = 1;
  std::uint32_t full = 1;
  std::uint32_t of(std::uint32_t position) const {
    return static_cast<std::uint32_t>(std::uint64_t{position} * sub / full);
  }
};

class LibrarySource final : public RowSource {
 public:
  explicit LibrarySource(bool keeps_inks) : keeps_inks_(keeps_inks) {}

  Status open(File& file, const WantedSize& wanted, const Limits& limits) {
    NETOCR_TRY(codec_.open(file, wanted, limits));
    set_geometry();
    return allocate();
  }

  const SourceGeometry& geometry() const override { return geometry_; }

  std::uint32_t warnings() const override { return codec_.is_damaged() ? kWarnTruncated : 0U; }

  std::uint32_t decoded_rows() const override {
    const std::uint64_t scaled = is_planar() ? rows_per_pass_[0] : pass_rows();
    const std::uint64_t mcu_height = std::uint64_t{picture().max_v} * 8;
    return static_cast<std::uint32_t>((codec_.decoded_rows() * scaled + mcu_height - 1) / mcu_height);
  }

  Result<RowBatch> next() override {
    const std::uint32_t left = codec_.rows_left();
    if (left == 0) {
      codec_.finish();
      return RowBatch{};
    }
    NETOCR_TRY(codec_.read(targets_));
    return is_planar() ? planes_as_they_are() : joined_planes(std::min(left, pass_rows()));
  }

 private:
  const Picture& picture() const { return codec_.picture(); }
  bool is_planar() const { return picture().colors == Colors::kPlanar; }
  bool gives_inks() const { return keeps_inks_ && picture().count == 4; }

  void set_geometry() {
    const double scale = picture().eighths / 8.0;
    geometry_.plane_count = static_cast<std::uint8_t>(is_planar() || gives_inks() ? picture().count : 3);
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      geometry_.planes[i] = is_planar() ? plane_of(picture().components[i])
                                        : PlaneGeometry{picture().scaled_width, picture().scaled_height,
                                                        picture().width * scale, picture().height * scale};
    }
  }

  // The library decodes a subsampled component at up to twice the scale of the others to avoid upsampling, so
  // a 4:2:0 file at 1/2 has full chroma.
  PlaneGeometry plane_of(const PictureComponent& component) const {
    const double scale = component.block / 8.0;
    return {component.width, component.height, picture().width * scale * component.h / picture().max_h,
            picture().height * scale * component.v / picture().max_v};
  }

  // Returns the rows of the picture in one row of MCUs.
  std::uint32_t pass_rows() const { return picture().max_v * picture().min_block; }

  Status allocate() {
    for (std::size_t i = 0; i < picture().count; ++i) {
      const PictureComponent& component = picture().components[i];
      rows_per_pass_[i] = component.v * component.block;
      // The planes have whole blocks, as the library writes beyond the picture's right edge.
      const std::size_t stride = std::size_t{component.blocks_wide} * component.block;
      NETOCR_TRY(allocate_into(planes_[i], stride * rows_per_pass_[i]));
      targets_[i] = {planes_[i].data(), stride};
    }
    if (is_planar()) return {};
    const std::size_t width = picture().scaled_width;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      NETOCR_TRY(allocate_into(joined_[i], width * pass_rows()));
    }
    return allocate_into(pixels_, width * picture().count);
  }

  static Status allocate_into(Buffer& target, std::size_t size) {
    NETOCR_ASSIGN(target, Buffer::create(size));
    return {};
  }

  RowBatch planes_as_they_are() {
    RowBatch batch;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      const std::uint32_t count = std::min(rows_per_pass_[i], geometry_.planes[i].height - rows_given_[i]);
      rows_given_[i] += count;
      batch[i] = {targets_[i].samples, targets_[i].stride, count};
    }
    return batch;
  }

  RowBatch joined_planes(std::uint32_t count) {
    const std::size_t width = picture().scaled_width;
    for (std::uint32_t row = 0; row < count; ++row) {
      for (std::size_t i = 0; i < picture().count; ++i) join_row(i, row);
      if (picture().colors == Colors::kYcck) ycck_to_cmyk(pixels_.data(), width);
      convert_row(row * width, width);
    }
    RowBatch batch;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) batch[i] = {joined_[i].data(), width, count};
    return batch;
  }

  // Converts pixels_ to the samples of the joined planes that start `at` there.
  void convert_row(std::size_t at, std::size_t width) {
    if (gives_inks()) {
      for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t x = 0; x < width; ++x) joined_[i][at + x] = pixels_[4 * x + i];
      }
      return;
    }
    const auto convert = picture().colors == Colors::kRgb ? rgb_to_ycc : inverted_cmyk_to_ycc;
    convert(pixels_.data(), width, {joined_[0].data() + at, joined_[1].data() + at, joined_[2].data() + at});
  }

  // Copies a component's samples of one row of the picture into pixels_ and repeats each by the subsampling
  // factor. All sampling factors work, also 2 of 3.
  void join_row(std::size_t index, std::uint32_t row) {
    const PictureComponent& component = picture().components[index];
    const Ratio down{component.v * component.block, pass_rows()};
    const Ratio across{component.h * component.block, picture().max_h * picture().min_block};
    const std::uint8_t* samples = targets_[index].samples + down.of(row) * targets_[index].stride;
    std::uint8_t* pixel = pixels_.data() + index;
    for (std::uint32_t x = 0; x < picture().scaled_width; ++x, pixel += picture().count)
      *pixel = samples[across.of(x)];
  }

  Codec codec_;
  SourceGeometry geometry_;
  std::array<Buffer, kMaxComponents> planes_;  // one row of MCUs of each component
  std::array<PlaneTarget, kMaxComponents> targets_{};
  std::array<std::uint32_t, kMaxComponents> rows_per_pass_{};
  std::array<std::uint32_t, kMaxComponents> rows_given_{};
  // For RGB, CMYK and YCCK: the same rows after conversion, or the inks at full size.
  std::array<Buffer, kMaxPlanes> joined_;
  bool keeps_inks_;
  Buffer pixels_;  // one row of pixels before conversion
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_library_source(File& file, const WantedSize& wanted,
                                                       const Limits& limits, bool keeps_inks) {
  NETOCR_TRY(check_variant(file.header()));
  NETOCR_TRY(check_dimensions(file.header().width, file.header().height, limits));
  NETOCR_ASSIGN(auto source, make_nothrow<LibrarySource>(keeps_inks));
  NETOCR_TRY(source->open(file, wanted, limits));
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::jpeg
