// Unfilters and unpacks the rows, blends them over white and writes each pixel to its place in the upright
// picture, also for the passes of an interlaced file.
#include "image/png/picture.hpp"

#include <algorithm>
#include <cstring>

#include "image/pixel/color.hpp"
#include "image/png/filter.hpp"
#include "image/png/rows.hpp"
#include "image/png/samples.hpp"

namespace netocr::png {
namespace {

using Form = Picture::Form;
using Layout = Samples::Layout;

Form form_of(const Header& header) {
  if (header.color_type == 3) return Form::kIndexed;
  return (header.color_type & 2) != 0 ? Form::kRgb : Form::kGrey;
}

// Maps a stored pixel to the upright picture: it is at origin + x * step_x + y * step_y, in bytes.
struct Grid {
  std::ptrdiff_t origin, step_x, step_y;

  Grid(const Header& header, std::ptrdiff_t channels, Orientation orientation) {
    const auto width = static_cast<std::ptrdiff_t>(header.width);
    const auto height = static_cast<std::ptrdiff_t>(header.height);
    step_x = orientation.swap_axes ? height * channels : channels;
    step_y = orientation.swap_axes ? channels : width * channels;
    origin = (orientation.mirror_x ? (width - 1) * step_x : 0) +
             (orientation.mirror_y ? (height - 1) * step_y : 0);
    if (orientation.mirror_x) step_x = -step_x;
    if (orientation.mirror_y) step_y = -step_y;
  }
};

template <std::size_t kChannels>
void put_pixels(const std::uint8_t* pixels, std::size_t count, std::uint8_t* samples, std::ptrdiff_t at,
                std::ptrdiff_t step) {
  if (step == std::ptrdiff_t{kChannels}) {
    std::memcpy(samples + at, pixels, count * kChannels);
    return;
  }
  for (std::size_t i = 0; i < count; ++i, at += step)
    std::memcpy(samples + at, pixels + i * kChannels, kChannels);
}

void lay_over_white(const std::uint8_t* color, std::uint8_t alpha, std::uint8_t* rgb) {
  for (std::size_t i = 0; i < 3; ++i) rgb[i] = static_cast<std::uint8_t>(over_white(color[i], alpha));
}

// Sorts a palette and its indices into their canonical order.
class PaletteSorter {
 public:
  explicit PaletteSorter(const Header& header) : entries_(header.palette.size() / 3) {
    for (std::size_t i = 0; i < entries_; ++i) {
      const std::uint8_t alpha = i < header.transparency.size() ? header.transparency[i] : 255;
      lay_over_white(&header.palette[3 * i], alpha, &rgb_[3 * i]);
    }
  }

  // Returns false when an index is beyond the palette.
  bool sort(Picture& picture) {
    std::array<bool, 256> used{};
    for (const std::uint8_t index : picture.samples.span()) used[index] = true;
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i] && i >= entries_) return false;
      if (used[i]) insert(&rgb_[3 * i]);
    }
    std::array<std::uint8_t, 256> places{};
    for (std::size_t i = 0; i < entries_; ++i) places[i] = place_of(&rgb_[3 * i]);
    for (std::uint8_t& index : picture.samples.span()) index = places[index];
    picture.palette = sorted_;
    picture.palette_bytes = size_;
    return true;
  }

 private:
  // Returns the number of sorted colours before this one.
  std::uint8_t place_of(const std::uint8_t* color) const {
    std::size_t at = 0;
    while (at < size_ && std::memcmp(&sorted_[at], color, 3) < 0) at += 3;
    return static_cast<std::uint8_t>(at / 3);
  }

  void insert(const std::uint8_t* color) {
    const std::size_t at = 3 * std::size_t{place_of(color)};
    if (at < size_ && std::memcmp(&sorted_[at], color, 3) == 0) return;
    std::memmove(sorted_.data() + at + 3, sorted_.data() + at, size_ - at);
    std::memcpy(sorted_.data() + at, color, 3);
    size_ += 3;
  }

  std::size_t entries_;
  std::array<std::uint8_t, 768> rgb_{};  // colours blended over white
  std::array<std::uint8_t, 768> sorted_{};
  std::size_t size_ = 0;
};

class PictureReader {
 public:
  PictureReader(const Header& header, Rows rows, Orientation orientation)
      : header_(header),
        rows_(std::move(rows)),
        samples_(header),
        grid_(header, form_of(header) == Form::kRgb ? 3 : 1, orientation) {}

  Status allocate() {
    stride_ = row_bytes(samples_.bits_per_pixel(), header_.width) + kRowPadding;
    NETOCR_ASSIGN(packed_, Buffer::create(2 * stride_));
    NETOCR_ASSIGN(expanded_, Buffer::create(samples_.are_plain() ? 0 : header_.width * samples_.channels()));
    NETOCR_ASSIGN(opaque_, Buffer::create(has_alpha() ? header_.width * samples_.channels() : 0));
    return {};
  }

  // Fills the picture's samples. Returns false when the file is damaged.
  bool read(std::uint8_t* samples) {
    constexpr Pass kWhole[] = {{0, 0, 1, 1}};
    for (const Pass& pass : header_.interlaced ? std::span<const Pass>(kPasses) : kWhole) {
      if (!read_pass(pass, samples)) return false;
    }
    return rows_.ends_exactly();
  }

 private:
  bool read_pass(const Pass& pass, std::uint8_t* samples) {
    const std::uint32_t width = pass.width_of(header_.width);
    if (width == 0) return true;
    const std::size_t size = row_bytes(samples_.bits_per_pixel(), width);
    const std::size_t pixel_bytes = std::max<std::size_t>(samples_.bits_per_pixel() / 8, 1);
    std::uint8_t* above = packed_.data();
    std::uint8_t* row = above + stride_;
    std::memset(above, 0, stride_);
    for (std::uint32_t y = pass.y; y < header_.height; y += pass.step_y, std::swap(above, row)) {
      if (!rows_.read(size, above, pixel_bytes, row)) return false;
      const std::ptrdiff_t at = grid_.origin + static_cast<std::ptrdiff_t>(y) * grid_.step_y +
                                static_cast<std::ptrdiff_t>(pass.x) * grid_.step_x;
      const std::ptrdiff_t step = static_cast<std::ptrdiff_t>(pass.step_x) * grid_.step_x;
      const std::uint8_t* const pixels = opaque_pixels(row, width);
      form_of(header_) == Form::kRgb ? put_pixels<3>(pixels, width, samples, at, step)
                                     : put_pixels<1>(pixels, width, samples, at, step);
    }
    return true;
  }

  bool has_alpha() const {
    return samples_.layout() == Layout::kRgba || samples_.layout() == Layout::kGreyAlpha;
  }

  // Converts a packed row to one byte per sample, without alpha.
  const std::uint8_t* opaque_pixels(const std::uint8_t* row, std::uint32_t width) {
    if (!samples_.are_plain()) {
      samples_.expand(row, width, expanded_.data());
      row = expanded_.data();
    }
    if (!has_alpha()) return row;
    if (samples_.layout() == Layout::kGreyAlpha) {
      grey_alpha_to_grey(row, width, opaque_.data());
    } else {
      for (std::size_t i = 0; i < width; ++i) lay_over_white(row + 4 * i, row[4 * i + 3], &opaque_[3 * i]);
    }
    return opaque_.data();
  }

  const Header& header_;
  Rows rows_;
  Samples samples_;
  Grid grid_;
  std::size_t stride_ = 0;
  Buffer packed_;    // two packed rows with padding: the one above and the one that is read
  Buffer expanded_;  // a row as expanded by Samples
  Buffer opaque_;    // a row without alpha
};

}  // namespace

std::uint64_t picture_bytes(const Header& header) {
  return std::uint64_t{header.width} * header.height * (form_of(header) == Form::kRgb ? 3 : 1);
}

Result<std::optional<Picture>> read_picture(Bytes file, const Header& header, Orientation orientation) {
  NETOCR_ASSIGN(auto rows, Rows::create(file, header));
  PictureReader reader(header, std::move(rows), orientation);
  NETOCR_TRY(reader.allocate());
  Picture picture;
  picture.form = form_of(header);
  picture.bit_depth = header.bit_depth;
  picture.width = orientation.swap_axes ? header.height : header.width;
  picture.height = orientation.swap_axes ? header.width : header.height;
  NETOCR_ASSIGN(auto samples, Buffer::create(static_cast<std::size_t>(picture_bytes(header))));
  picture.samples = std::move(samples);
  if (!reader.read(picture.samples.data())) return std::optional<Picture>();
  if (picture.form == Form::kIndexed && !PaletteSorter(header).sort(picture)) return std::optional<Picture>();
  return std::optional(std::move(picture));
}

}  // namespace netocr::png
