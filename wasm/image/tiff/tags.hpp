// The tags of one TIFF directory as stored, before defaults are filled in.
#pragma once

#include <optional>

#include "image/tiff/directory.hpp"

namespace netocr::tiff {

// The tags that the decoder reads.
enum TagId : std::uint16_t {
  kTagNewSubfileType = 254,
  kTagOldSubfileType = 255,
  kTagImageWidth = 256,
  kTagImageLength = 257,
  kTagBitsPerSample = 258,
  kTagCompression = 259,
  kTagPhotometric = 262,
  kTagFillOrder = 266,
  kTagStripOffsets = 273,
  kTagOrientation = 274,
  kTagSamplesPerPixel = 277,
  kTagRowsPerStrip = 278,
  kTagStripByteCounts = 279,
  kTagXResolution = 282,
  kTagYResolution = 283,
  kTagPlanarConfiguration = 284,
  kTagResolutionUnit = 296,
  kTagPageNumber = 297,
  kTagPredictor = 317,
  kTagWhitePoint = 318,
  kTagColorMap = 320,
  kTagTileWidth = 322,
  kTagTileLength = 323,
  kTagTileOffsets = 324,
  kTagTileByteCounts = 325,
  kTagSubDirectories = 330,
  kTagInkSet = 332,
  kTagExtraSamples = 338,
  kTagSampleFormat = 339,
  kTagSMinSampleValue = 340,
  kTagSMaxSampleValue = 341,
  kTagJpegTables = 347,
  kTagJpegProcess = 512,
  kTagJpegStream = 513,  // JPEGInterchangeFormat
  kTagJpegStreamBytes = 514,
  kTagJpegRestartInterval = 515,
  kTagJpegQuantTables = 519,
  kTagJpegDcTables = 520,
  kTagJpegAcTables = 521,
  kTagYcbcrCoefficients = 529,
  kTagYcbcrSubsampling = 530,
  kTagReferenceBlackWhite = 532,
  kTagImageDepth = 32997,
  kTagIccProfile = 34675,
  kTagDngVersion = 50706,
};

struct Tags {
  Directory directory;
  bool has_bits = false;
  bool has_samples = false;
  bool has_photometric = false;
  bool has_reference = false;
  std::optional<std::uint32_t> rows_per_strip;
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  TiffField strip_offsets, strip_lengths, tile_offsets, tile_lengths;
  TiffField extra_samples;
  TiffField color_map;
};

// Applies a field to `tags`; an unknown tag counts as metadata.
void apply_field(const TiffField& field, Tags& tags);

}  // namespace netocr::tiff
