// HEIC and AVIF files without pixels, box by box.
#pragma once

#include <string_view>

#include "cpp/image/joined.hpp"

namespace netocr::testing {

namespace heif_maker {
inline void put(ByteVector& bytes, std::uint64_t value, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}
}  // namespace heif_maker

inline ByteVector box(std::string_view type, const ByteVector& contents) {
  ByteVector bytes;
  heif_maker::put(bytes, 8 + contents.size(), 4);
  return joined({bytes, letters(type), contents});
}
// The same with its size in 64 bits.
inline ByteVector long_box(std::string_view type, const ByteVector& contents) {
  ByteVector size;
  heif_maker::put(size, 16 + contents.size(), 8);
  return joined({{0, 0, 0, 1}, letters(type), size, contents});
}
inline ByteVector full_box(std::string_view type, std::uint8_t version, std::uint8_t flags,
                           const ByteVector& contents) {
  return box(type, joined({{version, 0, 0, flags}, contents}));
}

inline ByteVector image_size(std::uint32_t width, std::uint32_t height) {
  ByteVector contents;
  heif_maker::put(contents, width, 4);
  heif_maker::put(contents, height, 4);
  return full_box("ispe", 0, 0, contents);
}
inline ByteVector rotated(std::uint8_t quarters_left) { return box("irot", {quarters_left}); }
inline ByteVector mirrored(std::uint8_t axis) { return box("imir", {axis}); }
// Whole numbers of pixels, in fractions of `denominator`.
inline ByteVector clean_aperture(std::uint32_t width, std::uint32_t height, std::uint32_t denominator = 1) {
  ByteVector contents;
  for (const std::uint32_t value :
       {width * denominator, denominator, height * denominator, denominator, 0U, 1U, 0U, 1U}) {
    heif_maker::put(contents, value, 4);
  }
  return box("clap", contents);
}
inline ByteVector color_profile_property(const ByteVector& icc) {
  return box("colr", joined({letters("prof"), icc}));
}
inline ByteVector code_points(std::uint8_t primaries, std::uint8_t transfer) {
  return box("colr", joined({letters("nclx"), {0, primaries, 0, transfer, 0, 6, 0x80}}));
}

struct HeifSpec {
  std::string_view brand = "heic";
  std::vector<ByteVector> properties;
  ByteVector associated;          // numbers of properties, from 1, of the primary picture (item 7)
  bool long_numbers = false;      // ids of 32 bits, indices of 16
  std::vector<ByteVector> items;  // boxes "infe"
};

// All properties are those of the primary picture, in their order.
inline HeifSpec spec_of(const std::vector<ByteVector>& properties) {
  HeifSpec spec;
  spec.properties = properties;
  for (std::size_t i = 1; i <= properties.size(); ++i)
    spec.associated.push_back(static_cast<std::uint8_t>(i));
  return spec;
}

inline ByteVector make_heif(const HeifSpec& spec) {
  const auto id = [&](std::uint32_t value) {
    ByteVector bytes;
    heif_maker::put(bytes, value, spec.long_numbers ? 4 : 2);
    return bytes;
  };
  const std::uint8_t version = spec.long_numbers ? 1 : 0;
  // Another item comes first.
  ByteVector list = joined({{0, 0, 0, 2}, id(3), {0}, id(7)});
  list.push_back(static_cast<std::uint8_t>(spec.associated.size()));
  for (const std::uint8_t number : spec.associated) {
    if (spec.long_numbers) list.push_back(0x80);
    list.push_back(spec.long_numbers ? number : number | 0x80);
  }
  const ByteVector infos = joined({{0, static_cast<std::uint8_t>(spec.items.size())}, joined(spec.items)});
  const ByteVector meta =
      joined({full_box("hdlr", 0, 0, ByteVector(20, 0)), full_box("pitm", version, 0, id(7)),
              full_box("iinf", 0, 0, infos),
              box("iprp",
                  joined({box("ipco", joined(spec.properties)), full_box("ipma", version, version, list)}))});
  return joined({box("ftyp", joined({letters(spec.brand), {0, 0, 0, 0}, letters("mif1")})),
                 full_box("meta", 0, 0, meta), box("mdat", {1, 2, 3})});
}

}  // namespace netocr::testing
