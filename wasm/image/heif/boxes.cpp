// Reads lists of boxes up to the first damaged one.
#include "image/heif/boxes.hpp"

#include <algorithm>

namespace netocr::heif {

std::optional<IsoBox> BoxList::next() {
  if (left_ == 0) return std::nullopt;
  --left_;
  Result<IsoBox> box = read_iso_box(reader_, ErrorCode::kCorruptImage);
  if (!box.ok()) return std::nullopt;
  return *box;
}

Bytes find_box(Bytes boxes, std::uint32_t type, std::size_t skipped) {
  BoxList list{ByteReader(boxes)};
  while (const auto box = list.next()) {
    const Bytes contents = box->payload.rest();
    if (box->type == type) return contents.subspan(std::min(skipped, contents.size()));
  }
  return {};
}

std::optional<std::uint32_t> primary_item(Bytes meta) {
  ByteReader reader(find_box(meta, fourcc("pitm")));
  const bool is_long = reader.u8() != 0;
  reader.skip(3);
  const std::uint32_t id = read_item_id(reader, is_long);
  return reader.ok() ? std::optional(id) : std::nullopt;
}

}  // namespace netocr::heif
