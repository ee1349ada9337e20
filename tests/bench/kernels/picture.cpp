// Paints with integer arithmetic only: waves, edges and a linear congruential generator.
#include "picture.hpp"

#include <algorithm>

namespace netocr::bench {
namespace {

// A triangle wave: rises from 0 to 255 and falls back.
std::int32_t wave(std::uint32_t at, std::uint32_t period) {
  const std::uint32_t phase = at % period * 510 / period;
  return static_cast<std::int32_t>(phase <= 255 ? phase : 510 - phase);
}

}  // namespace

void paint(Plane& plane, std::uint32_t seed) {
  std::uint32_t state = seed * 2654435761U + 1;
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    for (std::uint32_t x = 0; x < plane.width; ++x) {
      state = state * 1664525U + 1013904223U;
      const std::int32_t noise =
          static_cast<std::int32_t>(state >> 29) + static_cast<std::int32_t>(state >> 26 & 7) - 7;
      const std::int32_t shade = wave(x + seed * 37, 331) / 4 + wave(y + seed * 11, 257) / 5;
      const std::int32_t edge = (x / 61 + y / 47 + seed) % 5 == 0 ? 46 : 0;
      const std::int32_t texture =
          wave(x * 7 + y * 3, 29) * wave(y * 5, 41) / 4096 * static_cast<std::int32_t>(y / 64 % 3);
      plane.row(y)[x] = static_cast<std::uint8_t>(std::clamp(60 + shade + edge + texture + noise, 0, 255));
    }
  }
}

}  // namespace netocr::bench
