// One switch for each kind of tag: a tag belongs to the first that knows it. TiffNumbers may have any integer
// type.
#include "image/tiff/tags.hpp"

#include <algorithm>

namespace netocr::tiff {
namespace {

// Bits of NewSubfileType; the third is DNG's depth map (DNG 1.6 chapter 4).
constexpr std::uint32_t kReduced = 1;
constexpr std::uint32_t kPage = 2;
constexpr std::uint32_t kMaskOrDepth = 4 | 8;
// Values of one tag that are looked at for each sample. Some writers list more than there are samples.
constexpr std::uint64_t kMaxSampleValues = 64;

template <std::size_t kCount>
void read_reals(const TiffEntry& entry, std::array<double, kCount>& target) {
  if (entry.values() < kCount) return;
  for (std::size_t i = 0; i < kCount; ++i) target[i] = entry.real(i);
}

void read_bits(const TiffEntry& entry, Header& header) {
  header.bits_per_sample = entry.small_number();
  for (std::uint64_t i = 1; i < std::min(entry.values(), kMaxSampleValues); ++i) {
    header.same_bits = header.same_bits && entry.small_number(i) == header.bits_per_sample;
  }
}

SampleType sample_kind(const TiffEntry& entry) {
  const std::uint16_t format = entry.small_number();
  for (std::uint64_t i = 1; i < std::min(entry.values(), kMaxSampleValues); ++i) {
    if (entry.small_number(i) != format) return SampleType::kOther;
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

void read_orientation(const TiffEntry& entry, Directory& directory) {
  const std::uint32_t orientation = entry.number();
  if (orientation < 1 || orientation > 8) return;
  directory.header.orientation = static_cast<std::uint8_t>(orientation);
  directory.has_orientation = true;
}

// The tags that say what this picture is to others; false for other tags. SubIFDs and DNG's version are
// metadata besides.
bool apply_place(const TiffEntry& entry, Directory& directory) {
  switch (entry.tag) {
    case kTagNewSubfileType: {
      const std::uint32_t kind = entry.number();
      directory.is_reduced = directory.is_reduced || (kind & kReduced) != 0;
      directory.is_mask = directory.is_mask || (kind & kMaskOrDepth) != 0;
      directory.is_page = directory.is_page || (kind & kPage) != 0;
      return true;
    }
    case kTagOldSubfileType:
      directory.is_reduced = directory.is_reduced || entry.number() == 2;
      directory.is_page = directory.is_page || entry.number() == 3;
      return true;
    case kTagPageNumber:
      directory.is_page = true;
      return true;
    case kTagOrientation:
      read_orientation(entry, directory);
      return true;
    case kTagSubDirectories:
      directory.sub_directories = entry;
      return false;
    case kTagDngVersion:
      directory.has_dng_version = true;
      return false;
    default:
      return false;
  }
}

// The tags that say how the picture is stored; false for others.
bool apply_layout(const TiffEntry& entry, Tags& tags) {
  Header& header = tags.directory.header;
  switch (entry.tag) {
    case kTagImageWidth:
      header.width = entry.number();
      return true;
    case kTagImageLength:
      header.height = entry.number();
      return true;
    case kTagBitsPerSample:
      read_bits(entry, header);
      tags.has_bits = true;
      return true;
    case kTagCompression:
      header.compression = entry.small_number();
      return true;
    case kTagSamplesPerPixel:
      header.samples_per_pixel = entry.small_number();
      tags.has_samples = true;
      return true;
    case kTagPlanarConfiguration:
      header.planar = entry.number() == 2;
      return true;
    case kTagImageDepth:
      header.depth = entry.small_number();
      return true;
    case kTagStripOffsets:
      tags.strip_offsets = entry;
      return true;
    case kTagStripByteCounts:
      tags.strip_lengths = entry;
      return true;
    case kTagRowsPerStrip:
      tags.rows_per_strip = entry.number();
      return true;
    case kTagTileWidth:
      tags.tile_width = entry.number();
      return true;
    case kTagTileLength:
      tags.tile_height = entry.number();
      return true;
    case kTagTileOffsets:
      tags.tile_offsets = entry;
      return true;
    case kTagTileByteCounts:
      tags.tile_lengths = entry;
      return true;
    case kTagFillOrder:
    case kTagXResolution:
    case kTagYResolution:
    case kTagResolutionUnit:
    case kTagPredictor:
    case kTagJpegTables:
      return true;  // libtiff's business, or nobody's
    default:
      return false;
  }
}

bool apply_old_jpeg(const TiffEntry& entry, OldJpeg& jpeg) {
  switch (entry.tag) {
    case kTagJpegProcess:
      jpeg.process = entry.small_number();
      return true;
    case kTagJpegStream:
      jpeg.stream = entry.offset();
      return true;
    case kTagJpegStreamBytes:
      jpeg.stream_bytes = entry.offset();
      return true;
    case kTagJpegRestartInterval:
      jpeg.restart_interval = entry.small_number();
      return true;
    case kTagJpegQuantTables:
      jpeg.quant_tables = entry;
      return true;
    case kTagJpegDcTables:
      jpeg.dc_tables = entry;
      return true;
    case kTagJpegAcTables:
      jpeg.ac_tables = entry;
      return true;
    default:
      return false;
  }
}

// The tags that say what the samples mean; false for others.
bool apply_color(const TiffEntry& entry, Tags& tags) {
  Header& header = tags.directory.header;
  switch (entry.tag) {
    case kTagPhotometric:
      header.photometric = entry.small_number();
      tags.has_photometric = true;
      return true;
    case kTagColorMap:
      tags.color_map = entry;
      return true;
    case kTagInkSet:
      header.ink_set = entry.small_number();
      return true;
    case kTagExtraSamples:
      tags.extra_samples = entry;
      return true;
    case kTagSampleFormat:
      header.samples = sample_kind(entry);
      return true;
    case kTagSMinSampleValue:
      header.sample_low = entry.real(0);
      return true;
    case kTagSMaxSampleValue:
      header.sample_high = entry.real(0);
      return true;
    case kTagWhitePoint:
      read_reals(entry, header.white);
      return true;
    case kTagYcbcrCoefficients:
      read_reals(entry, header.luma);
      return true;
    case kTagYcbcrSubsampling:
      header.subsampling = {entry.small_number(0), entry.small_number(1)};
      return true;
    case kTagReferenceBlackWhite:
      read_reals(entry, header.reference);
      tags.has_reference = entry.values() >= header.reference.size();
      return true;
    default:
      return false;
  }
}

}  // namespace

void apply_entry(const TiffEntry& entry, Tags& tags) {
  Directory& directory = tags.directory;
  if (entry.tag == kTagIccProfile) directory.header.profile = entry.data;
  const bool known = apply_place(entry, directory) || apply_layout(entry, tags) || apply_color(entry, tags) ||
                     apply_old_jpeg(entry, directory.header.old_jpeg);
  if (!known) directory.header.has_metadata = true;
}

}  // namespace netocr::tiff
