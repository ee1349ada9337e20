// The module's only export for JPEGs: decodes all planes.
#include <emscripten/emscripten.h>

#include "planes.hpp"

namespace {

constexpr std::uint32_t kFnvStart = 2166136261U;
constexpr std::uint32_t kFnvPrime = 16777619U;

std::uint32_t hash(std::uint32_t sum, const netocr::PlaneRows& rows, std::uint32_t width) {
  for (std::uint32_t y = 0; y < rows.count; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) sum = (sum ^ rows.rows[y * rows.stride + x]) * kFnvPrime;
  }
  return sum;
}

}  // namespace

// `hashes_all`: 1 hashes every sample plane by plane, so that implementations can be compared; 0 hashes one
// sample of each row. Returns 0 for a file that cannot be decoded completely.
extern "C" EMSCRIPTEN_KEEPALIVE std::uint32_t run_planes(const std::uint8_t* file, std::size_t size,
                                                         std::uint32_t width, std::uint32_t height,
                                                         std::uint32_t hashes_all) {
  const netocr::Bytes bytes{file, size};
  auto opened = netocr::jpeg::File::open(bytes, netocr::jpeg::Walk::kFirstScan);
  if (!opened.ok()) return 0;
  auto source = netocr::bench::open_planes(*opened, {width, height}, netocr::Limits{});
  if (!source.ok() || *source == nullptr) return 0;
  const netocr::SourceGeometry& geometry = (*source)->geometry();
  std::uint32_t sums[] = {kFnvStart, kFnvStart, kFnvStart};
  std::uint32_t rows = 0;
  while (rows < geometry.planes[0].height) {
    const auto batch = (*source)->next();
    if (!batch.ok() || (*batch)[0].count == 0) return 0;
    for (std::size_t i = 0; i < geometry.plane_count; ++i)
      sums[i] = hash(sums[i], (*batch)[i], hashes_all != 0 ? geometry.planes[i].width : 1);
    rows += (*batch)[0].count;
  }
  if ((*source)->warnings() != 0) return 0;
  return ((sums[0] * kFnvPrime + sums[1]) * kFnvPrime + sums[2]) | 1;
}
