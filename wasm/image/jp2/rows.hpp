// The pixel loops of the JPEG 2000 decoder: they convert samples of any depth to 8-bit channel rows, and
// these to rows of Y, Cb, Cr.
#pragma once

#include "image/jp2/channels.hpp"
#include "image/pixel/color.hpp"

namespace netocr::jp2 {

// Converts samples to 0..255, rounded to nearest; values outside the component's range are clamped.
void samples_to_bytes(const std::int32_t* samples, std::size_t count, const Component& component,
                      std::uint8_t* bytes);

// A column of a palette, reduced to 8 bits.
struct PaletteTable {
  std::array<std::uint8_t, 1024> values{};
  std::uint32_t entries = 0;
};
PaletteTable make_palette_table(const Palette& palette, std::uint32_t column);
// Indices beyond the last entry select the last one.
void indices_to_bytes(const std::int32_t* indices, std::size_t count, const PaletteTable& table,
                      std::uint8_t* bytes);

// Stretches a row to `width` samples by repeating each.
void stretch_row(const std::uint8_t* row, std::size_t row_width, std::size_t width, std::uint8_t* stretched);

// Converts one row of the channels (in the order of Channels, `width` samples each) to planes and blends
// transparency over white. `scratch` has 4 * width bytes. A grey picture sets only target.y.
void channels_to_ycc(const Channels& channels, const std::array<const std::uint8_t*, 5>& rows,
                     std::size_t width, std::uint8_t* scratch, YccRow target);

}  // namespace netocr::jp2
