// Selects the coefficients that a scaled transform needs.
#include "image/jpeg/decode/block.hpp"

#include "image/jpeg/decode/inverse_dct.hpp"

namespace netocr::jpeg {

BlockLayout make_block_layout(int n, const std::array<std::uint16_t, kBlockSize>& steps) {
  BlockLayout layout;
  layout.steps = steps;
  layout.size = static_cast<std::uint32_t>(n) * inverse_stride(n);
  const auto size = static_cast<std::uint32_t>(n);
  for (std::uint32_t k = 0; k < kBlockSize; ++k) {
    const std::uint32_t row = kZigzag[k] / 8U;
    const std::uint32_t column = kZigzag[k] % 8U;
    const bool wanted = row < size && column < size;
    layout.places[k] =
        wanted ? static_cast<std::uint8_t>(row * inverse_stride(n) + column) : BlockLayout::kUnused;
    if (wanted) layout.last = k;
  }
  return layout;
}

}  // namespace netocr::jpeg
