// Reads all headers of a file before a pixel of it is decoded.
#include "image/jp2/file.hpp"

#include <algorithm>

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

}  // namespace netocr::jp2
