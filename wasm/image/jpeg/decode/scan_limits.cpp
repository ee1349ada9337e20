// Rejects files whose numbers of blocks and bytes no picture has.
#include "image/jpeg/decode/scan_limits.hpp"

#include <algorithm>

#include "image/jpeg/common/zigzag.hpp"
#include "image/jpeg/decode/file.hpp"

namespace netocr::jpeg {
namespace {

// A file of up to kFreeBlocks may keep its coefficients in any case; a larger one needs enough entropy-coded
// data for a picture of that many blocks.
constexpr std::uint64_t kBlockBytes = kBlockSize * sizeof(std::int16_t);
constexpr std::uint64_t kFreeBlocks = (64U << 20) / kBlockBytes;

// Encoders write at most a dozen scans.
constexpr std::uint32_t kMaxScans = 64;
// The max number of blocks that all scans of a file may visit together, which takes libjpeg about half a
// second. The usual ten scans visit each block about six times, so that 120 megapixels in 4:2:0 reach half of
// it.
constexpr std::uint64_t kMaxVisits = 32U << 20;

}  // namespace

Status check_coefficient_memory(File& file, std::uint64_t blocks, const Limits& limits) {
  if (blocks * kBlockBytes > std::min(limits.max_decoder_bytes, kMaxBlock)) {
    return Error{ErrorCode::kImageTooLarge, 0, "the progressive JPEG needs more memory than the limit"};
  }
  if (blocks > kFreeBlocks && file.entropy_bytes() < blocks / kMaxBlocksPerByte) {
    return Error{
        ErrorCode::kCorruptImage, file.bytes().size(),
        "the progressive JPEG needs over 64 MiB of memory, but has less than two bits for each of its "
        "8x8 blocks: no picture is coded in so little"};
  }
  return {};
}

bool ScanBudget::take(std::uint64_t blocks, std::uint64_t weight) {
  visits_ += blocks * weight;
  return ++scans_ <= kMaxScans && visits_ <= kMaxVisits;
}

}  // namespace netocr::jpeg
