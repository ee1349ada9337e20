// The search runs on u = ln(percent), over which ln(bits) falls almost in a straight line. A sample of the
// rows of MCUs tells the curve's shape cheaply; the last whole count tells how far above or below it the
// picture lies.
#include "image/rate.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/math.hpp"
#include "image/jpeg_segments.hpp"
#include "image/trellis.hpp"

namespace netocr {
namespace {

constexpr double kStuffing = 0.0035;     // stuffed zero bytes per byte of the scan, measured 0.0026..0.0034
constexpr double kAim = 0.995;           // of max_bytes
constexpr double kStillGood = 0.975;     // when a step of the table proves to be in the way
constexpr double kGoodEnough = 0.985;    // of max_bytes
constexpr double kFinestStep = 0.001;    // in u: a tenth of a percent of the steps
constexpr double kTypicalSlope = -0.75;  // d ln(bits) / du of photos
constexpr double kTypicalHeader = 600;
constexpr double kFirstGuess = 3.2;  // u at quality 88
constexpr double kOvershoot = 1.15;
constexpr int kMaxCandidates = 10;
constexpr int kEarlyRounds = 3;  // later ones halve the interval

// ln(bits) over u of a sample of the picture's rows of MCUs. Points once counted are kept.
class SampleCurve {
 public:
  SampleCurve(const Frame& frame, double finest, double coarsest)
      : frame_(frame),
        finest_(finest),
        coarsest_(coarsest),
        row_step_(std::clamp<std::uint32_t>(frame.mcus_high() / kSampleRows, 1, kLargestRowStep)) {}

  double height(double u) {
    const ScanSymbols symbols = count_symbols(frame_, make_quant_tables(rough_exp(u)), row_step_);
    const auto bits = static_cast<double>(scan_bits(symbols, build_scan_tables(symbols)));
    const double height = rough_log(std::max(1.0, bits * row_step_));
    if (count_ < points_.size()) points_[count_++] = {u, height};
    return height;
  }

  // Where the curve has `height`, or the nearer end: secants between the nearest points above and below.
  double solve(double height) {
    if (count_ == 0) this->height(std::clamp(kFirstGuess, finest_, coarsest_));
    for (int i = 0; i < kMaxSteps; ++i) {
      const Bracket bracket = bracket_of(height);
      const double u = propose(bracket, height);
      const bool close = bracket.above != nullptr && bracket.below != nullptr &&
                         bracket.above->height - bracket.below->height < kCloseHeights;
      if (close || is_known(u)) return u;
      this->height(u);
    }
    return propose(bracket_of(height), height);
  }

 private:
  static constexpr std::uint32_t kSampleRows = 6;
  static constexpr std::uint32_t kLargestRowStep = 16;
  static constexpr int kMaxSteps = 6;
  static constexpr double kCloseHeights = 0.02;  // a straight line is good to 0.2 % between such points

  struct Point {
    double u;
    double height;
  };
  struct Bracket {
    const Point* above = nullptr;  // the lowest point that is not below the wanted height
    const Point* below = nullptr;
  };

  Bracket bracket_of(double height) const {
    Bracket bracket;
    for (const Point& point : std::span(points_).first(count_)) {
      if (point.height >= height && (bracket.above == nullptr || point.height < bracket.above->height)) {
        bracket.above = &point;
      }
      if (point.height < height && (bracket.below == nullptr || point.height > bracket.below->height)) {
        bracket.below = &point;
      }
    }
    return bracket;
  }

  double propose(const Bracket& bracket, double height) const {
    if (bracket.above != nullptr && bracket.below != nullptr) {
      const double part = (bracket.above->height - height) / (bracket.above->height - bracket.below->height);
      return bracket.above->u + part * (bracket.below->u - bracket.above->u);
    }
    // Only one side: along the usual slope, a little further to get a point on the other side.
    const Point& from = bracket.above != nullptr ? *bracket.above : *bracket.below;
    return std::clamp(from.u + kOvershoot * (height - from.height) / kTypicalSlope, finest_, coarsest_);
  }

  bool is_known(double u) const {
    const auto points = std::span(points_).first(count_);
    return std::any_of(points.begin(), points.end(),
                       [&](const Point& point) { return std::abs(point.u - u) < kFinestStep / 2; });
  }

  const Frame& frame_;
  double finest_;
  double coarsest_;
  std::uint32_t row_step_;
  std::array<Point, 64> points_{};
  std::size_t count_ = 0;
};

Candidate measure(const Frame& frame, double percent, const QuantTables& quant) {
  Candidate made;
  made.percent = percent;
  made.quant = quant;
  const ScanSymbols symbols = count_symbols(frame, made.quant, 1);
  made.tables = build_scan_tables(symbols);
  made.scan_bits = scan_bits(symbols, made.tables);
  made.header_bytes = jpeg_header_size(frame, made.quant, made.tables);
  return made;
}

class RateSearch {
 public:
  RateSearch(const Frame& frame, const RateLimits& limits, Frame* scratch)
      : frame_(frame),
        scratch_(scratch),
        max_bytes_(limits.max_bytes),
        finest_percent_(percent_of_quality(limits.max_quality)),
        coarsest_percent_(percent_of_quality(limits.min_quality)),
        finest_(rough_log(finest_percent_)),
        coarsest_(rough_log(coarsest_percent_)),
        too_fine_(finest_),
        fitting_(coarsest_),
        sample_(frame, finest_, coarsest_) {}

  RateChoice run() {
    RateChoice best;
    double u = sample_.solve(wanted_height(kTypicalHeader));
    for (int i = 0; i < kMaxCandidates; ++i) {
      Candidate candidate = measure(percent_at(u), i == 0);
      const std::size_t size = candidate.bytes_expected();
      const bool fits = size <= max_bytes_;
      const double wanted = wanted_height(static_cast<double>(candidate.header_bytes));
      const double counted = rough_log(static_cast<double>(std::max<std::uint64_t>(1, candidate.scan_bits)));
      if (fits || !best.fits) best = {std::move(candidate), fits};
      (fits ? fitting_ : too_fine_) = u;
      if (is_done(u, size, fits, i)) break;
      // The sample's height differs from the whole picture's by about the same everywhere near u.
      u = next_between(sample_.solve(wanted - counted + sample_.height(u)), best.fits, i);
    }
    return best;
  }

 private:
  Candidate measure(double percent, bool is_first) {
    if (scratch_ == nullptr) return measure_candidate(frame_, percent);
    // The first needs two rounds: its codes change as levels do. Later ones are near the one before.
    if (is_first) last_tables_ = measure_candidate(frame_, percent).tables;
    for (int round = is_first ? 0 : 1;; ++round) {
      Candidate candidate = measure_best_candidate(frame_, percent, last_tables_, *scratch_);
      last_tables_ = candidate.tables;
      if (round == 1) return candidate;
    }
  }

  // Exact at the ends.
  double percent_at(double u) const { return std::clamp(rough_exp(u), finest_percent_, coarsest_percent_); }

  double wanted_height(double header_bytes) const {
    const double scan_bytes = static_cast<double>(max_bytes_) * kAim - header_bytes - kEndOfImageBytes;
    return rough_log(std::max(1.0, scan_bytes * 8 / (1 + kStuffing)));
  }

  bool is_done(double u, std::size_t size, bool fits, int round) const {
    if (!fits) return u >= coarsest_;
    const double enough = round < kEarlyRounds ? kGoodEnough : kStillGood;
    if (u <= finest_ || static_cast<double>(size) >= enough * static_cast<double>(max_bytes_)) return true;
    return fitting_ - too_fine_ < kFinestStep;
  }

  // The proposal, kept between what is too fine and what fits. The ends themselves are tried while nothing
  // nearer them is known; when proposals do not get there, halving does.
  double next_between(double proposal, bool any_fits, int round) const {
    if (!any_fits && (proposal >= coarsest_ - kFinestStep || round >= kMaxCandidates / 2)) return coarsest_;
    if (too_fine_ <= finest_ && proposal <= finest_ + kFinestStep) return finest_;
    const double width = fitting_ - too_fine_;
    if (round >= kEarlyRounds && too_fine_ > finest_) return too_fine_ + width / 2;
    const double margin = std::min(width / 4, kFinestStep);
    return std::clamp(proposal, too_fine_ + margin, fitting_ - margin);
  }

  const Frame& frame_;
  Frame* scratch_;
  ScanTables last_tables_{};
  std::size_t max_bytes_;
  double finest_percent_;
  double coarsest_percent_;
  double finest_;  // u of these
  double coarsest_;
  double too_fine_;  // finer than this is known to be too large, or not allowed
  double fitting_;   // the finest that is known to fit, or the coarsest allowed
  SampleCurve sample_;
};

}  // namespace

std::size_t Candidate::bytes_unstuffed() const {
  return header_bytes + static_cast<std::size_t>((scan_bits + 7) / 8) + kEndOfImageBytes;
}

std::size_t Candidate::bytes_expected() const {
  return bytes_unstuffed() + static_cast<std::size_t>(static_cast<double>(scan_bits) / 8 * kStuffing);
}

Candidate measure_candidate(const Frame& frame, double percent) {
  return measure(frame, percent, make_quant_tables(percent));
}

Candidate measure_best_candidate(const Frame& frame, double percent, const ScanTables& near, Frame& scratch) {
  const QuantTables quant = make_quant_tables(percent);
  trellis_frame(frame, quant, near, scratch);
  Candidate made = measure(scratch, percent, quant);
  made.trellis_tables = near;
  return made;
}

RateChoice choose_rate(const Frame& frame, const RateLimits& limits, Frame* scratch) {
  return RateSearch(frame, limits, scratch).run();
}

}  // namespace netocr
