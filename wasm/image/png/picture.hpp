// The whole picture of a PNG for the rewriter: what is seen of it on white, and nothing else that is in the
// file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/buffer.hpp"
#include "image/meta/orientation.hpp"
#include "image/png/chunks.hpp"

namespace netocr::png {

// Upright and opaque. Two files that show the same with the same form and depth give equal pictures.
struct Picture {
  enum class Form : std::uint8_t { kGrey = 0, kRgb = 2, kIndexed = 3 };  // as PNG numbers its colour types

  std::size_t channels() const { return form == Form::kRgb ? 3 : 1; }
  std::size_t bits_per_pixel() const { return channels() * bit_depth; }

  Form form = Form::kGrey;
  std::uint8_t bit_depth = 8;  // of the file: 1, 2, 4 or 8
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  // A byte a sample, rows without gaps: indices, or values scaled to 0..255.
  Buffer samples;
  // RGB triples of the colours that are there, each once, in rising order.
  std::array<std::uint8_t, 768> palette{};
  std::size_t palette_bytes = 0;
};

// Bytes of Picture::samples for this file.
std::uint64_t picture_bytes(const Header& header);

// Alpha is laid over white as the converters of color.hpp do it. Nothing when the file is damaged: its rows,
// their stream or the chunks end early or go on behind the last one, a checksum is wrong, an index is beyond
// the palette. `header` is that of `file`, of at most 8 bits a sample, and was accepted by check_data.
// Errors: OUT_OF_MEMORY.
Result<std::optional<Picture>> read_picture(Bytes file, const Header& header, Orientation orientation);

}  // namespace netocr::png
