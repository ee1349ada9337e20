// Reads the levels (quantised DCT coefficients) of all blocks from a JPEG's scans, for a lossless rewrite.
#pragma once

#include <array>
#include <optional>

#include "base/limits.hpp"
#include "image/jpeg/decode/file.hpp"
#include "image/jpeg/encode/quant_tables.hpp"
#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

// Blocks are ordered left to right, top to bottom, with 64 levels each in zigzag order. A row has `stride`
// blocks, of which the first `blocks_wide` belong to the picture.
struct LevelPlane {
  Array<std::int16_t> values;
  std::uint32_t stride = 0;
  std::uint32_t blocks_wide = 0;
  std::uint32_t blocks_high = 0;
  Sampling sampling;
  QuantTable steps{};

  const std::int16_t* block(std::uint32_t x, std::uint32_t y) const {
    return values.data() + (std::size_t{y} * stride + x) * kBlockSize;
  }
};

struct StoredLevels {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t component_count = 0;  // 1 (grey) or 3 (Y, Cb, Cr)
  std::array<LevelPlane, 3> planes{};
};

// Reads grey or YCbCr in Huffman codes, sequential or progressive, with whole ratios of luma to chroma
// sampling and steps of 8 bits. Returns nothing for a file of another kind, and for one that is damaged or
// unusual in any way. Errors: OUT_OF_MEMORY.
Result<std::optional<StoredLevels>> read_levels(File& file, const Limits& limits);

}  // namespace netocr::jpeg
