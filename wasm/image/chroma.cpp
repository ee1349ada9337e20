// Each subsampling is judged at the quality that fits with it, both estimated: nothing is coded here.
#include "image/chroma.hpp"

#include <array>
#include <limits>
#include <utility>

#include "image/jpeg/encode/distortion.hpp"
#include "image/jpeg/encode/rate.hpp"
#include "image/scale/resample.hpp"

namespace netocr {
namespace {

constexpr std::uint64_t kSmallPixels = std::uint64_t{1} << 20;
// Up to a megapixel the choice costs little, and the print of a card deserves it at any budget. Photos gain
// from 1.5 bits a pixel on.
constexpr std::uint64_t kManyBitsPerPixel = 2;

// Close to the lowest quality the estimate may be wrong about whether the picture fits.
constexpr double kSafePercent = 0.9;

bool is_small(std::uint32_t width, std::uint32_t height, std::size_t max_bytes) {
  const std::uint64_t pixels = std::uint64_t{width} * height;
  return pixels <= kSmallPixels || std::uint64_t{max_bytes} * 8 >= kManyBitsPerPixel * pixels;
}

using ChromaPlanes = std::array<Plane, 2>;

Result<ChromaPlanes> subsampled(const PlanarImage& image, ChromaSubsampling chroma) {
  ChromaPlanes planes;
  for (std::size_t i = 0; i < planes.size(); ++i) {
    NETOCR_ASSIGN(planes[i], subsample(image.planes[i + 1], chroma));
  }
  return planes;
}

PlanarImage with_chroma(PlanarImage image, ChromaSubsampling chroma, ChromaPlanes planes) {
  image.chroma = chroma;
  for (std::size_t i = 0; i < planes.size(); ++i) image.planes[i + 1] = std::move(planes[i]);
  return image;
}

// Of the quality that fits.
double estimate_percent(const jpeg::Frame& frame, const jpeg::Options& options) {
  return jpeg::estimate_percent(frame, {options.max_bytes, static_cast<double>(options.min_quality),
                                        static_cast<double>(options.max_quality)});
}

// Of the JPEG that fits; infinite when none may.
double distortion_at(double percent, const jpeg::Frame& frame, const jpeg::Frame& full,
                     const jpeg::Options& options) {
  return percent > kSafePercent * jpeg::percent_of_quality(options.min_quality)
             ? std::numeric_limits<double>::infinity()
             : jpeg::distortion(frame, jpeg::make_quant_tables(percent), full);
}

// The same of a picture with these chroma planes; `full` lends its luma.
Result<double> distortion_with(const ChromaPlanes& planes, ChromaSubsampling chroma, jpeg::Frame& full,
                               const jpeg::Options& options) {
  jpeg::Frame frame;
  frame.width = full.width;
  frame.height = full.height;
  frame.component_count = 3;
  frame.sampling[0] = {chroma.x, chroma.y};
  for (std::size_t i = 0; i < planes.size(); ++i) {
    NETOCR_ASSIGN(frame.components[i + 1], jpeg::forward_dct(planes[i]));
  }
  frame.components[0] = std::move(full.components[0]);
  const double made = distortion_at(estimate_percent(frame, options), frame, full, options);
  full.components[0] = std::move(frame.components[0]);
  return made;
}

}  // namespace

ChromaSubsampling wanted_chroma(const SourceGeometry& source, std::uint32_t width, std::uint32_t height,
                                std::size_t max_bytes) {
  if (source.plane_count == 1) return k420;
  const PlaneGeometry& luma = source.planes[0];
  const PlaneGeometry& chroma = source.planes[1];
  const bool has_more = 2 * chroma.extent_width > width || 2 * chroma.extent_height > height;
  const bool is_unscaled = luma.extent_width == width && luma.extent_height == height;
  return has_more && (is_unscaled || is_small(width, height, max_bytes)) ? k444 : k420;
}

Result<PlanarImage> choose_chroma(PlanarImage image, const jpeg::Options& options) {
  if (image.plane_count == 1 || image.chroma != k444) return image;
  if (!is_small(image.width(), image.height(), options.max_bytes)) {
    NETOCR_ASSIGN(auto planes, subsampled(image, k420));
    return with_chroma(std::move(image), k420, std::move(planes));
  }
  NETOCR_ASSIGN(auto full, jpeg::make_frame(image));
  const double percent = estimate_percent(full, options);
  if (percent <= jpeg::percent_of_quality(options.max_quality)) return image;
  double least = distortion_at(percent, full, full, options);
  ChromaSubsampling best = k444;
  ChromaPlanes planes;
  for (const ChromaSubsampling chroma : {k422, k420}) {
    NETOCR_ASSIGN(auto others, subsampled(image, chroma));
    NETOCR_ASSIGN(const double made, distortion_with(others, chroma, full, options));
    if (made > least) continue;
    least = made;
    best = chroma;
    planes = std::move(others);
  }
  if (best == k444) return image;
  return with_chroma(std::move(image), best, std::move(planes));
}

}  // namespace netocr
