// PlanarImage: the small picture between resampling and encoding: one plane (grey), Y, Cb, Cr, or until its
// colours are converted the four inks (row_source.hpp).
#pragma once

#include <array>
#include <cstdint>

#include "base/limits.hpp"

namespace netocr {

// A plane of 8-bit samples; row y starts at data + y * stride. Rows are padded to a multiple of 16 bytes.
struct Plane {
  Buffer samples;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t stride = 0;

  std::uint8_t* row(std::uint32_t y) { return samples.data() + y * stride; }
  const std::uint8_t* row(std::uint32_t y) const { return samples.data() + y * stride; }
};

// Luma samples that share a chroma sample, across and down; each is 1 or 2.
struct ChromaSubsampling {
  std::uint8_t x = 2;
  std::uint8_t y = 2;

  bool operator==(const ChromaSubsampling&) const = default;
};
inline constexpr ChromaSubsampling k444{1, 1};
inline constexpr ChromaSubsampling k422{2, 1};
inline constexpr ChromaSubsampling k420{2, 2};

// Chroma planes have the luma size divided by `chroma`, rounded up, with centred siting (JFIF): in 4:2:0
// chroma sample (i, j) lies in the middle of luma samples (2i..2i+1, 2j..2j+1). Inks are in 4:4:4.
struct PlanarImage {
  std::uint8_t plane_count = 0;
  ChromaSubsampling chroma{};  // of no meaning for grey
  std::array<Plane, 4> planes{};

  // Moving and destroying are compiled once: inline they would be unrolled at every use.
  PlanarImage();
  PlanarImage(PlanarImage&& other) noexcept;
  PlanarImage& operator=(PlanarImage&& other) noexcept;
  PlanarImage(const PlanarImage&) = delete;
  PlanarImage& operator=(const PlanarImage&) = delete;
  ~PlanarImage();

  std::uint32_t width() const { return planes[0].width; }
  std::uint32_t height() const { return planes[0].height; }
};

// The samples are uninitialised. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
inline Result<Plane> make_plane(std::uint32_t width, std::uint32_t height) {
  Plane plane;
  plane.width = width;
  plane.height = height;
  plane.stride = (std::size_t{width} + 15) / 16 * 16;
  NETOCR_TRY(allocate_product(plane.samples, plane.stride, height));
  return plane;
}

// `plane_count` is 1, 3 or 4. The samples are uninitialised. Errors: IMAGE_TOO_LARGE, OUT_OF_MEMORY.
inline Result<PlanarImage> make_planar_image(std::uint32_t width, std::uint32_t height,
                                             std::uint8_t plane_count, ChromaSubsampling chroma = k420) {
  PlanarImage image;
  image.plane_count = plane_count;
  image.chroma = chroma;
  for (std::uint8_t i = 0; i < plane_count; ++i) {
    const auto [x, y] = i == 0 ? k444 : chroma;
    NETOCR_ASSIGN(image.planes[i], make_plane((width + x - 1) / x, (height + y - 1) / y));
  }
  return image;
}

}  // namespace netocr
