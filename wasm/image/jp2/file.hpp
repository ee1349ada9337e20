// A JPEG 2000 file with all its headers read: boxes, codestream, tile-parts and channels.
#pragma once

#include <optional>

#include "image/jp2/boxes.hpp"
#include "image/jp2/channels.hpp"
#include "image/jp2/codestream.hpp"

namespace netocr::jp2 {

struct File {
  std::optional<Boxes> boxes;  // empty for a raw codestream
  Header header;
  Tiles tiles;
  Channels channels;
};

// Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE, IMAGE_TOO_LARGE (tiles), OUT_OF_MEMORY.
Result<File> read_file(Bytes bytes, bool in_boxes);

// Returns the finest sampling among the channels: that of the picture when channels of different sampling are
// combined.
Component finest_sampling(const Header& header, const Channels& channels);

// Returns the picture's rectangle in samples of its finest channel, as a file whose channels are all
// subsampled has no finer ones.
Rect picture_rect(const File& file, std::uint32_t reduce);

}  // namespace netocr::jp2
