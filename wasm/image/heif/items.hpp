// Reads the items of a HEIF file that make up one picture: their types, the ranges of their bytes, and their
// properties (ISO/IEC 14496-12, section 8.11; ISO/IEC 23008-12, section 6.5).
#pragma once

#include <span>

#include "image/heif/boxes.hpp"
#include "image/heif/header.hpp"

namespace netocr::heif {

// A range of bytes that lies inside the file.
struct Extent {
  std::size_t offset = 0;
  std::size_t length = 0;
};

// The description of one item. A field keeps its default when the file lacks it.
struct Item {
  std::uint32_t id = 0;
  std::uint32_t type = 0;  // a four-character code
  std::uint32_t first_extent = 0, extent_count = 0;
  Size size;                // size as it is coded
  Bytes configuration;      // contents of hvcC or avcC
  Bytes clean_aperture;     // contents of the last clap
  Turns turns_before_clap;  // orientation of the picture when the clap applies
  Turns turns;
  Bytes nclx;                   // contents of colr behind the word "nclx"
  bool is_transformed = false;  // whether it has irot, imir or clap
  bool is_strange = false;      // whether an essential property is unknown
  bool has_properties = false;
};

class Items {
 public:
  // Reads the descriptions of the items with these ids, in this order. `file` must outlive the result.
  // Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE (also for an id that occurs twice), OUT_OF_MEMORY.
  static Result<Items> read(Bytes file, Bytes meta, std::span<const std::uint32_t> ids);

  std::span<const Item> all() const { return items_.span(); }
  // Returns the ranges that make up an item's bytes, in order; none when the file does not locate it.
  std::span<const Extent> extents_of(const Item& item) const {
    return extents_.span().subspan(item.first_extent, item.extent_count);
  }

 private:
  struct Property {
    std::uint32_t type;
    Bytes contents;
  };
  struct Sizes;

  Item* find(std::uint32_t id);
  Status index(std::span<const std::uint32_t> ids);
  void read_types(Bytes infos);
  Status read_locations(Bytes locations, Bytes file, Bytes data);
  Status read_extents(ByteReader& reader, const Sizes& sizes, Item* item, Bytes source,
                      std::size_t source_at);
  Status read_properties(Bytes lists);
  static void apply(const Property& property, bool is_essential, Item& item);

  Array<Item> items_;
  Array<std::uint32_t> by_id_;  // indices of items_, sorted by id
  Array<Extent> extents_;
  std::uint32_t extent_count_ = 0;
};

// Returns the type of an item; 0 when it is not listed. `infos` is the contents of "iinf".
std::uint32_t item_type(Bytes infos, std::uint32_t id);

}  // namespace netocr::heif
