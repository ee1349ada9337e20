// Reads ISO/IEC 14496-12 sections 4.2 (boxes) and 8.11 (meta, items), and ISO/IEC 23008-12 sections 6.5
// (properties) and 9.3 (their associations).
#include "image/heif/header.hpp"

#include <optional>
#include <utility>

#include "image/heif/boxes.hpp"

namespace netocr::heif {
namespace {

constexpr std::uint64_t kRgbaBytes = 4;

void read_color(ByteReader reader, Header& header) {
  const std::string_view kind = as_text(reader.take(4));
  if (kind == "nclx") {
    header.color_primaries = static_cast<std::uint8_t>(reader.u16be());
    header.transfer = static_cast<std::uint8_t>(reader.u16be());
  } else if (kind == "prof" || kind == "rICC") {
    header.icc = reader.take(reader.remaining());
  }
}

// Reads a fraction and rounds it; 0 when the denominator is 0.
std::uint32_t read_fraction(ByteReader& reader) {
  const std::uint64_t numerator = reader.u32be();
  const std::uint64_t denominator = reader.u32be();
  return denominator == 0 ? 0 : static_cast<std::uint32_t>((numerator + denominator / 2) / denominator);
}

// The aperture (ISO/IEC 14496-12, 12.1.4) is relative to the picture after the preceding rotations and
// mirrors.
void read_clean_aperture(ByteReader reader, Header& header) {
  Size size;
  size.width = read_fraction(reader);
  size.height = read_fraction(reader);
  if ((header.turns.quarters & 1) != 0) std::swap(size.width, size.height);
  header.clean = size;
}

void read_property(const IsoBox& box, Header& header) {
  ByteReader reader = box.payload;
  switch (box.type) {
    case fourcc("ispe"):
      reader.skip(4);
      header.coded.width = reader.u32be();
      header.coded.height = reader.u32be();
      break;
    case fourcc("pixi"):
      reader.skip(4);
      header.channels = reader.u8();
      header.bits = reader.u8();
      break;
    case fourcc("irot"):
      turn_left(header.turns, reader.u8() & 3);
      break;
    case fourcc("imir"):
      mirror(header.turns, (reader.u8() & 1) != 0);
      break;
    case fourcc("clap"):
      read_clean_aperture(reader, header);
      break;
    case fourcc("colr"):
      read_color(reader, header);
      break;
    default:
      break;
  }
}

// Returns box `index`, counted from 1, of the list of properties.
std::optional<IsoBox> property_at(Bytes properties, std::uint32_t index) {
  BoxList list{ByteReader(properties)};
  std::optional<IsoBox> box;
  for (std::uint32_t i = 0; i < index; ++i) {
    box = list.next();
    if (!box) break;
  }
  return box;
}

// Rotations and mirrors apply in the order of the associations.
void read_associations(Bytes properties, Bytes associations, std::uint32_t primary_id, Header& header) {
  ByteReader reader(associations);
  const bool long_ids = reader.u8() != 0;
  const bool long_indices = (reader.u24be() & 1) != 0;
  const std::uint32_t entries = reader.u32be();
  for (std::uint32_t i = 0; i < entries && reader.ok(); ++i) {
    const bool is_primary = read_item_id(reader, long_ids) == primary_id;
    const std::uint8_t count = reader.u8();
    for (std::uint8_t k = 0; k < count && reader.ok(); ++k) {
      // The highest bit marks a property as essential.
      const std::uint32_t index = long_indices ? reader.u16be() & 0x7fff : reader.u8() & 0x7f;
      if (!is_primary || !reader.ok()) continue;
      if (const auto property = property_at(properties, index)) read_property(*property, header);
    }
    if (is_primary) return;
  }
}

bool has_alpha_property(Bytes properties) {
  BoxList list{ByteReader(properties)};
  while (const auto box = list.next()) {
    const Bytes kind = box->payload.rest();
    if (box->type == fourcc("auxC") && (bytes_at(kind, 4, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha") ||
                                        bytes_at(kind, 4, "urn:mpeg:hevc:2015:auxid:1"))) {
      return true;
    }
  }
  return false;
}

bool has_metadata_item(Bytes items) {
  ByteReader reader(items);
  const bool long_count = reader.u8() != 0;
  reader.skip(long_count ? 7 : 5);  // flags, number of items
  BoxList list(reader);
  while (const auto box = list.next()) {
    const Bytes item = box->payload.rest();
    // version, flags, id, protection, type
    const std::size_t type_at = !item.empty() && item[0] > 2 ? 10 : 8;
    if (bytes_at(item, type_at, "Exif") || bytes_at(item, type_at, "mime")) return true;
  }
  return false;
}

// Other boxes do not count: programs append data of their own, which only looks like one.
bool is_cut_off(Bytes file) {
  BoxList list{ByteReader(file)};
  while (const auto box = list.next()) {
    const bool is_needed = box->type == fourcc("meta") || box->type == fourcc("mdat");
    if (is_needed && !box->is_whole) return true;
  }
  return false;
}

}  // namespace

void turn_left(Turns& turns, std::uint8_t count) { turns.quarters = (turns.quarters - count) & 3; }

void mirror(Turns& turns, bool left_to_right) {
  turns.quarters = ((left_to_right ? 0 : 2) - turns.quarters) & 3;
  turns.mirrored = !turns.mirrored;
}

Header read_header(Bytes bytes) {
  Header header;
  const Bytes meta = find_box(bytes, fourcc("meta"), 4);
  const auto primary = primary_item(meta);
  const Bytes lists = find_box(meta, fourcc("iprp"));
  const Bytes properties = find_box(lists, fourcc("ipco"));
  if (primary) read_associations(properties, find_box(lists, fourcc("ipma")), *primary, header);
  header.is_cut_off = is_cut_off(bytes);
  header.has_alpha = has_alpha_property(properties);
  header.has_metadata = has_metadata_item(find_box(meta, fourcc("iinf")));
  return header;
}

Status check_size(const Header& header, const Limits& limits) {
  const Size coded = header.coded;
  if (coded.width == 0 || coded.height == 0) return {};
  NETOCR_TRY(check_dimensions(coded.width, coded.height, limits));
  if (std::uint64_t{coded.width} * coded.height <= limits.max_decoder_bytes / kRgbaBytes) return {};
  return Error{ErrorCode::kImageTooLarge, 0, "the pixels need more memory than the limit"};
}

}  // namespace netocr::heif
