// What is known of a file before a pixel of it is decoded.
#include "image/jp2/file.hpp"

#include <algorithm>

#include "image/jp2/source.hpp"

namespace netocr::jp2 {
namespace {

Result<File> read_codestream(Bytes codestream, const Boxes* boxes) {
  File file;
  NETOCR_ASSIGN(auto header, read_header(codestream));
  file.header = header;
  NETOCR_ASSIGN(auto tiles, read_tiles(codestream, file.header));
  file.tiles = std::move(tiles);
  NETOCR_ASSIGN(const auto& channels, map_channels(file.header, boxes));
  file.channels = channels;
  if (boxes != nullptr) file.boxes = *boxes;
  return file;
}

ImageInfo info_of(const File& file) {
  ImageInfo info;
  info.width = picture_rect(file, 0).width();
  info.height = picture_rect(file, 0).height();
  info.bits_per_sample = file.header.component(file.channels.channels[0].component).precision;
  info.color_model = file.channels.uses_palette() ? ColorModel::kPalette : file.channels.model;
  info.has_alpha = file.channels.alpha != Alpha::kNone;
  info.has_metadata = file.header.has_comment;
  if (file.boxes) {
    const Colors& colors = file.boxes->colors;
    info.has_metadata = info.has_metadata || file.boxes->has_metadata ||
                        std::any_of(colors.boxes.begin(), colors.boxes.end(),
                                    [](const Color& color) { return !color.profile.empty(); });
  }
  info.decodable = true;
  if (file.channels.foreign_color) info.profile = ProfileUse::kIgnored;
  if (file.tiles.truncated) info.warnings |= kWarnTruncated;
  return info;
}

Result<ImageInfo> inspect(Bytes bytes, bool in_boxes) {
  const auto file = read_file(bytes, in_boxes);
  if (file.ok()) return info_of(*file);
  if (file.error().code == ErrorCode::kUnsupportedFeature) return ImageInfo{};
  return file.error();
}

}  // namespace

Result<File> read_file(Bytes bytes, bool in_boxes) {
  if (!in_boxes) return read_codestream(bytes, nullptr);
  NETOCR_ASSIGN(const auto& boxes, read_boxes(bytes));
  return read_codestream(boxes.codestream, &boxes);
}

Component finest_sampling(const Header& header, const Channels& channels) {
  Component made = header.component(channels.channels[0].component);
  for (std::size_t i = 1; i < channels.count(); ++i) {
    const Component component = header.component(channels.channels[i].component);
    made.dx = std::min(made.dx, component.dx);
    made.dy = std::min(made.dy, component.dy);
  }
  return made;
}

Rect picture_rect(const File& file, std::uint32_t reduce) {
  return component_rect(file.header.area, finest_sampling(file.header, file.channels), reduce);
}

Result<ImageInfo> inspect_file(Bytes bytes) { return inspect(bytes, true); }
Result<ImageInfo> inspect_codestream(Bytes bytes) { return inspect(bytes, false); }

Bytes find_profile(Bytes bytes) {
  const auto boxes = read_boxes(bytes);
  if (!boxes.ok()) return {};
  const auto header = read_header(boxes->codestream);
  if (!header.ok()) return {};
  const auto channels = map_channels(*header, &*boxes);
  return channels.ok() ? channels->profile : Bytes{};
}

}  // namespace netocr::jp2
