// The boxes of a JP2 file (ISO/IEC 15444-1 Annex I; of JPX what still pictures use): where the codestream is
// and what its components mean. Decodes no pixels.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr {

inline constexpr std::size_t kJp2MaxChannels = 32;  // that are looked at; a picture needs at most five
inline constexpr std::size_t kJp2MaxColors = 8;     // colour specification boxes that are looked at

// METH 1; METH 2 (restricted ICC) and 3 (any ICC, JPX); vendor colours and whatever else.
enum class Jp2ColorMethod : std::uint8_t { kEnumerated, kProfile, kOther };

// Colour specification box (I.5.3.3; ISO/IEC 15444-2 M.11.7.2).
struct Jp2Color {
  Jp2ColorMethod method = Jp2ColorMethod::kOther;
  std::uint32_t enumerated_space = 0;  // EnumCS
  Bytes profile;                       // ICC, in the file
  std::int8_t precedence = 0;
};

// The same colours described in several ways, the one to be preferred first. A JP2 reader takes the boxes in
// their order and does not look at PREC (15444-1 I.5.3.3); a JPX reader takes that of the highest PREC among
// those that it supports, the earlier one of two that are equal (15444-2 M.11.7.2).
struct Jp2Colors {
  std::array<Jp2Color, kJp2MaxColors> boxes{};
  std::size_t count = 0;
  bool by_precedence = false;  // the file is JPX
};

// Component mapping box (I.5.3.5): how one channel is made.
struct Jp2Mapping {
  std::uint16_t component = 0;
  bool uses_palette = false;
  std::uint8_t column = 0;  // of the palette
};

// Channel definition box (I.5.3.6).
struct Jp2ChannelDefinition {
  std::uint16_t channel = 0;
  std::uint16_t type = 0;         // 0 colour, 1 opacity, 2 premultiplied opacity, 65535 unspecified
  std::uint16_t association = 0;  // 0 the whole picture, 1.. a colour, 65535 none
};

struct Jp2Palette {
  std::uint32_t entries = 0;  // 0: there is no palette
  std::uint32_t columns = 0;
  std::array<std::uint8_t, kJp2MaxChannels> depths{};  // bits 0..6: depth - 1; bit 7: signed
  Bytes values;                                        // entries rows of columns values, each in whole bytes
};

struct Jp2Boxes {
  Bytes codestream;                   // may be cut off by the end of the file
  std::size_t codestream_offset = 0;  // in the file
  bool has_header = false;            // ihdr was found
  std::uint32_t width = 0;            // of ihdr; what the codestream says counts
  std::uint32_t height = 0;
  Jp2Colors colors;
  Jp2Palette palette;
  std::array<Jp2Mapping, kJp2MaxChannels> mappings{};
  std::size_t mapping_count = 0;
  std::array<Jp2ChannelDefinition, kJp2MaxChannels> definitions{};
  std::size_t definition_count = 0;
  bool has_metadata = false;  // XML, UUID, capture resolution and other boxes that decoding does not need
};

// Errors: CORRUPT_IMAGE (no codestream; header boxes that are cut off or contradict themselves).
Result<Jp2Boxes> read_jp2_boxes(Bytes bytes);

// Value `row`, `column` of a palette as an unsigned number of the column's depth (signed ones are shifted up
// by half of their range), and that depth in bits.
std::uint64_t jp2_palette_value(const Jp2Palette& palette, std::uint32_t row, std::uint32_t column);
std::uint32_t jp2_palette_depth(const Jp2Palette& palette, std::uint32_t column);

}  // namespace netocr
