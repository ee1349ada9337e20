// The DCT's cosines are even or odd about a block's middle: mirroring an axis negates its odd frequencies,
// and swapping the axes transposes the block.
#include "image/jpeg/rewrite/turn.hpp"

#include <algorithm>
#include <utility>

namespace netocr::jpeg {
namespace {

// The level ranges of an 8-bit baseline JPEG (T.81 F.1.2): DC levels have 11 bits and a sign, AC levels 10.
constexpr std::int32_t kMaxDc = 2047;
constexpr std::int32_t kMaxAc = 1023;

constexpr auto kZigzagOf = [] {
  std::array<std::uint8_t, kBlockSize> positions{};
  for (std::uint32_t k = 0; k < kBlockSize; ++k) positions[kZigzag[k]] = static_cast<std::uint8_t>(k);
  return positions;
}();

// The source and the factor of each level of an upright block.
struct BlockTurn {
  std::array<std::uint8_t, kBlockSize> from{};
  std::array<std::int16_t, kBlockSize> factor{};
};

BlockTurn make_block_turn(Orientation orientation) {
  BlockTurn turn;
  for (std::uint32_t k = 0; k < kBlockSize; ++k) {
    std::uint32_t x = kZigzag[k] % 8U;
    std::uint32_t y = kZigzag[k] / 8U;
    if (orientation.swap_axes) std::swap(x, y);
    const bool is_negated = ((orientation.mirror_x ? x : 0) + (orientation.mirror_y ? y : 0)) % 2 != 0;
    turn.from[k] = kZigzagOf[8 * y + x];
    turn.factor[k] = static_cast<std::int16_t>(is_negated ? -kLevelUnit : kLevelUnit);
  }
  return turn;
}

bool is_baseline(const std::int16_t* levels) {
  std::int32_t max_ac = 0;
  for (std::uint32_t k = 1; k < kBlockSize; ++k) max_ac = std::max<std::int32_t>(max_ac, std::abs(levels[k]));
  return max_ac <= kMaxAc && std::abs(levels[0]) <= kMaxDc;
}

// Returns false when a level is too large.
bool turn_plane(const LevelPlane& stored, Orientation orientation, CoefficientPlane& upright) {
  const BlockTurn turn = make_block_turn(orientation);
  std::int16_t* to = upright.values.data();
  for (std::uint32_t y = 0; y < upright.blocks_high; ++y) {
    for (std::uint32_t x = 0; x < upright.blocks_wide; ++x, to += kBlockSize) {
      std::uint32_t from_x = orientation.swap_axes ? y : x;
      std::uint32_t from_y = orientation.swap_axes ? x : y;
      if (orientation.mirror_x) from_x = stored.blocks_wide - 1 - from_x;
      if (orientation.mirror_y) from_y = stored.blocks_high - 1 - from_y;
      const std::int16_t* const from = stored.block(from_x, from_y);
      if (!is_baseline(from)) return false;
      for (std::uint32_t k = 0; k < kBlockSize; ++k)
        to[k] = static_cast<std::int16_t>(from[turn.from[k]] * turn.factor[k]);
    }
  }
  return true;
}

Result<CoefficientPlane> make_upright_plane(const LevelPlane& stored, Orientation orientation) {
  CoefficientPlane plane;
  plane.blocks_wide = orientation.swap_axes ? stored.blocks_high : stored.blocks_wide;
  plane.blocks_high = orientation.swap_axes ? stored.blocks_wide : stored.blocks_high;
  NETOCR_ASSIGN(plane.values,
                Array<std::int16_t>::create(std::size_t{plane.blocks_wide} * plane.blocks_high * kBlockSize));
  return plane;
}

}  // namespace

bool can_turn(const StoredLevels& levels, Orientation orientation) {
  const Sampling luma = levels.planes[0].sampling;
  const bool whole_x = levels.width % (8U * luma.h) == 0;
  const bool whole_y = levels.height % (8U * luma.v) == 0;
  return (!orientation.mirror_x || whole_x) && (!orientation.mirror_y || whole_y);
}

Result<std::optional<Frame>> upright_frame(const StoredLevels& levels, Orientation orientation) {
  Frame frame;
  frame.width = orientation.swap_axes ? levels.height : levels.width;
  frame.height = orientation.swap_axes ? levels.width : levels.height;
  frame.component_count = levels.component_count;
  for (std::size_t i = 0; i < levels.component_count; ++i) {
    const LevelPlane& stored = levels.planes[i];
    NETOCR_ASSIGN(auto plane, make_upright_plane(stored, orientation));
    if (!turn_plane(stored, orientation, plane)) return std::optional<Frame>();
    frame.components[i] = std::move(plane);
    frame.sampling[i] = stored.sampling;
    if (orientation.swap_axes) std::swap(frame.sampling[i].h, frame.sampling[i].v);
  }
  return std::optional<Frame>(std::move(frame));
}

QuantTable turned_steps(const QuantTable& steps, Orientation orientation) {
  const BlockTurn turn = make_block_turn(orientation);
  QuantTable turned{};
  for (std::size_t k = 0; k < kBlockSize; ++k) turned[k] = steps[turn.from[k]];
  return turned;
}

}  // namespace netocr::jpeg
