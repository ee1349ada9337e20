// Implements the pixel loops as plain loops that clang vectorises; pixel/color.hpp contains the colour
// arithmetic.
#include "image/jp2/rows.hpp"

#include <algorithm>
#include <cstring>

namespace netocr::jp2 {
namespace {

using Rows = std::array<const std::uint8_t*, 5>;

template <std::size_t kCount>
void interleave(const Rows& rows, std::size_t width, std::uint8_t* __restrict pixels) {
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t i = 0; i < kCount; ++i) pixels[x * kCount + i] = rows[i][x];
  }
}

std::uint8_t add_clamped(unsigned value, unsigned rest) {
  return static_cast<std::uint8_t>(std::min(value + rest, 255U));
}

// Premultiplied colours only need the white background added.
template <std::size_t kCount>
void interleave_premultiplied(const Rows& rows, std::size_t width, std::uint8_t* __restrict pixels) {
  const std::uint8_t* alpha = rows[kCount];
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t i = 0; i < kCount; ++i)
      pixels[x * kCount + i] = add_clamped(rows[i][x], 255U - alpha[x]);
  }
}

std::uint8_t mixed(int value, int white, int alpha) {
  return static_cast<std::uint8_t>((value * alpha + white * (255 - alpha) + 127) / 255);
}

// White is (255, 128, 128) in Y, Cb, Cr, and the conversion is linear, so blending after it is exact.
void lay_over_white(YccRow row, const std::uint8_t* alpha, Alpha kind, std::size_t width) {
  for (std::size_t x = 0; x < width; ++x) {
    if (kind == Alpha::kPremultiplied) {
      row.y[x] = add_clamped(row.y[x], 255U - alpha[x]);
      continue;
    }
    row.y[x] = mixed(row.y[x], 255, alpha[x]);
    row.cb[x] = mixed(row.cb[x], 128, alpha[x]);
    row.cr[x] = mixed(row.cr[x], 128, alpha[x]);
  }
}

void grey_to_ycc(const Channels& channels, const Rows& rows, std::size_t width, std::uint8_t* scratch,
                 std::uint8_t* y) {
  switch (channels.alpha) {
    case Alpha::kNone:
      std::memcpy(y, rows[0], width);
      return;
    case Alpha::kStraight:
      interleave<2>(rows, width, scratch);
      return grey_alpha_to_grey(scratch, width, y);
    case Alpha::kPremultiplied:
      return interleave_premultiplied<1>(rows, width, y);
  }
}

void rgb_rows_to_ycc(const Channels& channels, const Rows& rows, std::size_t width, std::uint8_t* scratch,
                     YccRow target) {
  switch (channels.alpha) {
    case Alpha::kNone:
      interleave<3>(rows, width, scratch);
      return rgb_to_ycc(scratch, width, target);
    case Alpha::kStraight:
      interleave<4>(rows, width, scratch);
      return rgba_to_ycc(scratch, width, target);
    case Alpha::kPremultiplied:
      interleave_premultiplied<3>(rows, width, scratch);
      return rgb_to_ycc(scratch, width, target);
  }
}

void cmyk_rows_to_ycc(const Rows& rows, std::size_t width, std::uint8_t* scratch, YccRow target) {
  interleave<4>(rows, width, scratch);
  for (std::size_t i = 0; i < 4 * width; ++i) scratch[i] = static_cast<std::uint8_t>(255 - scratch[i]);
  inverted_cmyk_to_ycc(scratch, width, target);
}

}  // namespace

void samples_to_bytes(const std::int32_t* __restrict samples, std::size_t count, const Component& component,
                      std::uint8_t* __restrict bytes) {
  const std::int32_t offset = component.is_signed ? std::int32_t{1} << (component.precision - 1) : 0;
  const auto max = static_cast<std::int32_t>((std::int64_t{1} << component.precision) - 1);
  const std::int32_t low = -offset;
  const std::int32_t high = max - offset;
  if (component.precision == 8) {
    for (std::size_t i = 0; i < count; ++i) {
      bytes[i] = static_cast<std::uint8_t>(std::clamp(samples[i], low, high) + offset);
    }
    return;
  }
  const float scale = 255.0F / static_cast<float>(max);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t value = std::clamp(samples[i], low, high) - low;
    // A float loses the last bits of deep samples, which are far below one of 255 steps.
    bytes[i] = static_cast<std::uint8_t>(std::min(static_cast<float>(value) * scale + 0.5F, 255.0F));
  }
}

PaletteTable make_palette_table(const Palette& palette, std::uint32_t column) {
  PaletteTable table;
  table.entries = palette.entries;
  const std::uint64_t max = (std::uint64_t{1} << palette_depth(palette, column)) - 1;
  for (std::uint32_t row = 0; row < palette.entries; ++row) {
    const std::uint64_t value = palette_value(palette, row, column);
    table.values[row] = static_cast<std::uint8_t>((value * 255 + max / 2) / max);
  }
  return table;
}

void indices_to_bytes(const std::int32_t* indices, std::size_t count, const PaletteTable& table,
                      std::uint8_t* bytes) {
  const auto last = static_cast<std::int32_t>(table.entries) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    bytes[i] = table.values[static_cast<std::size_t>(std::clamp(indices[i], std::int32_t{0}, last))];
  }
}

void stretch_row(const std::uint8_t* row, std::size_t row_width, std::size_t width, std::uint8_t* stretched) {
  for (std::size_t x = 0; x < width; ++x) stretched[x] = row[std::uint64_t{x} * row_width / width];
}

void channels_to_ycc(const Channels& channels, const Rows& rows, std::size_t width, std::uint8_t* scratch,
                     YccRow target) {
  switch (channels.model) {
    case ColorModel::kGrey:
      return grey_to_ycc(channels, rows, width, scratch, target.y);
    case ColorModel::kRgb:
      return rgb_rows_to_ycc(channels, rows, width, scratch, target);
    case ColorModel::kCmyk:
      cmyk_rows_to_ycc(rows, width, scratch, target);
      break;
    case ColorModel::kYcbcr:
    case ColorModel::kUnknown:
    case ColorModel::kYcck:
    case ColorModel::kPalette:
    case ColorModel::kLab:
      std::memcpy(target.y, rows[0], width);
      std::memcpy(target.cb, rows[1], width);
      std::memcpy(target.cr, rows[2], width);
      break;
  }
  if (channels.alpha != Alpha::kNone) {
    lay_over_white(target, rows[channels.color_count], channels.alpha, width);
  }
}

}  // namespace netocr::jp2
