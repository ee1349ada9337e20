// The tags of one TIFF directory as they are, before what they leave out is filled in.
#pragma once

#include <optional>

#include "image/tiff/header.hpp"

namespace netocr::tiff {

struct Tags {
  Directory directory;
  bool has_bits = false;
  bool has_samples = false;
  bool has_photometric = false;
  bool has_reference = false;
  std::optional<std::uint32_t> rows_per_strip;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  Entry strip_offsets, strip_lengths, tile_offsets, tile_lengths;
  Entry extra_samples;
  Entry color_map;
};

// Takes what an entry says into `tags`; a tag that is not known is metadata.
void apply_entry(const Entry& entry, Tags& tags);

}  // namespace netocr::tiff
