// A JPEG 2000 file with all its headers read: boxes, codestream, tile-parts, and what they mean together.
#pragma once

#include <optional>

#include "image/jp2/boxes.hpp"
#include "image/jp2/channels.hpp"
#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

struct File {
  std::optional<Boxes> boxes;  // none: a raw codestream
  Header header;
  Tiles tiles;
  Channels channels;
};

// Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE, IMAGE_TOO_LARGE (tiles), OUT_OF_MEMORY.
Result<File> read_file(Bytes bytes, bool in_boxes);

// The finest sampling among the channels: that of the picture when channels must be put together.
Component finest_sampling(const Header& header, const Channels& channels);

// The picture's size is that of its finest channel: files whose channels are all subsampled have no more than
// that.
Rect picture_rect(const File& file, std::uint32_t reduce);

}  // namespace netocr::jp2
