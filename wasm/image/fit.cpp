// Searches the size: each attempt reports the file size at the quality floor, from which the next size
// follows.
#include "image/fit.hpp"

#include <algorithm>
#include <cmath>

#include "base/math.hpp"
#include "image/scale/resample.hpp"

namespace netocr {
namespace {

constexpr int kMaxSizes = 12;
// ln(bytes) / ln(scale) at a fixed quality. It is less than 2, since a smaller picture has more detail per
// pixel.
constexpr double kTypicalExponent = 1.7;

// Proposes decreasing long edges from the file sizes of earlier ones at the quality floor.
class SizeSearch {
 public:
  SizeSearch(std::uint32_t long_edge, std::size_t max_bytes)
      : smallest_(std::min(long_edge, kSmallestLongEdge)),
        edge_(long_edge),
        log_aim_(rough_log(static_cast<double>(max_bytes) * 0.97)) {}

  // Returns the next edge, or 0 when even the smallest was too large.
  std::uint32_t next(std::size_t bytes) {
    if (edge_ == smallest_) return 0;
    const double log_bytes = rough_log(static_cast<double>(bytes));
    const double log_edge = rough_log(static_cast<double>(edge_));
    if (last_log_bytes_ > log_bytes) {
      exponent_ = std::clamp((last_log_bytes_ - log_bytes) / (last_log_edge_ - log_edge), 1.0, 2.5);
    }
    last_log_bytes_ = log_bytes;
    last_log_edge_ = log_edge;
    const auto proposal =
        static_cast<std::uint32_t>(rough_exp(log_edge + (log_aim_ - log_bytes) / exponent_));
    edge_ = std::clamp(proposal, smallest_, edge_ - 1);
    return edge_;
  }

 private:
  std::uint32_t smallest_;
  std::uint32_t edge_;
  double log_aim_;
  double exponent_ = kTypicalExponent;
  double last_log_bytes_ = 0;
  double last_log_edge_ = 0;
};

std::uint32_t scaled_side(std::uint32_t side, std::uint32_t long_edge, std::uint32_t full_edge) {
  const double exact = static_cast<double>(side) * long_edge / full_edge;
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::lround(exact)));
}

}  // namespace

Result<jpeg::Encoded> fit_jpeg(const PlanarImage& image, const jpeg::Options& options) {
  const std::uint32_t full_edge = std::max(image.width(), image.height());
  SizeSearch sizes(full_edge, options.max_bytes);
  PlanarImage smaller;
  const PlanarImage* current = &image;
  for (int i = 0; i < kMaxSizes; ++i) {
    NETOCR_ASSIGN(auto attempt, jpeg::encode(*current, options));
    if (attempt.file.has_value()) return std::move(*attempt.file);
    const std::uint32_t edge = sizes.next(attempt.bytes_at_floor);
    if (edge == 0) break;
    NETOCR_ASSIGN(smaller, shrink(image, scaled_side(image.width(), edge, full_edge),
                                  scaled_side(image.height(), edge, full_edge)));
    current = &smaller;
  }
  return Error{ErrorCode::kBudgetUnreachable, 0, "does not fit at the lowest quality and the smallest size"};
}

}  // namespace netocr
