// What is known of a file before a pixel of it is decoded.
#include "image/jp2/file.hpp"

#include <algorithm>

#include "image/jp2/source.hpp"

namespace netocr {
namespace {

Result<Jp2File> read_codestream(Bytes codestream, const Jp2Boxes* boxes) {
  Jp2File file;
  auto header = read_j2k_header(codestream);
  if (!header) return header.error();
  file.header = *header;
  auto tiles = read_j2k_tiles(codestream, file.header);
  if (!tiles) return tiles.error();
  file.tiles = std::move(*tiles);
  const auto channels = map_jp2_channels(file.header, boxes);
  if (!channels) return channels.error();
  file.channels = *channels;
  if (boxes != nullptr) file.boxes = *boxes;
  return file;
}

ImageInfo info_of(const Jp2File& file) {
  ImageInfo info;
  info.width = jp2_picture_rect(file, 0).width();
  info.height = jp2_picture_rect(file, 0).height();
  info.bits_per_sample = file.header.component(file.channels.channels[0].component).precision;
  info.color_model = file.channels.uses_palette() ? ColorModel::kPalette : file.channels.model;
  info.has_alpha = file.channels.alpha != Jp2Alpha::kNone;
  info.has_metadata = file.header.has_comment;
  if (file.boxes) {
    const Jp2Colors& colors = file.boxes->colors;
    info.has_metadata = info.has_metadata || file.boxes->has_metadata ||
                        std::any_of(colors.boxes.begin(), colors.boxes.end(),
                                    [](const Jp2Color& color) { return !color.profile.empty(); });
  }
  info.decodable = true;
  if (file.channels.foreign_color) info.profile = ProfileUse::kIgnored;
  if (file.tiles.truncated) info.warnings |= kWarnTruncated;
  return info;
}

Result<ImageInfo> inspect(Bytes bytes, bool in_boxes) {
  const auto file = read_jp2_file(bytes, in_boxes);
  if (file) return info_of(*file);
  if (file.error().code == ErrorCode::kUnsupportedFeature) return ImageInfo{};
  return file.error();
}

}  // namespace

Result<Jp2File> read_jp2_file(Bytes bytes, bool in_boxes) {
  if (!in_boxes) return read_codestream(bytes, nullptr);
  const auto boxes = read_jp2_boxes(bytes);
  if (!boxes) return boxes.error();
  return read_codestream(boxes->codestream, &*boxes);
}

J2kComponent finest_jp2_sampling(const J2kHeader& header, const Jp2Channels& channels) {
  J2kComponent made = header.component(channels.channels[0].component);
  for (std::size_t i = 1; i < channels.count(); ++i) {
    const J2kComponent component = header.component(channels.channels[i].component);
    made.dx = std::min(made.dx, component.dx);
    made.dy = std::min(made.dy, component.dy);
  }
  return made;
}

J2kRect jp2_picture_rect(const Jp2File& file, std::uint32_t reduce) {
  return j2k_component_rect(file.header.area, finest_jp2_sampling(file.header, file.channels), reduce);
}

Result<ImageInfo> inspect_jp2(Bytes bytes) { return inspect(bytes, true); }
Result<ImageInfo> inspect_j2k(Bytes bytes) { return inspect(bytes, false); }

Bytes jp2_profile(Bytes bytes) {
  const auto boxes = read_jp2_boxes(bytes);
  if (!boxes) return {};
  const auto header = read_j2k_header(boxes->codestream);
  if (!header) return {};
  const auto channels = map_jp2_channels(*header, &*boxes);
  return channels ? channels->profile : Bytes{};
}

}  // namespace netocr
