// Pictures and planes that the image tests make for themselves.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

#include "image/pixel/planar_image.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::testing {

inline Plane must_make_plane(std::uint32_t width, std::uint32_t height) {
  auto plane = make_plane(width, height);
  return std::move(*plane);
}

inline PlanarImage must_make_image(std::uint32_t width, std::uint32_t height, std::uint8_t plane_count,
                                   ChromaSubsampling chroma = k420) {
  auto image = make_planar_image(width, height, plane_count, chroma);
  return std::move(*image);
}

template <typename Sample>
void fill(Plane& plane, Sample sample) {
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    for (std::uint32_t x = 0; x < plane.width; ++x) plane.row(y)[x] = static_cast<std::uint8_t>(sample(x, y));
  }
}

inline void fill_noise(Plane& plane, std::uint32_t seed) {
  std::mt19937 random(seed);
  fill(plane, [&](auto, auto) { return random() & 255; });
}

inline std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::fmin(255, std::fmax(0, value))));
}

// Smooth shading, edges, texture and a little noise: what a photo has. `detail` (0 and up) scales texture and
// noise.
inline void fill_photo(Plane& plane, std::uint32_t seed, double detail) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 2.0 * detail);
  const double phase = seed % 97;
  fill(plane, [&](std::uint32_t px, std::uint32_t py) {
    const double x = px;
    const double y = py;
    const double shade = 120 + 60 * std::sin(x / 97 + phase) + 40 * std::cos(y / 71 - phase);
    const double edge = std::sin(x / 31 + y / 47 + phase) > 0.6 ? 40 : 0;
    const double texture = 12 * detail * std::sin(x * 0.9 + std::sin(y / 9)) * std::sin(y * 0.7 + phase);
    return to_byte(shade + edge + texture + noise(random));
  });
}

inline PlanarImage photo(std::uint32_t width, std::uint32_t height, std::uint8_t plane_count,
                         std::uint32_t seed, double detail = 1, ChromaSubsampling chroma = k420) {
  PlanarImage image = must_make_image(width, height, plane_count, chroma);
  for (std::uint8_t i = 0; i < plane_count; ++i)
    fill_photo(image.planes[i], seed + i, i == 0 ? detail : detail / 4);
  return image;
}

inline Plane mirrored(const Plane& plane) {
  Plane made = must_make_plane(plane.width, plane.height);
  fill(made, [&](std::uint32_t x, std::uint32_t y) { return plane.row(y)[plane.width - 1 - x]; });
  return made;
}

inline bool same_samples(const Plane& a, const Plane& b) {
  if (a.width != b.width || a.height != b.height) return false;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    if (!std::equal(a.row(y), a.row(y) + a.width, b.row(y))) return false;
  }
  return true;
}

inline double psnr(const Plane& a, const Plane& b) {
  double error = 0;
  for (std::uint32_t y = 0; y < a.height; ++y) {
    for (std::uint32_t x = 0; x < a.width; ++x) {
      const double difference = static_cast<double>(a.row(y)[x]) - b.row(y)[x];
      error += difference * difference;
    }
  }
  return 10 * std::log10(65025.0 * a.width * a.height / std::fmax(error, 1e-9));
}

}  // namespace netocr::testing
