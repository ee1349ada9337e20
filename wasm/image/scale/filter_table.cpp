// Computes Lanczos3 weights in double precision and rounds them to fixed point so that flat and mirrored
// pictures stay exact.
#include "image/scale/filter_table.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>

#include "base/limits.hpp"
#include "base/math.hpp"

namespace netocr {
namespace {

constexpr double kLobes = 3;
constexpr double kOne = 1 << kWeightBits;

// The source samples under the kernel of one destination sample.
struct Window {
  std::uint32_t first = 0;
  std::uint32_t taps = 0;
  double centre = 0;  // position in source samples
};

class Kernel {
 public:
  explicit Kernel(const AxisGeometry& geometry)
      : geometry_(geometry),
        step_(geometry.source_extent / geometry.extent),
        widening_(std::max(1.0, step_)),
        sin_delta_(sine(std::numbers::pi / kLobes / widening_)),
        cos_delta_(cosine(std::numbers::pi / kLobes / widening_)) {}

  std::uint32_t max_taps() const {
    const double widest = std::ceil(2 * kLobes * widening_) + 1;
    return static_cast<std::uint32_t>(std::min<double>(widest, geometry_.source_count));
  }

  // Returns the middle of a destination sample, in source samples.
  double centre_of(std::uint32_t index) const {
    return (index + geometry_.offset + 0.5) * step_ + geometry_.source_shift;
  }

  Window window(std::uint32_t index) const {
    const double centre = centre_of(index);
    const double last_sample = geometry_.source_count - 1.0;
    // The window has the samples whose centre lies strictly inside the support.
    const double from = std::floor(centre - kLobes * widening_ - 0.5) + 1;
    const double to = std::ceil(centre + kLobes * widening_ - 0.5) - 1;
    const double first = std::clamp(from, 0.0, last_sample);
    const double last = std::clamp(to, first, last_sample);
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last - first) + 1, centre};
  }

  // Returns whether no end of the axis truncates the window.
  bool is_whole(std::uint32_t index) const {
    const double centre = centre_of(index);
    return centre >= kLobes * widening_ + 1 && centre + kLobes * widening_ + 1 <= geometry_.source_count;
  }

  // Writes the weights of the window's samples, scaled to sum to kOne. The sines advance by a rotation, as a
  // call of sine() per weight took longer than the resampling of a small picture.
  void weigh(const Window& window, double* weights) const {
    const double x0 = (window.first + 0.5 - window.centre) / widening_;
    double s = sine(std::numbers::pi / kLobes * x0);
    double c = cosine(std::numbers::pi / kLobes * x0);
    double sum = 0;
    for (std::uint32_t i = 0; i < window.taps; ++i) {
      weights[i] = lanczos(x0 + i / widening_, s);
      sum += weights[i];
      const double next = s * cos_delta_ + c * sin_delta_;
      c = c * cos_delta_ - s * sin_delta_;
      s = next;
    }
    for (std::uint32_t i = 0; i < window.taps; ++i) weights[i] *= kOne / sum;
  }

 private:
  // Returns sinc(x) * sinc(x / 3), given s = sin(pi x / 3); sin(3a) = 3 sin a - 4 sin^3 a.
  static double lanczos(double x, double s) {
    if (std::abs(x) < 1e-7) return 1;
    const double angle = std::numbers::pi * x;
    return (3 * s - 4 * s * s * s) / angle * (s / (angle / kLobes));
  }

  AxisGeometry geometry_;
  double step_;
  double widening_;
  double sin_delta_;
  double cos_delta_;
};

// Rounds weights to integers that sum to exactly 1 << kWeightBits. The remainder is distributed to the taps
// with the largest rounding errors. Every choice depends on distances only, not on left and right, and a
// symmetric kernel gets its pairs together, so that a mirrored axis has mirrored weights.
class Rounding {
 public:
  Rounding(const Window& window, std::span<const double> ideal, std::span<double> gains,
           std::span<std::uint32_t> order)
      : window_(window), ideal_(ideal), gains_(gains), order_(order) {}

  void round_into(std::int16_t* rounded) {
    std::int32_t left = 1 << kWeightBits;
    for (std::uint32_t i = 0; i < window_.taps; ++i) {
      rounded[i] = static_cast<std::int16_t>(nearest_integer(ideal_[i]));
      left -= rounded[i];
    }
    if (left != 0) spread(left, rounded);
  }

 private:
  void spread(std::int32_t left, std::int16_t* rounded) {
    const std::int32_t unit = left < 0 ? -1 : 1;
    const auto give = [&](std::uint32_t tap) {
      rounded[tap] = static_cast<std::int16_t>(rounded[tap] + unit);
      left -= unit;
    };
    const std::uint32_t nearest = nearest_tap();
    if (left % 2 != 0) give(nearest);
    if (left == 0) return;
    std::uint32_t pool = 0;
    for (std::uint32_t i = 0; i < window_.taps; ++i) {
      if (window_.taps % 2 == 0 || i != nearest) order_[pool++] = i;
      gains_[i] = millionths((ideal_[i] - rounded[i]) * unit);
    }
    // Each rounding error is at most half a unit, so the remainder has at most half as many units as the pool
    // has taps.
    const auto given = std::min(static_cast<std::ptrdiff_t>(pool), std::ptrdiff_t{std::abs(left)});
    const auto taps = order_.first(pool);
    std::partial_sort(taps.begin(), taps.begin() + given, taps.end(), [&](std::uint32_t a, std::uint32_t b) {
      return gains_[a] != gains_[b] ? gains_[a] > gains_[b] : is_nearer(a, b);
    });
    for (const std::uint32_t tap : taps.first(static_cast<std::size_t>(given))) give(tap);
  }

  std::uint32_t nearest_tap() const {
    std::uint32_t nearest = 0;
    for (std::uint32_t i = 1; i < window_.taps; ++i) {
      if (is_nearer(i, nearest)) nearest = i;
    }
    return nearest;
  }

  // Compares the distances to the kernel's centre; at equal distance those to the middle of the window, which
  // the picture's edge may have truncated. Only the two twins of a whole symmetric kernel remain equal, and
  // are ordered by index.
  bool is_nearer(std::uint32_t a, std::uint32_t b) const {
    const auto centre_a = millionths(std::abs(window_.first + a + 0.5 - window_.centre));
    const auto centre_b = millionths(std::abs(window_.first + b + 0.5 - window_.centre));
    if (centre_a != centre_b) return centre_a < centre_b;
    const double middle = (window_.taps - 1.0) / 2;
    const double middle_a = std::abs(a - middle);
    const double middle_b = std::abs(b - middle);
    return middle_a != middle_b ? middle_a < middle_b : a < b;
  }

  // The rounding removes the floating-point noise by which twins differ.
  static double millionths(double value) { return nearest_integer(value * 1e6); }
  // floor() is one instruction, while llround() is a call of the C library.
  static double nearest_integer(double value) { return std::floor(value + 0.5); }

  Window window_;
  std::span<const double> ideal_;
  std::span<double> gains_;  // gain of adding one unit to each tap
  std::span<std::uint32_t> order_;
};

// The numbers of destination and of source samples after which the weights repeat. Sizes usually have common
// divisors: 2016 to 1600 has 50 different sets of weights. Without one the period exceeds the axis.
struct Period {
  std::uint32_t count = 0;
  std::uint32_t source_count = 0;
};

Period period_of(const AxisGeometry& geometry) {
  // The unit is half a sample, as chroma of odd axes has half samples.
  const double halves = 2 * geometry.extent;
  const double source_halves = 2 * geometry.source_extent;
  if (std::floor(halves) != halves || std::floor(source_halves) != source_halves) return {geometry.count, 0};
  const auto whole = static_cast<std::uint64_t>(halves);
  const auto source = static_cast<std::uint64_t>(source_halves);
  const std::uint64_t divisor = std::gcd(whole, source);
  return {static_cast<std::uint32_t>(whole / divisor), static_cast<std::uint32_t>(source / divisor)};
}

// Drops zero weights at both ends; at least one tap remains.
void trim(Window& window, std::int16_t* weights) {
  while (window.taps > 1 && weights[window.taps - 1] == 0) --window.taps;
  std::uint32_t leading = 0;
  while (leading + 1 < window.taps && weights[leading] == 0) ++leading;
  std::move(weights + leading, weights + window.taps, weights);
  std::fill(weights + window.taps - leading, weights + window.taps, std::int16_t{0});
  window.first += leading;
  window.taps -= leading;
}

}  // namespace

Result<FilterTable> FilterTable::create(const AxisGeometry& geometry) {
  const Kernel kernel(geometry);
  FilterTable table;
  table.stride_ = (kernel.max_taps() + kWeightAlignment - 1) / kWeightAlignment * kWeightAlignment;
  NETOCR_ASSIGN(table.first_, Array<std::uint32_t>::create(geometry.count));
  NETOCR_ASSIGN(table.taps_, Array<std::uint32_t>::create(geometry.count));
  NETOCR_ASSIGN(const std::size_t weight_count, checked_product(geometry.count, table.stride_));
  NETOCR_ASSIGN(table.weights_, Array<std::int16_t>::create_zeroed(weight_count));
  NETOCR_ASSIGN(auto ideal, Array<double>::create(table.stride_));
  NETOCR_ASSIGN(auto order, Array<std::uint32_t>::create(table.stride_));
  NETOCR_ASSIGN(auto gains, Array<double>::create(table.stride_));
  const Period period = period_of(geometry);
  for (std::uint32_t i = 0; i < geometry.count; ++i) {
    Window window = kernel.window(i);
    std::int16_t* const row = table.weights_.data() + static_cast<std::size_t>(i) * table.stride_;
    if (i >= period.count && kernel.is_whole(i) && kernel.is_whole(i - period.count)) {
      table.first_[i] = table.first_[i - period.count] + period.source_count;
      table.taps_[i] = table.taps_[i - period.count];
      std::memcpy(row, row - std::size_t{period.count} * table.stride_, table.stride_ * sizeof *row);
      continue;
    }
    kernel.weigh(window, ideal.data());
    Rounding(window, ideal.span(), gains.span(), order.span()).round_into(row);
    trim(window, row);
    table.first_[i] = window.first;
    table.taps_[i] = window.taps;
    table.max_taps_ = std::max(table.max_taps_, window.taps);
  }
  table.is_identity_ = geometry.count == geometry.source_count && geometry.extent == geometry.source_extent &&
                       geometry.offset == 0 && geometry.source_shift == 0;
  return table;
}

}  // namespace netocr
