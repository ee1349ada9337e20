// ISO/IEC 14496-12 sections 4.2 (boxes), 8.11 (meta, items); ISO/IEC 23008-12 sections 6.5 (properties), 9.3
// (their associations).
#include "image/heif/header.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/iso_box.hpp"
#include "image/meta/cicp.hpp"

namespace netocr::heif {
namespace {

// Boxes of one list that are looked at: real files have some dozens of properties.
constexpr std::uint32_t kMaxBoxes = 4096;
constexpr std::uint64_t kRgbaBytes = 4;
constexpr std::uint8_t kUnspecified = 2;  // of H.273
constexpr std::uint8_t kBt709 = 1;
constexpr std::uint8_t kSrgbTransfer = 13;

// The boxes of one list.
class BoxList {
 public:
  explicit BoxList(ByteReader boxes) : reader_(boxes) {}

  // Nothing behind the last one, or from the first damaged one on.
  std::optional<IsoBox> next() {
    if (left_ == 0) return std::nullopt;
    --left_;
    Result<IsoBox> box = read_iso_box(reader_, ErrorCode::kCorruptImage);
    if (!box.ok()) return std::nullopt;
    return *box;
  }

 private:
  ByteReader reader_;
  std::uint32_t left_ = kMaxBoxes;
};

// The contents of the first box of a type, from `skipped` bytes on; empty when there is none.
Bytes find_box(Bytes boxes, std::uint32_t type, std::size_t skipped = 0) {
  BoxList list{ByteReader(boxes)};
  while (const auto box = list.next()) {
    const Bytes contents = box->payload.rest();
    if (box->type == type) return contents.subspan(std::min(skipped, contents.size()));
  }
  return {};
}

// An orientation as "mirror left to right, then turn clockwise": every chain of turns and mirrors is one.
struct Turns {
  std::uint8_t quarters = 0;  // modulo 4
  bool mirrored = false;

  void turn_left(std::uint8_t count) { quarters = (quarters - count) & 3; }
  void mirror(bool left_to_right) {
    quarters = ((left_to_right ? 0 : 2) - quarters) & 3;
    mirrored = !mirrored;
  }
  std::uint8_t exif() const {
    constexpr std::uint8_t kOrientations[2][4] = {{1, 6, 3, 8}, {2, 7, 4, 5}};
    return kOrientations[mirrored ? 1 : 0][quarters];
  }
};

struct Size {
  std::uint32_t width = 0, height = 0;
};

struct Primary {
  Size coded;
  Size clean;  // the clean aperture, with width and height as they are coded; 0 where there is none
  std::uint8_t channels = 0, bits = 0;
  Turns turns;
  Bytes icc;
  std::uint8_t color_primaries = kUnspecified, transfer = kUnspecified;
  bool has_alpha = false;     // another picture is its transparency
  bool has_metadata = false;  // EXIF or XMP

  // Of what is shown, before it is turned.
  Size shown() const {
    if (clean.width == 0 || clean.height == 0) return coded;
    return {std::min(coded.width, clean.width), std::min(coded.height, clean.height)};
  }

  bool is_srgb() const {
    const bool usual = color_primaries == kBt709 || color_primaries == kUnspecified;
    // Browsers show the curves of BT.709 and BT.601 as sRGB's.
    const bool same_curve =
        transfer == kSrgbTransfer || transfer == kUnspecified || transfer == 1 || transfer == 6;
    return usual && same_curve;
  }
};

void read_color(ByteReader reader, Primary& primary) {
  const std::string_view kind = as_text(reader.take(4));
  if (kind == "nclx") {
    primary.color_primaries = static_cast<std::uint8_t>(reader.u16be());
    primary.transfer = static_cast<std::uint8_t>(reader.u16be());
  } else if (kind == "prof" || kind == "rICC") {
    primary.icc = reader.take(reader.remaining());
  }
}

// A fraction, rounded; 0 for none.
std::uint32_t read_fraction(ByteReader& reader) {
  const std::uint64_t numerator = reader.u32be();
  const std::uint64_t denominator = reader.u32be();
  return denominator == 0 ? 0 : static_cast<std::uint32_t>((numerator + denominator / 2) / denominator);
}

// ISO/IEC 14496-12, 12.1.4. It is relative to what the turns before it made of the picture.
void read_clean_aperture(ByteReader reader, Primary& primary) {
  Size size;
  size.width = read_fraction(reader);
  size.height = read_fraction(reader);
  if ((primary.turns.quarters & 1) != 0) std::swap(size.width, size.height);
  primary.clean = size;
}

void read_property(const IsoBox& box, Primary& primary) {
  ByteReader reader = box.payload;
  switch (box.type) {
    case fourcc("ispe"):
      reader.skip(4);
      primary.coded.width = reader.u32be();
      primary.coded.height = reader.u32be();
      break;
    case fourcc("pixi"):
      reader.skip(4);
      primary.channels = reader.u8();
      primary.bits = reader.u8();
      break;
    case fourcc("irot"):
      primary.turns.turn_left(reader.u8() & 3);
      break;
    case fourcc("imir"):
      primary.turns.mirror((reader.u8() & 1) != 0);
      break;
    case fourcc("clap"):
      read_clean_aperture(reader, primary);
      break;
    case fourcc("colr"):
      read_color(reader, primary);
      break;
    default:
      break;
  }
}

// Box `index`, counted from 1, of the list of properties.
std::optional<IsoBox> property_at(Bytes properties, std::uint32_t index) {
  BoxList list{ByteReader(properties)};
  std::optional<IsoBox> box;
  for (std::uint32_t i = 0; i < index; ++i) {
    box = list.next();
    if (!box) break;
  }
  return box;
}

std::uint32_t item_id(ByteReader& reader, bool is_long) { return is_long ? reader.u32be() : reader.u16be(); }

// Turns and mirrors apply in the order in which the associations name them.
void read_associations(Bytes properties, Bytes associations, std::uint32_t primary_id, Primary& primary) {
  ByteReader reader(associations);
  const bool long_ids = reader.u8() != 0;
  const bool long_indices = (reader.u24be() & 1) != 0;
  const std::uint32_t entries = reader.u32be();
  for (std::uint32_t i = 0; i < entries && reader.ok(); ++i) {
    const bool is_primary = item_id(reader, long_ids) == primary_id;
    const std::uint8_t count = reader.u8();
    for (std::uint8_t k = 0; k < count && reader.ok(); ++k) {
      // The upper bit says that a reader must understand it.
      const std::uint32_t index = long_indices ? reader.u16be() & 0x7fff : reader.u8() & 0x7f;
      if (!is_primary || !reader.ok()) continue;
      if (const auto property = property_at(properties, index)) read_property(*property, primary);
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

Primary read_primary(Bytes bytes) {
  Primary primary;
  const Bytes meta = find_box(bytes, fourcc("meta"), 4);
  ByteReader id(find_box(meta, fourcc("pitm")));
  const bool long_id = id.u8() != 0;
  id.skip(3);
  const std::uint32_t primary_id = item_id(id, long_id);
  const Bytes lists = find_box(meta, fourcc("iprp"));
  const Bytes properties = find_box(lists, fourcc("ipco"));
  if (id.ok()) read_associations(properties, find_box(lists, fourcc("ipma")), primary_id, primary);
  primary.has_alpha = has_alpha_property(properties);
  primary.has_metadata = has_metadata_item(find_box(meta, fourcc("iinf")));
  return primary;
}

}  // namespace

Result<ImageInfo> inspect(Bytes bytes) {
  const Primary primary = read_primary(bytes);
  ImageInfo info;
  const Size shown = primary.shown();
  if (shown.width == 0 || shown.height == 0) return info;
  info.width = shown.width;
  info.height = shown.height;
  info.orientation = primary.turns.exif();
  info.bits_per_sample = primary.bits;
  info.color_model = primary.channels == 1 ? ColorModel::kGrey : ColorModel::kYcbcr;
  info.has_alpha = primary.has_alpha;
  info.has_metadata = primary.has_metadata || !primary.icc.empty() || !primary.is_srgb();
  return info;
}

Status check_size(Bytes bytes, const Limits& limits) {
  const Size coded = read_primary(bytes).coded;
  if (coded.width == 0 || coded.height == 0) return {};
  NETOCR_TRY(check_dimensions(coded.width, coded.height, limits));
  if (std::uint64_t{coded.width} * coded.height <= limits.max_decoder_bytes / kRgbaBytes) return {};
  return Error{ErrorCode::kImageTooLarge, 0, "the pixels need more memory than the limit"};
}

Result<Buffer> read_profile(Bytes bytes) {
  const Primary primary = read_primary(bytes);
  if (!primary.icc.empty() || primary.is_srgb()) return Buffer::copy_of(primary.icc);
  return icc_of_cicp(primary.color_primaries, primary.transfer);
}

}  // namespace netocr::heif
