// Reads the sequence parameter sets of HEVC and AVC up to their colours.
#pragma once

#include <optional>

#include "image/heif/parameters.hpp"

namespace netocr::heif {

struct SequenceParameters {
  std::uint32_t chroma_format = 1;  // 1: 4:2:0
  std::uint32_t luma_bits = 8, chroma_bits = 8;
  SampleCoding coding;  // limited range, as H.264 and H.265 infer, when the set lacks it
};

// Read a NAL unit with its header. They return nothing when it is damaged.
std::optional<SequenceParameters> read_hevc_parameters(Bytes unit);
std::optional<SequenceParameters> read_avc_parameters(Bytes unit);

}  // namespace netocr::heif
