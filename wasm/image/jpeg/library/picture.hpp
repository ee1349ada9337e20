// The properties of a picture that libjpeg-turbo reports, in our own types.
#pragma once

#include <array>
#include <cstdint>

namespace netocr::jpeg {

inline constexpr std::size_t kMaxComponents = 4;

enum class Colors : std::uint8_t { kPlanar /* grey or YCbCr */, kRgb, kCmyk, kYcck };

struct PictureComponent {
  std::uint32_t h = 1;  // sampling factors
  std::uint32_t v = 1;
  std::uint32_t block = 8;  // side of a decoded block in samples
  std::uint32_t width = 0;  // width in decoded samples
  std::uint32_t height = 0;
  std::uint32_t blocks_wide = 0;  // count without padding to whole MCUs
};

struct Picture {
  std::uint32_t width = 0;  // size as stored
  std::uint32_t height = 0;
  std::uint32_t eighths = 8;  // scale relative to the stored size
  std::uint32_t scaled_width = 0;
  std::uint32_t scaled_height = 0;
  std::uint32_t max_h = 1;  // largest sampling factors
  std::uint32_t max_v = 1;
  std::uint32_t min_block = 8;  // smallest `block` of all components
  Colors colors = Colors::kPlanar;
  std::uint32_t count = 0;
  std::array<PictureComponent, kMaxComponents> components{};
};

}  // namespace netocr::jpeg
