// Reads each list of the file in one pass, whatever the number of items: a list may be as long as the file.
#include "image/heif/items.hpp"

#include <algorithm>

namespace netocr::heif {
namespace {

// Max number of ranges of all items together: a real tile has one.
constexpr std::uint32_t kMaxExtents = 8192;

// Properties that may be marked as essential (ISO/IEC 23008-12, 6.5) and either are applied here or do not
// change the shown picture.
constexpr std::uint32_t kKnown[] = {fourcc("ispe"), fourcc("hvcC"), fourcc("avcC"), fourcc("irot"),
                                    fourcc("imir"), fourcc("clap"), fourcc("colr"), fourcc("pixi"),
                                    fourcc("pasp"), fourcc("auxC"), fourcc("rloc"), fourcc("clli"),
                                    fourcc("mdcv"), fourcc("cclv"), fourcc("amve")};

bool is_known(std::uint32_t type) {
  return std::find(std::begin(kKnown), std::end(kKnown), type) != std::end(kKnown);
}

// Reads a number of 0, 4 or 8 bytes, the only sizes that iloc allows.
std::uint64_t read_sized(ByteReader& reader, std::uint8_t size) {
  return size == 8 ? reader.u64be() : size == 4 ? reader.u32be() : 0;
}
bool is_size(std::uint8_t size) { return size == 0 || size == 4 || size == 8; }

Error corrupt(const char* detail, std::size_t position = 0) {
  return Error{ErrorCode::kCorruptImage, position, detail};
}

struct ItemInfo {
  std::uint32_t id = 0;
  std::uint32_t type = 0;
};

// Iterates over the items that "iinf" lists.
class ItemInfos {
 public:
  explicit ItemInfos(Bytes infos) : list_(behind_count(infos)) {}

  std::optional<ItemInfo> next() {
    const auto box = list_.next();
    if (!box) return std::nullopt;
    ByteReader reader = box->payload;
    const std::uint8_t version = reader.u8();
    reader.skip(3);
    ItemInfo info;
    info.id = read_item_id(reader, version > 2);
    reader.skip(2);  // protection index
    info.type = reader.u32be();
    return version >= 2 && reader.ok() ? info : ItemInfo{};
  }

 private:
  static ByteReader behind_count(Bytes infos) {
    ByteReader reader(infos);
    const bool is_long = reader.u8() != 0;
    reader.skip(is_long ? 7 : 5);
    return reader;
  }

  BoxList list_;
};

}  // namespace

// The widths of the fields of "iloc", in bytes.
struct Items::Sizes {
  std::uint8_t offset = 0, length = 0, base = 0, index = 0;
  bool are_valid() const { return is_size(offset) && is_size(length) && is_size(base) && is_size(index); }
};

std::uint32_t item_type(Bytes infos, std::uint32_t id) {
  ItemInfos list(infos);
  while (const auto info = list.next()) {
    if (info->id == id && info->type != 0) return info->type;
  }
  return 0;
}

Result<Items> Items::read(Bytes file, Bytes meta, std::span<const std::uint32_t> ids) {
  Items items;
  NETOCR_TRY(items.index(ids));
  items.read_types(find_box(meta, fourcc("iinf")));
  NETOCR_TRY(items.read_locations(find_box(meta, fourcc("iloc")), file, find_box(meta, fourcc("idat"))));
  NETOCR_TRY(items.read_properties(find_box(meta, fourcc("iprp"))));
  return items;
}

Status Items::index(std::span<const std::uint32_t> ids) {
  NETOCR_ASSIGN(items_, Array<Item>::create(ids.size()));
  NETOCR_ASSIGN(by_id_, Array<std::uint32_t>::create(ids.size()));
  NETOCR_ASSIGN(extents_, Array<Extent>::create(kMaxExtents));
  for (std::uint32_t i = 0; i < ids.size(); ++i) {
    items_[i] = {};
    items_[i].id = ids[i];
    by_id_[i] = i;
  }
  const auto order = by_id_.span();
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return ids[a] < ids[b]; });
  const auto same = [&](std::uint32_t a, std::uint32_t b) { return ids[a] == ids[b]; };
  if (std::adjacent_find(order.begin(), order.end(), same) == order.end()) return {};
  return Error{ErrorCode::kUnsupportedFeature, 0, "a tile is used twice"};
}

Item* Items::find(std::uint32_t id) {
  const auto order = by_id_.span();
  const auto before = [this](std::uint32_t index, std::uint32_t wanted) { return items_[index].id < wanted; };
  const auto found = std::lower_bound(order.begin(), order.end(), id, before);
  return found != order.end() && items_[*found].id == id ? &items_[*found] : nullptr;
}

void Items::read_types(Bytes infos) {
  ItemInfos list(infos);
  while (const auto info = list.next()) {
    Item* const item = find(info->id);
    if (item != nullptr && item->type == 0) item->type = info->type;
  }
}

Status Items::read_locations(Bytes locations, Bytes file, Bytes data) {
  ByteReader reader(locations);
  const std::uint8_t version = reader.u8();
  reader.skip(3);
  const std::uint8_t first = reader.u8();
  const std::uint8_t second = reader.u8();
  const Sizes sizes{static_cast<std::uint8_t>(first >> 4), static_cast<std::uint8_t>(first & 15),
                    static_cast<std::uint8_t>(second >> 4),
                    static_cast<std::uint8_t>(version == 0 ? 0 : second & 15)};
  if (version > 2 || !sizes.are_valid()) return corrupt("the locations of the items cannot be read");
  const std::uint32_t count = read_item_id(reader, version == 2);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    Item* item = find(read_item_id(reader, version == 2));
    const std::uint16_t method = version == 0 ? 0 : reader.u16be() & 15;
    const bool is_here = reader.u16be() == 0;  // data reference 0: the bytes are in this file
    if (item != nullptr && (item->extent_count != 0 || !is_here || method > 1)) item = nullptr;
    const bool in_data = method == 1;
    NETOCR_TRY(
        read_extents(reader, sizes, item, in_data ? data : file,
                     in_data && !data.empty() ? static_cast<std::size_t>(data.data() - file.data()) : 0));
  }
  return {};
}

Status Items::read_extents(ByteReader& reader, const Sizes& sizes, Item* item, Bytes source,
                           std::size_t source_at) {
  const std::uint64_t base = read_sized(reader, sizes.base);
  const std::uint16_t count = reader.u16be();
  if (item == nullptr) {
    reader.skip(std::uint64_t{count} * (sizes.index + sizes.offset + sizes.length));
    return {};
  }
  if (count > kMaxExtents - extent_count_)
    return Error{ErrorCode::kUnsupportedFeature, 0, "the picture is in too many pieces"};
  item->first_extent = extent_count_;
  std::uint64_t total = 0;
  for (std::uint16_t i = 0; i < count && reader.ok(); ++i) {
    reader.skip(sizes.index);
    const std::uint64_t offset = read_sized(reader, sizes.offset);
    std::uint64_t length = read_sized(reader, sizes.length);
    const bool starts_inside = base <= source.size() && offset <= source.size() - base;
    const std::uint64_t rest = starts_inside ? source.size() - base - offset : 0;
    if (length == 0 && count == 1) length = rest;  // the extent reaches to the end of its source
    total += std::min(length, rest);
    if (!starts_inside || length == 0 || length > rest || total > source.size())
      return corrupt("a part of the picture is not in the file");
    extents_[extent_count_++] = {source_at + static_cast<std::size_t>(base + offset),
                                 static_cast<std::size_t>(length)};
    ++item->extent_count;
  }
  return {};
}

Status Items::read_properties(Bytes lists) {
  const Bytes boxes = find_box(lists, fourcc("ipco"));
  Array<Property> properties;
  NETOCR_ASSIGN(properties, Array<Property>::create(kMaxBoxes));
  std::uint32_t property_count = 0;
  BoxList list{ByteReader(boxes)};
  while (const auto box = list.next()) properties[property_count++] = {box->type, box->payload.rest()};

  ByteReader reader(find_box(lists, fourcc("ipma")));
  const bool long_ids = reader.u8() != 0;
  const bool long_indices = (reader.u24be() & 1) != 0;
  const std::uint32_t entries = reader.u32be();
  for (std::uint32_t i = 0; i < entries && reader.ok(); ++i) {
    Item* item = find(read_item_id(reader, long_ids));
    const std::uint8_t count = reader.u8();
    if (item != nullptr && item->has_properties) item = nullptr;
    if (item != nullptr) item->has_properties = true;
    for (std::uint8_t k = 0; k < count && reader.ok(); ++k) {
      // The highest bit marks a property as essential.
      const std::uint32_t number = long_indices ? reader.u16be() : reader.u8();
      const std::uint32_t mark = long_indices ? 0x8000 : 0x80;
      const std::uint32_t index = number & (mark - 1);
      if (item == nullptr || !reader.ok() || index == 0) continue;
      if (index <= property_count) apply(properties[index - 1], (number & mark) != 0, *item);
    }
  }
  return {};
}

void Items::apply(const Property& property, bool is_essential, Item& item) {
  ByteReader reader(property.contents);
  switch (property.type) {
    case fourcc("ispe"):
      reader.skip(4);
      item.size.width = reader.u32be();
      item.size.height = reader.u32be();
      break;
    case fourcc("hvcC"):
    case fourcc("avcC"):
      item.configuration = property.contents;
      break;
    case fourcc("clap"):
      item.clean_aperture = property.contents;
      item.turns_before_clap = item.turns;
      item.is_transformed = true;
      break;
    case fourcc("irot"):
      turn_left(item.turns, reader.u8() & 3);
      item.is_transformed = true;
      break;
    case fourcc("imir"):
      mirror(item.turns, (reader.u8() & 1) != 0);
      item.is_transformed = true;
      break;
    case fourcc("colr"):
      if (as_text(reader.take(4)) == "nclx") item.nclx = reader.rest();
      break;
    default:
      item.is_strange = item.is_strange || (is_essential && !is_known(property.type));
      break;
  }
}

}  // namespace netocr::heif
