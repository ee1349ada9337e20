// Decodes all scans of a progressive JPEG with Huffman coding, then transforms rows of blocks from the kept
// coefficients.
#include "image/jpeg/decode/progressive.hpp"

#include <new>

#include "image/jpeg/decode/planes.hpp"
#include "image/jpeg/decode/progressive_scans.hpp"
#include "image/jpeg/decode/scan_limits.hpp"

namespace netocr::jpeg {
namespace {

class ProgressiveSource final : public RowSource {
 public:
  // Returns false for a file that this decoder does not support.
  Result<bool> open(File& file, const WantedSize& wanted, const Limits& limits) {
    const Tables* const first = file.first_scan();
    if (first == nullptr || !first->scan_has_whole_frame()) return false;
    Tables tables = *first;
    NETOCR_TRY(planes_.create(tables, wanted));
    NETOCR_TRY(check_coefficient_memory(file, planes_.block_count(), limits));
    NETOCR_TRY(scans_.create(file.bytes(), planes_));
    return scans_.read(tables);
  }

  const SourceGeometry& geometry() const override { return planes_.geometry(); }

  Result<RowBatch> next() override {
    if (row_ >= planes_.mcus_high()) return RowBatch{};
    for (std::size_t i = 0; i < planes_.count(); ++i) {
      for (std::uint32_t v = 0; v < planes_[i].v; ++v) transform_row(i, v);
    }
    ++row_;
    return planes_.give();
  }

 private:
  void transform_row(std::size_t index, std::uint32_t v) {
    BlockPlane& plane = planes_[index];
    const KeptCoefficients& kept = scans_[index];
    const std::size_t size = plane.layout.size;
    std::size_t block = (std::size_t{row_} * plane.v + v) * plane.blocks_wide;
    alignas(16) std::int16_t dequantised[kBlockSize] = {};
    std::uint8_t* out = plane.block_at(0, v);
    for (std::uint32_t x = 0; x < plane.blocks_wide; ++x, ++block, out += plane.size) {
      const std::int16_t* const values = kept.values.data() + block * size;
      if ((kept.nonzero[block] & kept.wanted) == 0) {
        fill_block(static_cast<std::int16_t>(values[0] * kept.steps[0]), plane.size, out, plane.stride);
        continue;
      }
      for (std::size_t i = 0; i < size; ++i)
        dequantised[i] = static_cast<std::int16_t>(values[i] * kept.steps[i]);
      plane.transform(dequantised, out, plane.stride);
    }
  }

  Planes planes_;
  ProgressiveScans scans_;
  std::uint32_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_progressive(File& file, const WantedSize& wanted,
                                                    const Limits& limits) {
  if (!has_own_decoder(file.header()) || file.header().process != Process::kProgressive)
    return std::unique_ptr<RowSource>();
  NETOCR_ASSIGN(auto source, make_nothrow<ProgressiveSource>());
  NETOCR_ASSIGN(const auto& opened, source->open(file, wanted, limits));
  if (!opened) source.reset();
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::jpeg
