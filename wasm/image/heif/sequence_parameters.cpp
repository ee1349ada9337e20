// Reads or skips every field before the colours. Names in comments are those of the standards.
#include "image/heif/sequence_parameters.hpp"

#include <algorithm>
#include <array>

#include "image/heif/bit_reader.hpp"

namespace netocr::heif {
namespace {

constexpr std::uint32_t kMaxReferenceSets = 64;
constexpr std::uint32_t kMaxPictures = 16;  // max number in a reference set
constexpr std::uint32_t kFullSampleAspect = 255;

constexpr std::uint32_t kLastChromaLocation = 5;

void read_signal_type(BitReader& reader, SampleCoding& coding) {
  reader.skip(3);
  coding.is_full_range = reader.flag();
  if (!reader.flag()) return;
  reader.skip(16);  // primaries and transfer
  coding.matrix = static_cast<std::uint8_t>(reader.bits(8));
}

// Reads the first part of vui_parameters(), which is the same in both standards.
void read_vui(BitReader& reader, SampleCoding& coding) {
  if (reader.flag() && reader.bits(8) == kFullSampleAspect) reader.skip(32);
  if (reader.flag()) reader.skip(1);  // overscan
  if (reader.flag()) read_signal_type(reader, coding);
  if (!reader.flag()) return;  // chroma_loc_info_present_flag
  const std::uint32_t location = reader.unsigned_code();
  if (location <= kLastChromaLocation) coding.chroma_location = static_cast<std::uint8_t>(location);
}

// Skips profile_tier_level(1, sub_layers).
void skip_profile(BitReader& reader, std::uint32_t sub_layers) {
  reader.skip(96);
  std::array<bool, 8> profiles{}, levels{};
  for (std::uint32_t i = 0; i < sub_layers; ++i) {
    profiles[i] = reader.flag();
    levels[i] = reader.flag();
  }
  if (sub_layers > 0) reader.skip(2 * (8 - sub_layers));
  for (std::uint32_t i = 0; i < sub_layers; ++i) reader.skip((profiles[i] ? 88 : 0) + (levels[i] ? 8 : 0));
}

void skip_codes(BitReader& reader, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) reader.unsigned_code();
}

// Skips scaling_list_data() of H.265.
void skip_scaling_lists(BitReader& reader) {
  for (std::uint32_t size = 0; size < 4; ++size) {
    for (std::uint32_t matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
      const bool is_coded = reader.flag();
      const std::uint32_t coefficients = std::min(64U, 1U << (4 + 2 * size));
      skip_codes(reader, is_coded ? coefficients + (size > 1 ? 1 : 0) : 1);
    }
  }
}

// Skips st_ref_pic_set() and returns its number of pictures; `before` is that of the set before it.
std::uint32_t skip_reference_set(BitReader& reader, bool is_first, std::uint32_t before) {
  std::uint32_t count = 0;
  if (!is_first && reader.flag()) {
    reader.skip(1);
    reader.unsigned_code();
    for (std::uint32_t i = 0; i <= before; ++i) {
      if (reader.flag() || reader.flag()) ++count;  // used_by_curr_pic_flag, use_delta_flag
    }
    return count;
  }
  const std::uint32_t negative = reader.unsigned_code();
  const std::uint32_t positive = reader.unsigned_code();
  count = std::min(negative, kMaxPictures + 1) + std::min(positive, kMaxPictures + 1);
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    reader.unsigned_code();
    reader.skip(1);
  }
  return count;
}

bool skip_references(BitReader& reader, std::uint32_t order_bits) {
  const std::uint32_t sets = reader.unsigned_code();
  if (sets > kMaxReferenceSets) return false;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < sets && reader.ok(); ++i) {
    count = skip_reference_set(reader, i == 0, count);
    if (count > kMaxPictures) return false;
  }
  if (!reader.flag()) return true;
  const std::uint32_t long_terms = reader.unsigned_code();
  if (long_terms > 32) return false;
  reader.skip(long_terms * (order_bits + 1));
  return true;
}

void read_format(BitReader& reader, SequenceParameters& parameters) {
  parameters.chroma_format = reader.unsigned_code();
  if (parameters.chroma_format == 3) reader.skip(1);
}
void read_depths(BitReader& reader, SequenceParameters& parameters) {
  parameters.luma_bits = 8 + std::min(reader.unsigned_code(), 8U);
  parameters.chroma_bits = 8 + std::min(reader.unsigned_code(), 8U);
}

// Skips from log2_min_luma_coding_block_size_minus3 to pcm_loop_filter_disabled_flag.
void skip_coding_tools(BitReader& reader) {
  skip_codes(reader, 6);
  if (reader.flag() && reader.flag()) skip_scaling_lists(reader);
  reader.skip(2);
  if (!reader.flag()) return;
  reader.skip(8);
  skip_codes(reader, 2);
  reader.skip(1);
}

// Skips scaling_list() of H.264.
void skip_avc_scaling_list(BitReader& reader, std::uint32_t size) {
  std::int32_t last = 8;
  for (std::uint32_t i = 0; i < size && reader.ok(); ++i) {
    last = (last + reader.signed_code() + 256) & 255;
    if (last == 0) return;
  }
}

// Whether the parameter sets of a profile contain the chroma format.
bool is_high_profile(std::uint32_t profile) {
  constexpr std::uint8_t kHigh[] = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
  return std::find(std::begin(kHigh), std::end(kHigh), profile) != std::end(kHigh);
}

void read_avc_format(BitReader& reader, SequenceParameters& parameters) {
  read_format(reader, parameters);
  read_depths(reader, parameters);
  reader.skip(1);
  if (!reader.flag()) return;
  const std::uint32_t lists = parameters.chroma_format == 3 ? 12 : 8;
  for (std::uint32_t i = 0; i < lists; ++i) {
    if (reader.flag()) skip_avc_scaling_list(reader, i < 6 ? 16 : 64);
  }
}

void skip_avc_order(BitReader& reader) {
  const std::uint32_t type = reader.unsigned_code();
  if (type == 0) reader.unsigned_code();
  if (type != 1) return;
  reader.skip(1);
  skip_codes(reader, 2);
  skip_codes(reader, std::min(reader.unsigned_code(), 255U));
}

std::optional<SequenceParameters> whole(const BitReader& reader, const SequenceParameters& parameters) {
  return reader.ok() ? std::optional(parameters) : std::nullopt;
}

}  // namespace

std::optional<SequenceParameters> read_hevc_parameters(Bytes unit) {
  BitReader reader(unit);
  reader.skip(16 + 4);
  const std::uint32_t sub_layers = reader.bits(3);
  reader.skip(1);
  skip_profile(reader, sub_layers);
  reader.unsigned_code();
  SequenceParameters parameters;
  read_format(reader, parameters);
  skip_codes(reader, 2);
  if (reader.flag()) skip_codes(reader, 4);  // conformance window
  read_depths(reader, parameters);
  const std::uint32_t order_bits = 4 + std::min(reader.unsigned_code(), 12U);
  skip_codes(reader, 3 * (reader.flag() ? sub_layers + 1 : 1));
  skip_coding_tools(reader);
  if (!skip_references(reader, order_bits)) return std::nullopt;
  reader.skip(2);
  if (reader.flag()) read_vui(reader, parameters.coding);
  return whole(reader, parameters);
}

std::optional<SequenceParameters> read_avc_parameters(Bytes unit) {
  BitReader reader(unit);
  reader.skip(8);
  const std::uint32_t profile = reader.bits(8);
  reader.skip(16);
  reader.unsigned_code();
  SequenceParameters parameters;
  if (is_high_profile(profile)) read_avc_format(reader, parameters);
  reader.unsigned_code();
  skip_avc_order(reader);
  reader.unsigned_code();
  reader.skip(1);
  skip_codes(reader, 2);
  if (!reader.flag()) reader.skip(1);  // frame_mbs_only_flag
  reader.skip(1);
  if (reader.flag()) skip_codes(reader, 4);  // cropping
  if (reader.flag()) read_vui(reader, parameters.coding);
  return whole(reader, parameters);
}

}  // namespace netocr::heif
