// Limits the memory and work that the scans of a JPEG may cost, for both decoders.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"

namespace netocr::jpeg {

class File;

// The max number of blocks per byte of entropy-coded data. No picture has less than two bits a block: 48
// megapixels of a photo have 8.3 bits at quality 30, 2.8 at 10 and 2.03 at 1, and libjpeg codes a uniform
// grey in 2.006.
inline constexpr std::uint64_t kMaxBlocksPerByte = 4;

// Checks whether the coefficients of `blocks` may be kept until the last scan. Errors: IMAGE_TOO_LARGE when
// they need more than limits.max_decoder_bytes, CORRUPT_IMAGE when the file has too few bytes to be a picture
// of that size.
Status check_coefficient_memory(File& file, std::uint64_t blocks, const Limits& limits);

// Counts scans, and the blocks that they visit.
class ScanBudget {
 public:
  // Returns false when the file has more scans than a picture needs. `weight` is how much longer a block can
  // take than one in Huffman codes.
  bool take(std::uint64_t blocks, std::uint64_t weight = 1);

 private:
  std::uint32_t scans_ = 0;
  std::uint64_t visits_ = 0;
};

}  // namespace netocr::jpeg
