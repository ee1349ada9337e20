// PlanarImage: the small picture between resampling and encoding, one plane (grey) or Y, Cb, Cr in 4:2:0.
#pragma once

#include <array>
#include <cstdint>

#include "base/limits.hpp"

namespace netocr {

// 8-bit samples; row y starts at data + y * stride. Rows have slack up to a multiple of 16 bytes.
struct Plane {
  Buffer samples;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t stride = 0;

  std::uint8_t* row(std::uint32_t y) { return samples.data() + y * stride; }
  const std::uint8_t* row(std::uint32_t y) const { return samples.data() + y * stride; }
};

// Chroma planes have half the luma size, rounded up, with centred siting (JFIF): chroma sample (i, j) lies in
// the middle of luma samples (2i..2i+1, 2j..2j+1).
struct PlanarImage {
  std::uint8_t plane_count = 0;
  std::array<Plane, 3> planes{};

  std::uint32_t width() const { return planes[0].width; }
  std::uint32_t height() const { return planes[0].height; }
};

// The samples are not initialised. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
inline Result<Plane> make_plane(std::uint32_t width, std::uint32_t height) {
  Plane plane;
  plane.width = width;
  plane.height = height;
  plane.stride = (std::size_t{width} + 15) / 16 * 16;
  NETOCR_TRY(allocate_product(plane.samples, plane.stride, height));
  return plane;
}

// `plane_count` is 1 or 3. The samples are not initialised. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
inline Result<PlanarImage> make_planar_image(std::uint32_t width, std::uint32_t height,
                                             std::uint8_t plane_count) {
  PlanarImage image;
  image.plane_count = plane_count;
  for (std::uint8_t i = 0; i < plane_count; ++i) {
    NETOCR_ASSIGN(image.planes[i],
                  i == 0 ? make_plane(width, height) : make_plane((width + 1) / 2, (height + 1) / 2));
  }
  return image;
}

}  // namespace netocr
