// Reads the decoder configuration of a coded picture: which decoder it needs, and how its samples stand for
// colours. ISO/IEC 14496-15, sections 5.3.3 (avcC), 8.3.3 (hvcC) and annex E (codec strings); ITU-T H.264
// section 7.3.2.1 and H.265 section 7.3.2.2 (sequence parameter sets).
#pragma once

#include "base/bytes.hpp"

namespace netocr::heif {

enum class Codec : std::uint8_t { kHevc, kAvc };

// Defines how samples stand for colours, by the code points of H.273.
struct SampleCoding {
  std::uint8_t matrix = 2;  // 2: unspecified
  bool is_full_range = false;
  // Where chroma of 4:2:0 lies (chroma_sample_loc_type): on the left of two luma samples and half-way down
  // (0, also when the set says nothing), in the middle of four (1), on the upper left (2), above the middle
  // (3), on the lower left (4), below the middle (5).
  std::uint8_t chroma_location = 0;
};

// A codec string such as "hvc1.1.6.L93.B0", zero-terminated.
struct CodecString {
  static constexpr std::size_t kCapacity = 64;
  char text[kCapacity] = {};
};

struct Parameters {
  CodecString codec;
  // The string of Main for HEVC Main Still Picture, which decoders of Main decode too; otherwise equal to
  // `codec`.
  CodecString usual_codec;
  SampleCoding coding;
};

// Reads the contents of hvcC or avcC. Errors: CORRUPT_IMAGE, UNSUPPORTED_FEATURE for samples that are not
// 4:2:0 in 8 bits.
Result<Parameters> read_parameters(Codec codec, Bytes configuration);

}  // namespace netocr::heif
