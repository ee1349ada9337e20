// The common part of our two JPEG decoders: the components' geometry at their decoding scale, and the samples
// of one row of MCUs.
#pragma once

#include <array>

#include "image/jpeg/decode/block.hpp"
#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/decode/inverse_dct.hpp"
#include "image/jpeg/decode/tables.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// One component of a frame. Blocks are counted with the padding to whole MCUs.
struct BlockPlane {
  std::uint32_t h = 1;  // horizontal blocks per MCU; 1 x 1 for a frame of one component
  std::uint32_t v = 1;
  int size = 8;  // side of a decoded block in samples
  InverseDct transform = nullptr;
  BlockLayout layout;
  std::uint32_t blocks_wide = 0;
  std::uint32_t blocks_high = 0;
  std::uint32_t own_blocks_wide = 0;  // count without that padding, as in a scan of this component alone
  std::uint32_t own_blocks_high = 0;
  Buffer rows;  // samples of one row of MCUs: v * size rows
  std::size_t stride = 0;
  std::uint32_t rows_given = 0;

  std::uint8_t* block_at(std::uint32_t x, std::uint32_t y) {
    return rows.data() + (std::size_t{y} * stride + x) * static_cast<std::size_t>(size);
  }
};

// Returns whether our decoders support the file: grey or YCbCr in Huffman codes.
bool has_own_decoder(const Header& header);

class Planes {
 public:
  // The frame must be grey or YCbCr (has_own_decoder) with all its quantisation tables. Each plane is decoded
  // at the smallest scale of 1/8, 1/4, 1/2 and 1 that is not below the size that the resampler needs: half of
  // `wanted` for chroma. Errors: OUT_OF_MEMORY.
  Status create(const Tables& tables, const WantedSize& wanted);

  const SourceGeometry& geometry() const { return geometry_; }
  std::uint32_t mcus_wide() const { return mcus_wide_; }
  std::uint32_t mcus_high() const { return mcus_high_; }
  std::size_t count() const { return geometry_.plane_count; }
  BlockPlane& operator[](std::size_t index) { return planes_[index]; }
  const BlockPlane& operator[](std::size_t index) const { return planes_[index]; }

  // Returns the number of blocks of all components, with the padding to whole MCUs.
  std::uint64_t block_count() const;

  // Returns the samples of the row of MCUs that was just written.
  RowBatch give();

 private:
  SourceGeometry geometry_;
  std::array<BlockPlane, 3> planes_;
  std::uint32_t mcus_wide_ = 0;
  std::uint32_t mcus_high_ = 0;
};

}  // namespace netocr::jpeg
