// Reads the boxes, one function each. A second codestream is another picture and is ignored.
#include "image/jp2/boxes.hpp"

#include <algorithm>

#include "base/iso_box.hpp"

namespace netocr::jp2 {
namespace {

constexpr std::uint32_t kMaxPaletteEntries = 1024;
constexpr std::uint32_t kMaxPaletteDepth = 38;

Error corrupt(std::size_t position, const char* detail) {
  return {ErrorCode::kCorruptImage, position, detail};
}

Result<IsoBox> next_box(ByteReader& reader) { return read_iso_box(reader, ErrorCode::kCorruptImage); }

Status read_image_header(ByteReader in, Boxes& boxes) {
  boxes.height = in.u32be();
  boxes.width = in.u32be();
  in.skip(6);
  if (!in.ok()) return corrupt(in.position(), "JP2 image header box is cut off");
  boxes.has_header = true;
  return {};
}

Status read_color(ByteReader in, Colors& colors) {
  Color color;
  const std::uint8_t method = in.u8();
  color.precedence = static_cast<std::int8_t>(in.u8());
  in.skip(1);  // approximation
  if (method == 1) {
    color.enumerated_space = in.u32be();
    color.method = ColorMethod::kEnumerated;
  } else if (method == 2 || method == 3) {
    color.profile = in.take(in.remaining());
    color.method = ColorMethod::kProfile;
  }
  if (!in.ok()) return corrupt(in.position(), "JP2 colour box is cut off");
  if (colors.count == kMaxColors) return {};
  std::size_t place = colors.count++;
  for (; colors.by_precedence && place > 0; --place) {
    if (colors.boxes[place - 1].precedence >= color.precedence) break;
    colors.boxes[place] = colors.boxes[place - 1];
  }
  colors.boxes[place] = color;
  return {};
}

std::uint32_t value_bytes(std::uint32_t depth) { return (depth + 7) / 8; }

std::uint32_t row_bytes(const Palette& palette) {
  std::uint32_t bytes = 0;
  for (std::uint32_t i = 0; i < palette.columns; ++i) bytes += value_bytes(palette_depth(palette, i));
  return bytes;
}

Status read_palette(ByteReader in, Boxes& boxes) {
  Palette palette;
  palette.entries = in.u16be();
  palette.columns = in.u8();
  if (palette.entries == 0 || palette.entries > kMaxPaletteEntries || palette.columns == 0) {
    return corrupt(in.position(), "JP2 palette has no size or too large a one");
  }
  if (palette.columns > kMaxChannels) {
    return Error{ErrorCode::kUnsupportedFeature, in.position(), "JP2 palette with more than 32 columns"};
  }
  for (std::uint32_t i = 0; i < palette.columns; ++i) {
    palette.depths[i] = in.u8();
    if (palette_depth(palette, i) > kMaxPaletteDepth) {
      return corrupt(in.position(), "JP2 palette depth is out of range");
    }
  }
  palette.values = in.take(std::uint64_t{palette.entries} * row_bytes(palette));
  if (!in.ok()) return corrupt(in.position(), "JP2 palette is cut off");
  boxes.palette = palette;
  return {};
}

Status read_mappings(ByteReader in, Boxes& boxes) {
  boxes.mapping_count = 0;
  while (in.remaining() >= 4 && boxes.mapping_count < kMaxChannels) {
    Mapping& mapping = boxes.mappings[boxes.mapping_count++];
    mapping.component = in.u16be();
    mapping.uses_palette = in.u8() == 1;
    mapping.column = in.u8();
  }
  return {};
}

Status read_definitions(ByteReader in, Boxes& boxes) {
  const std::uint16_t count = in.u16be();
  if (in.remaining() < count * 6U) return corrupt(in.position(), "JP2 channel definition box is cut off");
  boxes.definition_count = 0;
  for (std::uint16_t i = 0; i < count && boxes.definition_count < kMaxChannels; ++i) {
    ChannelDefinition& definition = boxes.definitions[boxes.definition_count++];
    definition.channel = in.u16be();
    definition.type = in.u16be();
    definition.association = in.u16be();
  }
  return {};
}

Status read_header_box(const IsoBox& box, Boxes& boxes) {
  switch (box.type) {
    case fourcc("ihdr"):
      return read_image_header(box.payload, boxes);
    case fourcc("colr"):
      return read_color(box.payload, boxes.colors);
    case fourcc("pclr"):
      return read_palette(box.payload, boxes);
    case fourcc("cmap"):
      return read_mappings(box.payload, boxes);
    case fourcc("cdef"):
      return read_definitions(box.payload, boxes);
    case fourcc("bpcc"):  // the depths are also in the codestream
      return {};
    default:  // resolutions (res) do not matter to the service
      boxes.has_metadata = true;
      return {};
  }
}

// `read` returns a Status.
template <typename Read>
Status read_each_box(ByteReader in, Read read) {
  while (in.remaining() > 0) {
    NETOCR_ASSIGN(const IsoBox box, next_box(in));
    NETOCR_TRY(read(box));
  }
  return {};
}

Status read_header(ByteReader in, Boxes& boxes) {
  return read_each_box(in, [&](const IsoBox& box) { return read_header_box(box, boxes); });
}

Status read_color_group(ByteReader in, Colors& colors) {
  return read_each_box(in, [&](const IsoBox& box) {
    return box.type == fourcc("colr") ? read_color(box.payload, colors) : Status{};
  });
}

// The colours of the first compositing layer of a JPX file replace those of the JP2 header, which are the
// default of every layer (15444-2 M.11.7). A damaged layer changes nothing.
void take_layer_colors(ByteReader in, Colors& colors) {
  while (in.remaining() > 0) {
    const auto box = next_box(in);
    if (!box.ok()) return;
    if (box->type != fourcc("cgrp")) continue;
    Colors own{{}, 0, colors.by_precedence};
    if (read_color_group(box->payload, own).ok() && own.count > 0) colors = own;
    return;
  }
}

bool is_plain(std::uint32_t type) {
  return type == fourcc("jP  ") || type == fourcc("ftyp") || type == fourcc("free");
}

// Palettes and mappings come in pairs (I.5.3.4), and their indices must be in range.
Status check_mappings(Boxes& boxes) {
  if (boxes.palette.entries == 0) boxes.mapping_count = 0;
  if (boxes.palette.entries != 0 && boxes.mapping_count == 0) {
    return corrupt(0, "JP2 palette without a component mapping");
  }
  for (std::size_t i = 0; i < boxes.mapping_count; ++i) {
    if (boxes.mappings[i].uses_palette && boxes.mappings[i].column >= boxes.palette.columns) {
      return corrupt(0, "JP2 component mapping names a palette column that is not there");
    }
  }
  return {};
}

// Reads the boxes at the top level of the file.
class FileReader {
 public:
  explicit FileReader(Bytes bytes) : in_(bytes) {}

  Result<Boxes> read() {
    while (in_.remaining() > 0) {
      const std::size_t start = in_.position();
      const auto box = next_box(in_);
      if (!box.ok()) {
        if (found_) break;  // ignores garbage behind the picture
        return box.error();
      }
      NETOCR_TRY(take(*box, start));
    }
    if (!found_) return corrupt(in_.position(), "JP2 file has no codestream");
    take_layer_colors(layer_, boxes_.colors);
    NETOCR_TRY(check_mappings(boxes_));
    return boxes_;
  }

 private:
  Status take(const IsoBox& box, std::size_t start) {
    if (box.type == fourcc("jp2h") && !boxes_.has_header) {
      if (!box.is_whole) return corrupt(start, "JP2 header is cut off");
      return read_header(box.payload, boxes_);
    }
    if (box.type == fourcc("jp2c")) {
      if (!found_) {
        boxes_.codestream = box.payload.rest();
        boxes_.codestream_offset = box.payload.position();
      }
      found_ = true;
      return {};
    }
    if (box.type == fourcc("ftyp")) boxes_.colors.by_precedence = bytes_at(box.payload.rest(), 0, "jpx ");
    if (box.type == fourcc("jplh") && layer_.size() == 0) layer_ = box.payload;
    boxes_.has_metadata = boxes_.has_metadata || !is_plain(box.type);
    return {};
  }

  ByteReader in_;
  Boxes boxes_;
  ByteReader layer_{Bytes{}};  // contents of the first compositing layer header
  bool found_ = false;         // the codestream was found
};

}  // namespace

std::uint32_t palette_depth(const Palette& palette, std::uint32_t column) {
  return (palette.depths[column] & 0x7FU) + 1;
}

std::uint64_t palette_value(const Palette& palette, std::uint32_t row, std::uint32_t column) {
  std::size_t offset = std::size_t{row} * row_bytes(palette);
  for (std::uint32_t i = 0; i < column; ++i) offset += value_bytes(palette_depth(palette, i));
  const std::uint32_t depth = palette_depth(palette, column);
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < value_bytes(depth); ++i) value = value << 8 | palette.values[offset + i];
  const std::uint64_t mask = (std::uint64_t{1} << depth) - 1;
  if ((palette.depths[column] & 0x80U) != 0) value += std::uint64_t{1} << (depth - 1);
  return value & mask;
}

Result<Boxes> read_boxes(Bytes bytes) { return FileReader(bytes).read(); }

}  // namespace netocr::jp2
