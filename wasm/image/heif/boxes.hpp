// Looks up the boxes around a HEIF picture, for the header and for the coded parts (ISO/IEC 14496-12,
// sections 4.2 and 8.11).
#pragma once

#include <cstdint>
#include <optional>

#include "base/iso_box.hpp"

namespace netocr::heif {

// Max number of boxes read from one list: real files have some dozens of properties.
inline constexpr std::uint32_t kMaxBoxes = 4096;

// Iterates over the boxes of one list.
class BoxList {
 public:
  explicit BoxList(ByteReader boxes) : reader_(boxes) {}

  // Returns nothing behind the last box, or from the first damaged one on.
  std::optional<IsoBox> next();

 private:
  ByteReader reader_;
  std::uint32_t left_ = kMaxBoxes;
};

// Returns the contents of the first box of a type, from `skipped` bytes on; empty when there is none.
Bytes find_box(Bytes boxes, std::uint32_t type, std::size_t skipped = 0);

// Returns the id of the primary picture's item; nothing when the file does not name it. `meta` is the
// contents of the box "meta" behind its version and flags.
std::optional<std::uint32_t> primary_item(Bytes meta);

inline std::uint32_t read_item_id(ByteReader& reader, bool is_long) {
  return is_long ? reader.u32be() : reader.u16be();
}

}  // namespace netocr::heif
