// Pictures for and from Debian's cjpeg and djpeg, the second opinion on our JPEG files.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "base/buffer.hpp"
#include "cpp/image/files.hpp"
#include "cpp/image/pictures.hpp"
#include "cpp/image/run_tool.hpp"
#include "image/pixel/planar_image.hpp"

namespace netocr::testing {

// Binary PNM (P5 or P6) of interleaved samples.
inline ByteVector make_pnm(std::uint32_t width, std::uint32_t height, const ByteVector& samples) {
  const bool grey = samples.size() == std::size_t{width} * height;
  const std::string header =
      (grey ? "P5\n" : "P6\n") + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  ByteVector file(header.begin(), header.end());
  file.insert(file.end(), samples.begin(), samples.end());
  return file;
}

inline ByteVector grey_pnm(const Plane& plane) {
  ByteVector samples;
  for (std::uint32_t y = 0; y < plane.height; ++y)
    samples.insert(samples.end(), plane.row(y), plane.row(y) + plane.width);
  return make_pnm(plane.width, plane.height, samples);
}

struct Pnm {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 0;
  ByteVector samples;
};

inline Pnm parse_pnm(const ByteVector& file) {
  Pnm pnm;
  unsigned depth = 0;
  char kind = 0;
  int used = 0;
  const std::string head(file.begin(),
                         file.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(file.size(), 64)));
  if (std::sscanf(head.c_str(), "P%c %u %u %u%n", &kind, &pnm.width, &pnm.height, &depth, &used) != 4)
    return pnm;
  pnm.channels = kind == '6' ? 3 : 1;
  pnm.samples.assign(file.begin() + used + 1, file.end());
  EXPECT_EQ(pnm.samples.size(), std::size_t{pnm.width} * pnm.height * pnm.channels);
  return pnm;
}

// The luma plane as djpeg decodes it.
inline Plane djpeg_luma(Bytes jpeg) {
  const Pnm pnm = parse_pnm(run_tool("djpeg -dct int -grayscale", jpeg));
  Plane plane = must_make_plane(pnm.width, pnm.height);
  fill(plane, [&](std::uint32_t x, std::uint32_t y) { return pnm.samples[std::size_t{y} * pnm.width + x]; });
  return plane;
}

}  // namespace netocr::testing
