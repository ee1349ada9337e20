// Reads the boxes of a JP2 file (ISO/IEC 15444-1 Annex I; of JPX what still pictures use): where the
// codestream is and what its components mean. It decodes no pixels.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::jp2 {

inline constexpr std::size_t kMaxChannels = 32;  // max number that is read; a picture needs at most five
inline constexpr std::size_t kMaxColors = 8;     // max number of colour specification boxes that are read

// METH 1; METH 2 (restricted ICC) and 3 (any ICC, JPX); vendor colours and all others.
enum class ColorMethod : std::uint8_t { kEnumerated, kProfile, kOther };

// The colour specification box (I.5.3.3; ISO/IEC 15444-2 M.11.7.2).
struct Color {
  ColorMethod method = ColorMethod::kOther;
  std::uint32_t enumerated_space = 0;  // EnumCS
  Bytes profile;                       // ICC profile, a view of the file
  std::int8_t precedence = 0;
};

// Descriptions of the same colours, the preferred one first. A JP2 reader uses the boxes in their order and
// ignores PREC (15444-1 I.5.3.3); a JPX reader uses the highest PREC among those that it supports, the
// earlier one of two equal ones (15444-2 M.11.7.2).
struct Colors {
  std::array<Color, kMaxColors> boxes{};
  std::size_t count = 0;
  bool by_precedence = false;  // the file is JPX
};

// The component mapping box (I.5.3.5) defines how a channel is computed.
struct Mapping {
  std::uint16_t component = 0;
  bool uses_palette = false;
  std::uint8_t column = 0;  // column of the palette
};

// The channel definition box (I.5.3.6).
struct ChannelDefinition {
  std::uint16_t channel = 0;
  std::uint16_t type = 0;         // 0 colour, 1 opacity, 2 premultiplied opacity, 65535 unspecified
  std::uint16_t association = 0;  // 0 the whole picture, 1 and above a colour, 65535 none
};

struct Palette {
  std::uint32_t entries = 0;  // 0: there is no palette
  std::uint32_t columns = 0;
  std::array<std::uint8_t, kMaxChannels> depths{};  // bits 0..6: depth - 1; bit 7: signed
  Bytes values;                                     // entries rows of columns values, each in whole bytes
};

struct Boxes {
  Bytes codestream;                   // may be truncated by the end of the file
  std::size_t codestream_offset = 0;  // offset in the file
  bool has_header = false;            // ihdr was found
  std::uint32_t width = 0;            // size in ihdr; the size in the codestream overrides it
  std::uint32_t height = 0;
  Colors colors;
  Palette palette;
  std::array<Mapping, kMaxChannels> mappings{};
  std::size_t mapping_count = 0;
  std::array<ChannelDefinition, kMaxChannels> definitions{};
  std::size_t definition_count = 0;
  bool has_metadata = false;  // XML, UUID, capture resolution and other boxes that decoding does not need
};

// Errors: CORRUPT_IMAGE (no codestream; header boxes that are truncated or contradict themselves).
Result<Boxes> read_boxes(Bytes bytes);

// Returns value `row`, `column` of a palette as an unsigned number of the column's depth (signed ones are
// shifted up by half of their range), and that depth in bits.
std::uint64_t palette_value(const Palette& palette, std::uint32_t row, std::uint32_t column);
std::uint32_t palette_depth(const Palette& palette, std::uint32_t column);

}  // namespace netocr::jp2
