// Colours are counted; each that is in Y, Cb, Cr then gets an RGB that converts to it.
#include "image/few_colors.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "image/pixel/color.hpp"
#include "image/png/writer.hpp"

namespace netocr {
namespace {

// Below it either file is small, and JPEG is what a service is most used to.
constexpr std::uint64_t kFewestPixels = std::uint64_t{1} << 16;
constexpr std::uint32_t kRowsApart = 8;
constexpr std::size_t kMaxColors = 256;

bool is_flat(const Plane& luma) {
  std::uint64_t equal = 0;
  std::uint64_t all = 0;
  for (std::uint32_t y = 0; y < luma.height; y += kRowsApart) {
    const std::uint8_t* const row = luma.row(y);
    for (std::uint32_t x = 1; x < luma.width; ++x) equal += row[x] == row[x - 1];
    all += luma.width;
  }
  return 2 * equal >= all;
}

// A colour as one number, the sample of the first plane highest.
using Color = std::uint32_t;

// Numbers up to kMaxColors colours in the order in which they come.
class ColorTable {
 public:
  // Nothing for one color too many.
  std::optional<std::uint32_t> number_of(Color color) {
    std::uint32_t slot = (color * 2654435761U) >> (32 - kSlotBits);
    for (; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
      if (colors_[slots_[slot] - 1U] == color) return slots_[slot] - 1U;
    }
    if (count_ == kMaxColors) return std::nullopt;
    colors_[count_++] = color;
    slots_[slot] = static_cast<std::uint16_t>(count_);
    return static_cast<std::uint32_t>(count_ - 1);
  }
  std::span<const Color> colors() const { return std::span(colors_).first(count_); }

 private:
  static constexpr std::uint32_t kSlotBits = 10;
  static constexpr std::uint32_t kSlots = 1U << kSlotBits;

  std::array<std::uint16_t, kSlots> slots_{};  // number + 1, 0 for none
  std::array<Color, kMaxColors> colors_{};
  std::size_t count_ = 0;
};

Color color_at(const PlanarImage& image, std::uint32_t x, std::uint32_t y) {
  Color color = image.planes[0].row(y)[x];
  for (std::size_t i = 1; i < image.plane_count; ++i) color = color << 8 | image.planes[i].row(y)[x];
  return color;
}

// Indices in the order of the table; nothing when there are too many colours.
Result<std::optional<Buffer>> number_pixels(const PlanarImage& image, ColorTable& table) {
  Buffer indices;
  NETOCR_TRY(allocate_product(indices, image.width(), image.height()));
  std::uint8_t* to = indices.data();
  for (std::uint32_t y = 0; y < image.height(); ++y) {
    for (std::uint32_t x = 0; x < image.width(); ++x) {
      const auto number = table.number_of(color_at(image, x, y));
      if (!number) return std::optional<Buffer>();
      *to++ = static_cast<std::uint8_t>(*number);
    }
  }
  return std::optional(std::move(indices));
}

struct Rgb {
  std::array<std::uint8_t, 3> values{};
  std::uint8_t number = 0;  // in the table
};

Color ycc_of(const Rgb& rgb) {
  std::array<std::uint8_t, 3> ycc{};
  rgb_to_ycc(rgb.values.data(), 1, {&ycc[0], &ycc[1], &ycc[2]});
  return Color{ycc[0]} << 16 | Color{ycc[1]} << 8 | ycc[2];
}

// The ends of the scale stand for what is next to them: several colours share a Y, Cb, Cr, and pure ones are
// likely.
double snapped(double value) { return value < 1.5 ? 0 : value > 253.5 ? 255 : value; }

// Nothing when no colour converts to it.
std::optional<Rgb> rgb_of(Color ycc) {
  const double y = ycc >> 16;
  const double cb = static_cast<double>(ycc >> 8 & 255) - 128;
  const double cr = static_cast<double>(ycc & 255) - 128;
  const double exact[] = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
  constexpr int kNear[] = {0, -1, 1};
  for (int i = 0; i < 54; ++i) {
    const int offsets[] = {kNear[i % 3], kNear[i / 3 % 3], kNear[i / 9 % 3]};
    Rgb rgb;
    for (std::size_t c = 0; c < 3; ++c) {
      const double value = (i < 27 ? snapped(exact[c]) : exact[c]) + offsets[c];
      rgb.values[c] = static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0));
    }
    if (ycc_of(rgb) == ycc) return rgb;
  }
  return std::nullopt;
}

// What the number of a colour stands for.
enum class Model : std::uint8_t { kGrey, kYcc, kRgb };

std::optional<Rgb> rgb_of(Color color, Model model) {
  if (model == Model::kYcc) return rgb_of(color);
  if (model == Model::kGrey) color *= 0x010101;
  const auto byte = [&](int shift) { return static_cast<std::uint8_t>(color >> shift); };
  return Rgb{{byte(16), byte(8), byte(0)}};
}

// The table's colours in rising order; nothing when RGB lacks one.
std::optional<std::size_t> make_palette(const ColorTable& table, Model model,
                                        std::array<Rgb, kMaxColors>& palette) {
  std::size_t count = 0;
  for (const Color color : table.colors()) {
    const auto rgb = rgb_of(color, model);
    if (!rgb) return std::nullopt;
    palette[count] = *rgb;
    palette[count].number = static_cast<std::uint8_t>(count);
    ++count;
  }
  std::sort(palette.begin(), palette.begin() + static_cast<std::ptrdiff_t>(count),
            [](const Rgb& a, const Rgb& b) { return a.values < b.values; });
  return count;
}

std::uint8_t depth_for(std::size_t colors) {
  return colors <= 2 ? 1 : colors <= 4 ? 2 : colors <= 16 ? 4 : 8;
}

// Samples of greys that are too many for a small palette are the greys themselves.
void fill_picture(std::span<const Rgb> palette, bool is_grey, png::Picture& picture) {
  picture.bit_depth = depth_for(palette.size());
  picture.form = is_grey && picture.bit_depth == 8 ? png::Picture::Form::kGrey : png::Picture::Form::kIndexed;
  std::array<std::uint8_t, kMaxColors> samples{};
  for (std::size_t i = 0; i < palette.size(); ++i) {
    const bool is_indexed = picture.form == png::Picture::Form::kIndexed;
    samples[palette[i].number] = is_indexed ? static_cast<std::uint8_t>(i) : palette[i].values[0];
    if (is_indexed) std::copy(palette[i].values.begin(), palette[i].values.end(), &picture.palette[3 * i]);
  }
  if (picture.form == png::Picture::Form::kIndexed) picture.palette_bytes = 3 * palette.size();
  for (std::uint8_t& sample : picture.samples.span()) sample = samples[sample];
}

}  // namespace

bool may_have_few_colors(const PlanarImage& image) {
  return std::uint64_t{image.width()} * image.height() >= kFewestPixels &&
         (image.plane_count == 1 || image.chroma == k444) && is_flat(image.planes[0]);
}

Result<std::optional<Buffer>> write_few_colors(const PlanarImage& image, PlaneColors colors,
                                               std::size_t max_bytes) {
  const bool is_grey = image.plane_count == 1;
  const Model model = is_grey ? Model::kGrey : colors == PlaneColors::kRgb ? Model::kRgb : Model::kYcc;
  ColorTable table;
  NETOCR_ASSIGN(auto indices, number_pixels(image, table));
  std::array<Rgb, kMaxColors> palette;
  const auto count = indices ? make_palette(table, model, palette) : std::nullopt;
  if (!count) return std::optional<Buffer>();
  png::Picture picture;
  picture.width = image.width();
  picture.height = image.height();
  picture.samples = std::move(*indices);
  fill_picture(std::span(palette).first(*count), is_grey, picture);
  return png::write(picture, max_bytes);
}

}  // namespace netocr
