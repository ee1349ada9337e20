// Reads one directory of a TIFF: its tags, then the defaults of missing ones. When a tag is repeated, the
// first one counts.
#include "image/tiff/directory.hpp"

#include <algorithm>
#include <cmath>

#include "image/tiff/policy.hpp"
#include "image/tiff/tags.hpp"

namespace netocr::tiff {
namespace {

// This is libtiff's own bound.
constexpr std::uint64_t kMaxEntries = 4096;

// Returns the likely value of a missing tag by libtiff's rules.
std::uint16_t guess_photometric(const Header& header, std::uint64_t extra_samples) {
  switch (header.compression) {
    case kCompressionCcittRle:
    case kCompressionCcittRleWords:
    case kCompressionCcittG3:
    case kCompressionCcittG4:
      return kPhotometricWhiteIsZero;
    default:
      return header.samples_per_pixel >= extra_samples + 3 ? std::uint16_t{kPhotometricRgb}
                                                           : std::uint16_t{kPhotometricBlackIsZero};
  }
}

// Corrects what writers of old-style JPEG omit or write wrongly, by libtiff's rules: a picture called RGB is
// YCbCr.
void mend_old_jpeg(const Tags& tags, Header& header) {
  if (!tags.has_photometric && (!tags.has_samples || header.samples_per_pixel == 3)) {
    header.photometric = kPhotometricYcbcr;
  }
  if (header.photometric == kPhotometricRgb) header.photometric = kPhotometricYcbcr;
  if (!tags.has_samples && header.photometric == kPhotometricYcbcr) header.samples_per_pixel = 3;
  if (!tags.has_bits) header.bits_per_sample = 8;
}

void find_alpha(const TiffField& extra_samples, Header& header) {
  if (header.compression == kCompressionOldJpeg) return;
  const std::uint64_t count = extra_samples.values();
  // Some writers omit the tag, so it defaults as in libtiff's RGBA reader.
  if (count == 0 && header.samples_per_pixel == 4 && header.photometric == kPhotometricRgb) {
    header.alpha = Alpha::kAssociated;
    header.alpha_sample = 3;
    return;
  }
  for (std::uint64_t i = 0; i < count && count < header.samples_per_pixel; ++i) {
    const std::uint16_t kind = extra_samples.small_number(i);
    if (kind != 1 && kind != 2) continue;
    header.alpha = kind == 1 ? Alpha::kAssociated : Alpha::kStraight;
    header.alpha_sample = static_cast<std::uint16_t>(header.samples_per_pixel - count + i);
    return;
  }
}

void finish_layout(const Tags& tags, Header& header) {
  header.is_tiled = tags.tile_width > 0 || tags.tile_height > 0;
  if (header.is_tiled) {
    header.piece_width = tags.tile_width;
    header.piece_height = tags.tile_height;
    // Some writers list tiles under the tags of strips.
    const bool listed = tags.tile_offsets.values() > 0;
    header.piece_offsets = listed ? tags.tile_offsets : tags.strip_offsets;
    header.piece_lengths = listed ? tags.tile_lengths : tags.strip_lengths;
    return;
  }
  header.piece_width = header.width;
  const std::uint32_t rows = tags.rows_per_strip.value_or(header.height);
  header.piece_height = std::min(rows == 0 ? header.height : rows, header.height);
  header.piece_offsets = tags.strip_offsets;
  header.piece_lengths = tags.strip_lengths;
}

void finish_color(const Tags& tags, Header& header) {
  if (header.photometric != kPhotometricYcbcr) header.subsampling = {1, 1};
  if (!(header.white[0] > 0.05 && header.white[1] > 0.05 && header.white[0] + header.white[1] < 1)) {
    header.white = Header{}.white;
  }
  if (tags.has_reference && header.bits_per_sample == 16) {
    for (double& value : header.reference) value /= 257;
  }
  const auto entries = tags.color_map.type == kTiffShort ? tags.color_map.values() / 3 : 0;
  header.colors = {tags.color_map.data, static_cast<std::uint32_t>(std::min<std::uint64_t>(entries, 65536)),
                   header.big_endian};
  if (!(header.sample_high > header.sample_low) || !std::isfinite(header.sample_high - header.sample_low)) {
    header.sample_low = 0;
    header.sample_high = 1;
  }
}

Directory finish(const Tags& tags) {
  Directory directory = tags.directory;
  Header& header = directory.header;
  directory.has_picture = header.width > 0 && header.height > 0;
  if (header.compression == kCompressionOldJpeg) {
    mend_old_jpeg(tags, header);
  } else if (!tags.has_photometric) {
    header.photometric = guess_photometric(header, tags.extra_samples.values());
  }
  directory.is_mask = directory.is_mask || header.photometric == kPhotometricMask;
  finish_layout(tags, header);
  find_alpha(tags.extra_samples, header);
  finish_color(tags, header);
  return directory;
}

}  // namespace

std::uint16_t ColorMap::at(std::uint32_t channel, std::uint32_t index) const {
  TiffNumbers reader(bytes, (std::uint64_t{channel} * (bytes.size() / 6) + index) * 2, big_endian);
  return reader.u16();
}

Result<Directory> read_directory(const TiffFile& file, std::uint64_t offset) {
  TiffEntries entries(file, offset);
  if (!entries.ok() || entries.count() == 0 || entries.count() > kMaxEntries) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF has no directory of tags"};
  }
  Tags tags;
  tags.directory.header.big_endian = file.big_endian;
  tags.directory.header.big_tiff = file.big_tiff;
  tags.directory.header.directory = offset;
  std::uint16_t last_tag = 0;
  TiffEntry entry;
  while (entries.next(entry)) {
    if (entry.tag == last_tag) continue;
    last_tag = entry.tag;
    apply_field(read_tiff_field(file, entry), tags);
  }
  if (!entries.ok()) return Error{ErrorCode::kCorruptImage, 0, "the TIFF ends in its directory"};
  tags.directory.following = entries.following();
  return finish(tags);
}

}  // namespace netocr::tiff
