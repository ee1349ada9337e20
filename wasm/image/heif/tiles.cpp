// Checks everything that a decoder needs before anything of the picture's size is allocated.
#include "image/heif/tiles.hpp"

#include <algorithm>

#include "image/heif/open.hpp"
#include "image/heif/planes.hpp"

namespace netocr::heif {
namespace {

// Phones write tiles of 512, and a picture at the limit of 120 megapixels has 460 of them.
constexpr std::uint32_t kMaxTiles = 4096;
// ISO/IEC 23000-22 (MIAF), 7.3.11.4.2. The bound keeps the number of tiles in proportion to the picture.
constexpr std::uint32_t kSmallestTile = 64;

Error unsupported(const char* detail) { return Error{ErrorCode::kUnsupportedFeature, 0, detail}; }
Error corrupt(const char* detail) { return Error{ErrorCode::kCorruptImage, 0, detail}; }

bool is_coded(std::uint32_t type) { return type == fourcc("hvc1") || type == fourcc("avc1"); }

// Returns `first` and the ids of the items that it is derived from.
Result<Array<std::uint32_t>> read_sources(Bytes meta, std::uint32_t first) {
  ByteReader reader(find_box(meta, fourcc("iref")));
  const bool long_ids = reader.u8() != 0;
  reader.skip(3);
  BoxList list(reader);
  while (const auto box = list.next()) {
    ByteReader ids = box->payload;
    if (box->type != fourcc("dimg") || read_item_id(ids, long_ids) != first) continue;
    const std::uint16_t count = ids.u16be();
    if (count > kMaxTiles) return unsupported("the picture has too many tiles");
    NETOCR_ASSIGN(auto all, Array<std::uint32_t>::create(std::size_t{count} + 1));
    all[0] = first;
    for (std::uint16_t i = 0; i < count; ++i) all[i + 1U] = read_item_id(ids, long_ids);
    if (!ids.ok()) return corrupt("the list of tiles is cut off");
    return all;
  }
  return corrupt("the grid has no tiles");
}

// Reads the primary picture, and its tiles when it is a grid.
Result<Items> read_items(Bytes file) {
  const Bytes meta = find_box(file, fourcc("meta"), 4);
  const auto primary = primary_item(meta);
  if (!primary) return corrupt("the file names no primary picture");
  const std::uint32_t type = item_type(find_box(meta, fourcc("iinf")), *primary);
  if (type == 0) return corrupt("the primary picture is not listed");
  if (is_coded(type)) return Items::read(file, meta, std::span(&*primary, 1));
  if (type != fourcc("grid")) return unsupported("the picture is neither HEVC nor AVC, nor a grid of such");
  NETOCR_ASSIGN(const auto ids, read_sources(meta, *primary));
  return Items::read(file, meta, ids.span());
}

struct Grid {
  std::uint32_t columns = 1, rows = 1;
  Size output;
};

// Reads the contents of the grid item, the first of `items`.
Result<Grid> read_grid(Bytes file, const Items& items) {
  const auto extents = items.extents_of(items.all().front());
  if (extents.size() != 1) return corrupt("the grid is not in the file");
  ByteReader reader(file.subspan(extents[0].offset, extents[0].length));
  reader.skip(1);
  const bool is_long = (reader.u8() & 1) != 0;
  Grid grid;
  grid.rows = reader.u8() + 1U;
  grid.columns = reader.u8() + 1U;
  grid.output.width = is_long ? reader.u32be() : reader.u16be();
  grid.output.height = is_long ? reader.u32be() : reader.u16be();
  if (!reader.ok()) return corrupt("the grid is cut off");
  if (items.all().size() - 1 != std::size_t{grid.columns} * grid.rows)
    return corrupt("the grid and its list of tiles differ");
  return grid;
}

Status check_tile(const Item& tile, const Items& items, const Item& first) {
  if (tile.type != first.type || !is_coded(tile.type)) return unsupported("tiles of different codings");
  if (items.extents_of(tile).empty()) return corrupt("a tile is not in the file");
  if (tile.configuration.empty()) return corrupt("a tile has no decoder configuration");
  if (tile.size.width != first.size.width || tile.size.height != first.size.height)
    return unsupported("tiles of different sizes");
  if (!std::ranges::equal(tile.configuration, first.configuration))
    return unsupported("tiles of different configurations");
  return tile.is_strange ? unsupported("a property of the picture is not known") : Status{};
}

// Checks that the tiles leave no gap and that no whole row or column of them lies outside of the picture.
Status check_grid(const Grid& grid, const Item& tile, const Header& header) {
  const auto [width, height] = tile.size;
  if (width < kSmallestTile || height < kSmallestTile || width % 2 != 0 || height % 2 != 0)
    return unsupported("tiles that are very small, or odd");
  const auto covers = [](std::uint64_t side, std::uint64_t count, std::uint64_t output) {
    return side * count >= output && side * (count - 1) < output;
  };
  if (!covers(width, grid.columns, grid.output.width) || !covers(height, grid.rows, grid.output.height))
    return corrupt("the tiles do not cover the grid");
  const Size coded = header.coded;
  if (coded.width == grid.output.width && coded.height == grid.output.height) return {};
  return corrupt("the grid and the picture differ in size");
}

// Gives nclx precedence over the parameter set.
Status settle_coding(const Item& primary, SampleCoding& coding) {
  ByteReader reader(primary.nclx);
  reader.skip(4);
  const std::uint16_t matrix = reader.u16be();
  const bool is_full_range = (reader.u8() & 0x80) != 0;
  if (reader.ok()) {
    if (matrix != kUnspecified)
      coding.matrix = static_cast<std::uint8_t>(std::min<std::uint16_t>(matrix, 255));
    coding.is_full_range = is_full_range;
  }
  return is_converted(coding) ? Status{} : unsupported("the picture's matrix is not known");
}

Status check_tiles(const CodedPicture& picture, const Limits& limits) {
  const auto tiles = picture.tiles();
  NETOCR_TRY(check_dimensions(picture.tile.width, picture.tile.height, limits));
  for (const Item& tile : tiles) {
    NETOCR_TRY(check_tile(tile, picture.items, tiles.front()));
    if (tiles.size() > 1 && tile.is_transformed) return unsupported("a tile is turned");
  }
  NETOCR_ASSIGN(const auto layout, layout_of({std::uint64_t{picture.tile.width} * picture.columns,
                                              std::uint64_t{picture.tile.height} * picture.rows}));
  if (layout.size > limits.max_decoder_bytes)
    return Error{ErrorCode::kImageTooLarge, 0, "the pixels need more memory than the limit"};
  return {};
}

}  // namespace

Result<CodedPicture> read_coded_picture(Bytes file, const Limits& limits) {
  CodedPicture picture;
  picture.header = read_header(file);
  const Header& header = picture.header;
  NETOCR_TRY(check_size(header, limits));
  if (header.coded.width == 0 || header.coded.height == 0) return corrupt("the picture has no size");
  if (header.has_alpha) return unsupported("the picture has transparency");
  NETOCR_ASSIGN(picture.items, read_items(file));
  const Item& primary = picture.items.all().front();
  if (primary.is_strange) return unsupported("a property of the picture is not known");
  const Item& first = picture.items.all().back();
  if (!is_coded(primary.type)) {
    NETOCR_ASSIGN(const Grid& grid, read_grid(file, picture.items));
    NETOCR_TRY(check_grid(grid, first, header));
    picture.columns = grid.columns;
    picture.rows = grid.rows;
  }
  picture.tile = first.size;
  picture.configuration = first.configuration;
  NETOCR_TRY(check_tiles(picture, limits));
  const Codec codec = first.type == fourcc("hvc1") ? Codec::kHevc : Codec::kAvc;
  NETOCR_ASSIGN(picture.parameters, read_parameters(codec, first.configuration));
  NETOCR_TRY(settle_coding(primary, picture.parameters.coding));
  picture.shown = place_clean_aperture(primary, header.coded, shown_size(header));
  return picture;
}

}  // namespace netocr::heif
