// Has one switch for each group of tags: a tag belongs to the first that contains it. Numbers may have any
// integer type.
#include "image/tiff/tags.hpp"

#include <algorithm>

namespace netocr::tiff {
namespace {

// Bits of NewSubfileType; the third is DNG's depth map (DNG 1.6 chapter 4).
constexpr std::uint32_t kReduced = 1;
constexpr std::uint32_t kPage = 2;
constexpr std::uint32_t kMaskOrDepth = 4 | 8;
// The max number of values that are read of a tag with one value per sample. Some writers list more than
// there are samples.
constexpr std::uint64_t kMaxSampleValues = 64;

template <std::size_t kCount>
void read_reals(const TiffField& field, std::array<double, kCount>& target) {
  if (field.values() < kCount) return;
  for (std::size_t i = 0; i < kCount; ++i) target[i] = field.real(i);
}

void read_bits(const TiffField& field, Header& header) {
  header.bits_per_sample = field.small_number();
  for (std::uint64_t i = 1; i < std::min(field.values(), kMaxSampleValues); ++i) {
    header.same_bits = header.same_bits && field.small_number(i) == header.bits_per_sample;
  }
}

SampleType sample_kind(const TiffField& field) {
  const std::uint16_t format = field.small_number();
  for (std::uint64_t i = 1; i < std::min(field.values(), kMaxSampleValues); ++i) {
    if (field.small_number(i) != format) return SampleType::kOther;
  }
  switch (format) {
    case 1:
    case 4:  // "void": any
      return SampleType::kUnsigned;
    case 2:
      return SampleType::kSigned;
    case 3:
      return SampleType::kFloat;
    default:
      return SampleType::kOther;
  }
}

void read_orientation(const TiffField& field, Directory& directory) {
  const std::uint32_t orientation = field.number();
  if (orientation < 1 || orientation > 8) return;
  directory.header.orientation = static_cast<std::uint8_t>(orientation);
  directory.has_orientation = true;
}

// Applies the tags about the picture's relation to others; returns false for other tags. SubIFDs and DNG's
// version also count as metadata.
bool apply_place(const TiffField& field, Directory& directory) {
  switch (field.tag) {
    case kTagNewSubfileType: {
      const std::uint32_t kind = field.number();
      directory.is_reduced = directory.is_reduced || (kind & kReduced) != 0;
      directory.is_mask = directory.is_mask || (kind & kMaskOrDepth) != 0;
      directory.is_page = directory.is_page || (kind & kPage) != 0;
      return true;
    }
    case kTagOldSubfileType:
      directory.is_reduced = directory.is_reduced || field.number() == 2;
      directory.is_page = directory.is_page || field.number() == 3;
      return true;
    case kTagPageNumber:
      directory.is_page = true;
      return true;
    case kTagOrientation:
      read_orientation(field, directory);
      return true;
    case kTagSubDirectories:
      directory.sub_directories = field;
      return false;
    case kTagDngVersion:
      directory.has_dng_version = true;
      return false;
    default:
      return false;
  }
}

// Applies the tags about the storage of the picture; returns false for others.
bool apply_layout(const TiffField& field, Tags& tags) {
  Header& header = tags.directory.header;
  switch (field.tag) {
    case kTagImageWidth:
      header.width = field.number();
      return true;
    case kTagImageLength:
      header.height = field.number();
      return true;
    case kTagBitsPerSample:
      read_bits(field, header);
      tags.has_bits = true;
      return true;
    case kTagCompression:
      header.compression = field.small_number();
      return true;
    case kTagSamplesPerPixel:
      header.samples_per_pixel = field.small_number();
      tags.has_samples = true;
      return true;
    case kTagPlanarConfiguration:
      header.planar = field.number() == 2;
      return true;
    case kTagImageDepth:
      header.depth = field.small_number();
      return true;
    case kTagStripOffsets:
      tags.strip_offsets = field;
      return true;
    case kTagStripByteCounts:
      tags.strip_lengths = field;
      return true;
    case kTagRowsPerStrip:
      tags.rows_per_strip = field.number();
      return true;
    case kTagTileWidth:
      tags.tile_width = field.number();
      return true;
    case kTagTileLength:
      tags.tile_height = field.number();
      return true;
    case kTagTileOffsets:
      tags.tile_offsets = field;
      return true;
    case kTagTileByteCounts:
      tags.tile_lengths = field;
      return true;
    case kTagFillOrder:
    case kTagXResolution:
    case kTagYResolution:
    case kTagResolutionUnit:
    case kTagPredictor:
    case kTagJpegTables:
      return true;  // used by libtiff only, or unused
    default:
      return false;
  }
}

bool apply_old_jpeg(const TiffField& field, OldJpeg& jpeg) {
  switch (field.tag) {
    case kTagJpegProcess:
      jpeg.process = field.small_number();
      return true;
    case kTagJpegStream:
      jpeg.stream = field.offset();
      return true;
    case kTagJpegStreamBytes:
      jpeg.stream_bytes = field.offset();
      return true;
    case kTagJpegRestartInterval:
      jpeg.restart_interval = field.small_number();
      return true;
    case kTagJpegQuantTables:
      jpeg.quant_tables = field;
      return true;
    case kTagJpegDcTables:
      jpeg.dc_tables = field;
      return true;
    case kTagJpegAcTables:
      jpeg.ac_tables = field;
      return true;
    default:
      return false;
  }
}

// Applies the tags about the meaning of the samples; returns false for others.
bool apply_color(const TiffField& field, Tags& tags) {
  Header& header = tags.directory.header;
  switch (field.tag) {
    case kTagPhotometric:
      header.photometric = field.small_number();
      tags.has_photometric = true;
      return true;
    case kTagColorMap:
      tags.color_map = field;
      return true;
    case kTagInkSet:
      header.ink_set = field.small_number();
      return true;
    case kTagExtraSamples:
      tags.extra_samples = field;
      return true;
    case kTagSampleFormat:
      header.samples = sample_kind(field);
      return true;
    case kTagSMinSampleValue:
      header.sample_low = field.real(0);
      return true;
    case kTagSMaxSampleValue:
      header.sample_high = field.real(0);
      return true;
    case kTagWhitePoint:
      read_reals(field, header.white);
      return true;
    case kTagYcbcrCoefficients:
      read_reals(field, header.luma);
      return true;
    case kTagYcbcrSubsampling:
      header.subsampling = {field.small_number(0), field.small_number(1)};
      return true;
    case kTagReferenceBlackWhite:
      read_reals(field, header.reference);
      tags.has_reference = field.values() >= header.reference.size();
      return true;
    default:
      return false;
  }
}

}  // namespace

void apply_field(const TiffField& field, Tags& tags) {
  Directory& directory = tags.directory;
  if (field.tag == kTagIccProfile) directory.header.profile = field.data;
  const bool known = apply_place(field, directory) || apply_layout(field, tags) || apply_color(field, tags) ||
                     apply_old_jpeg(field, directory.header.old_jpeg);
  if (!known) directory.header.has_metadata = true;
}

}  // namespace netocr::tiff
