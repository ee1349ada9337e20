// The tags of one TIFF directory as they are, before what they leave out is filled in.
#pragma once

#include <optional>

#include "image/tiff/header.hpp"

namespace netocr {

struct TiffTags {
  TiffDirectory directory;
  bool has_bits = false;
  bool has_samples = false;
  bool has_photometric = false;
  bool has_reference = false;
  std::optional<std::uint32_t> rows_per_strip;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  TiffEntry strip_offsets, strip_lengths, tile_offsets, tile_lengths;
  TiffEntry extra_samples;
  TiffEntry color_map;
};

// Takes what an entry says into `tags`; a tag that is not known is metadata.
void apply_tiff_entry(const TiffEntry& entry, TiffTags& tags);

}  // namespace netocr
