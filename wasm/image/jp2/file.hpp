// A JPEG 2000 file with all its headers read: boxes, codestream, tile-parts, and what they mean together.
#pragma once

#include <optional>

#include "image/jp2/boxes.hpp"
#include "image/jp2/channels.hpp"
#include "image/jp2/codestream.hpp"

namespace netocr {

struct Jp2File {
  std::optional<Jp2Boxes> boxes;  // none: a raw codestream
  J2kHeader header;
  J2kTiles tiles;
  Jp2Channels channels;
};

// Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE, IMAGE_TOO_LARGE (tiles), OUT_OF_MEMORY.
Result<Jp2File> read_jp2_file(Bytes bytes, bool in_boxes);

// The finest sampling among the channels: that of the picture when channels must be put together.
J2kComponent finest_jp2_sampling(const J2kHeader& header, const Jp2Channels& channels);

// The picture's size is that of its finest channel: files whose channels are all subsampled have no more than
// that.
J2kRect jp2_picture_rect(const Jp2File& file, std::uint32_t reduce);

}  // namespace netocr
