// The pixel loops of the JPEG 2000 decoder: samples of any depth -> 8-bit channel rows -> rows of Y, Cb, Cr.
#pragma once

#include "image/jp2/channels.hpp"
#include "image/pixel/color.hpp"

namespace netocr {

// Samples -> 0..255, rounded to nearest; what lies outside the component's range is clamped.
void jp2_samples_to_bytes(const std::int32_t* samples, std::size_t count, const J2kComponent& component,
                          std::uint8_t* bytes);

// A column of a palette, reduced to 8 bits.
struct Jp2PaletteTable {
  std::array<std::uint8_t, 1024> values{};
  std::uint32_t entries = 0;
};
Jp2PaletteTable make_jp2_palette_table(const Jp2Palette& palette, std::uint32_t column);
// Indices beyond the last entry take the last one.
void jp2_indices_to_bytes(const std::int32_t* indices, std::size_t count, const Jp2PaletteTable& table,
                          std::uint8_t* bytes);

// To `width` samples by repeating each.
void jp2_stretch_row(const std::uint8_t* row, std::size_t row_width, std::size_t width,
                     std::uint8_t* stretched);

// One row of the channels (in the order of Jp2Channels, `width` samples each) -> planes; transparency is laid
// over white. `scratch` has 4 * width bytes. Of a grey picture only target.y is written.
void jp2_channels_to_ycc(const Jp2Channels& channels, const std::array<const std::uint8_t*, 5>& rows,
                         std::size_t width, std::uint8_t* scratch, YccRow target);

}  // namespace netocr
