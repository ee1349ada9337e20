// Reads the whole picture of a PNG for the rewriter: its appearance on white, and nothing else from the file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/buffer.hpp"
#include "image/meta/orientation.hpp"
#include "image/png/chunks.hpp"

namespace netocr::png {

// An upright and opaque picture. Two files that look the same and have the same form and depth yield equal
// pictures.
struct Picture {
  enum class Form : std::uint8_t { kGrey = 0, kRgb = 2, kIndexed = 3 };  // the values are PNG's colour types

  std::size_t channels() const { return form == Form::kRgb ? 3 : 1; }
  std::size_t bits_per_pixel() const { return channels() * bit_depth; }

  Form form = Form::kGrey;
  std::uint8_t bit_depth = 8;  // depth in the file: 1, 2, 4 or 8
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  // One byte per sample, rows without gaps: indices, or values scaled to 0..255.
  Buffer samples;
  // RGB triples of the used colours, each once, in rising order.
  std::array<std::uint8_t, 768> palette{};
  std::size_t palette_bytes = 0;
};

// Returns the size of Picture::samples for this file.
std::uint64_t picture_bytes(const Header& header);

// Alpha is blended over white as in the converters of color.hpp. Returns nothing when the file is damaged:
// its rows, their stream or the chunks end early or continue behind the last row, a checksum is wrong, or an
// index is beyond the palette. `header` is that of `file`, has at most 8 bits per sample, and passed
// check_data. Errors: OUT_OF_MEMORY.
Result<std::optional<Picture>> read_picture(Bytes file, const Header& header, Orientation orientation);

}  // namespace netocr::png
