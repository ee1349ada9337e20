// HEIC files with coded parts: items of any type, where their bytes lie, and what they are derived from.
#pragma once

#include <string_view>
#include <vector>

#include "cpp/image/heif/maker.hpp"

namespace netocr::testing {

// A baseline AVC configuration of x264: 4:2:0, 8 bits, limited range, BT.601.
inline const ByteVector kAvcConfiguration = {1,    0x42, 0xc0, 0x0a, 0xff, 0xe1, 0x00, 0x18, 0x67, 0x42,
                                             0xc0, 0x0a, 0xdc, 0x20, 0x9a, 0x6a, 0x04, 0x04, 0x0c, 0x80,
                                             0x00, 0x00, 0x03, 0x00, 0x80, 0x00, 0x00, 0x19, 0x07, 0x89,
                                             0x13, 0xc0, 0x01, 0x00, 0x05, 0x68, 0xce, 0x3b, 0xc8, 0x00};

struct CodedItem {
  std::string_view type;
  ByteVector data;
  std::vector<ByteVector> properties;
  bool in_data_box = false;  // "idat"
  std::size_t pieces = 1;    // extents
  std::uint16_t method = 0;  // of construction, where it is not what in_data_box says
};

struct CodedFile {
  std::vector<CodedItem> items;        // with the ids 1, 2, ...
  std::vector<std::uint16_t> sources;  // of item 1, by "dimg"
  std::uint16_t primary = 1;
  std::uint8_t location_version = 1;
  std::uint8_t field_size = 4;  // of offsets, lengths and bases
};

inline ByteVector big_endian(std::uint64_t value, int count) {
  ByteVector bytes;
  heif_maker::put(bytes, value, count);
  return bytes;
}

inline ByteVector grid_contents(std::uint8_t columns, std::uint8_t rows, std::uint32_t width,
                                std::uint32_t height, bool is_long = false) {
  return joined({{0, static_cast<std::uint8_t>(is_long ? 1 : 0), static_cast<std::uint8_t>(rows - 1),
                  static_cast<std::uint8_t>(columns - 1)},
                 big_endian(width, is_long ? 4 : 2),
                 big_endian(height, is_long ? 4 : 2)});
}

// Both boxes of a coded tile.
inline std::vector<ByteVector> tile_properties(std::uint32_t width, std::uint32_t height) {
  return {image_size(width, height), box("avcC", kAvcConfiguration)};
}

// A grid (item 1, in "idat") of tiles of one byte each.
inline CodedFile grid_file(std::uint8_t columns, std::uint8_t rows, std::uint32_t tile, std::uint32_t width,
                           std::uint32_t height) {
  CodedFile file;
  file.items.push_back(
      {"grid", grid_contents(columns, rows, width, height), {image_size(width, height)}, true});
  for (std::uint16_t i = 0; i < columns * rows; ++i) {
    file.items.push_back({"avc1", {static_cast<std::uint8_t>(i)}, tile_properties(tile, tile)});
    file.sources.push_back(static_cast<std::uint16_t>(i + 2));
  }
  return file;
}

namespace coded_maker {

struct Places {
  std::size_t media = 0, data = 0;
};

inline ByteVector location(const CodedFile& file, std::uint16_t id, Places& next) {
  const CodedItem& item = file.items[id - 1U];
  std::size_t& at = item.in_data_box ? next.data : next.media;
  const auto method = static_cast<std::uint16_t>(item.method != 0 ? item.method : item.in_data_box ? 1 : 0);
  const bool has_base = file.location_version == 2;
  ByteVector bytes = big_endian(id, file.location_version == 2 ? 4 : 2);
  if (file.location_version > 0) bytes = joined({bytes, big_endian(method, 2)});
  const std::size_t base = has_base ? at : 0;
  bytes =
      joined({bytes, {0, 0}, big_endian(base, has_base ? file.field_size : 0), big_endian(item.pieces, 2)});
  for (std::size_t i = 0; i < item.pieces; ++i) {
    const std::size_t from = item.data.size() * i / item.pieces;
    const std::size_t to = item.data.size() * (i + 1) / item.pieces;
    bytes = joined(
        {bytes, big_endian(at + from - base, file.field_size), big_endian(to - from, file.field_size)});
  }
  at += item.data.size();
  return bytes;
}

inline ByteVector assemble(const CodedFile& file, std::size_t media_at) {
  ByteVector locations, infos, properties, associations, data, media;
  Places next{media_at, 0};
  std::uint8_t number = 0;
  for (std::uint16_t id = 1; id <= file.items.size(); ++id) {
    const CodedItem& item = file.items[id - 1U];
    locations = joined({locations, location(file, id, next)});
    infos =
        joined({infos, full_box("infe", 2, 0, joined({big_endian(id, 2), {0, 0}, letters(item.type), {0}}))});
    associations =
        joined({associations, big_endian(id, 2), {static_cast<std::uint8_t>(item.properties.size())}});
    for (const ByteVector& property : item.properties) {
      properties = joined({properties, property});
      associations.push_back(static_cast<std::uint8_t>(0x80 | ++number));
    }
    ByteVector& where = item.in_data_box ? data : media;
    where = joined({where, item.data});
  }
  const auto count = file.items.size();
  const auto sizes = static_cast<std::uint8_t>(file.field_size << 4 | file.field_size);
  const auto bases = static_cast<std::uint8_t>(file.location_version == 2 ? file.field_size << 4 : 0);
  ByteVector sources;
  for (const std::uint16_t source : file.sources) sources = joined({sources, big_endian(source, 2)});
  const ByteVector derived = box("dimg", joined({{0, 1}, big_endian(file.sources.size(), 2), sources}));
  return joined(
      {box("ftyp", letters("mif1    mif1avci")),
       full_box("meta", 0, 0,
                joined({full_box("hdlr", 0, 0, ByteVector(20, 0)),
                        full_box("pitm", 0, 0, big_endian(file.primary, 2)),
                        full_box("iloc", file.location_version, 0,
                                 joined({{sizes, bases},
                                         big_endian(count, file.location_version == 2 ? 4 : 2),
                                         locations})),
                        full_box("iinf", 0, 0, joined({big_endian(count, 2), infos})),
                        box("iprp",
                            joined({box("ipco", properties),
                                    full_box("ipma", 0, 0, joined({big_endian(count, 4), associations}))})),
                        full_box("iref", 0, 0, derived), box("idat", data)})),
       box("mdat", media)});
}

}  // namespace coded_maker

inline ByteVector make_coded_heif(const CodedFile& file) {
  std::size_t media = 0;
  for (const CodedItem& item : file.items) media += item.in_data_box ? 0 : item.data.size();
  return coded_maker::assemble(file, coded_maker::assemble(file, 0).size() - media);
}

}  // namespace netocr::testing
