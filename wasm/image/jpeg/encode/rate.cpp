// The search runs on u = ln(percent), over which ln(bits) falls almost in a straight line. A sample of the
// MCUs tells the curve's shape cheaply; how far above or below it the picture lies tell the magnitudes of all
// coefficients, and later the last whole count.
#include "image/jpeg/encode/rate.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/math.hpp"
#include "image/jpeg/encode/scan_sample.hpp"
#include "image/jpeg/encode/segments.hpp"
#include "image/jpeg/encode/trellis.hpp"

namespace netocr::jpeg {
namespace {

constexpr double kStuffing = 0.0035;  // stuffed zero bytes per byte of the scan, measured 0.0026..0.0034
constexpr double kAim = 0.997;        // of max_bytes
// Of max_bytes, after so many whole counts. A percent of the bytes is worth 0.2 points of SSIMULACRA2.
constexpr std::array<double, 3> kGoodEnough = {0.992, 0.985, 0.975};
constexpr double kFinestStep = 0.001;    // in u: a tenth of a percent of the steps
constexpr double kTypicalSlope = -0.75;  // d ln(bits) / du of photos
constexpr double kTypicalHeader = 600;
constexpr double kTrellisSaves = 0.021;  // in ln(bits): 0.019 to 0.031 on six photos
constexpr double kFirstGuess = 3.2;      // u at quality 88
constexpr double kOvershoot = 1.15;
constexpr int kMaxCandidates = 10;
constexpr int kEarlyRounds = 3;  // that believe in the sample

// ln(bits) over u of a sample of the picture's MCUs. Points once counted are kept.
class SampleCurve {
 public:
  SampleCurve(const Frame& frame, double finest, double coarsest)
      : frame_(frame),
        sample_(frame, sample_step(frame, kFewestMcus, kLargestStep)),
        finest_(finest),
        coarsest_(coarsest) {}

  // The first solution: the only one for which sample and picture are compared by their magnitudes.
  double solve_first(double height) {
    sample_height(std::clamp(kFirstGuess, finest_, coarsest_));
    if (sample_.is_whole()) return solve(height);
    offset_ = rough_log(sample_.mcus_ratio());
    const QuantTables near =
        make_quant_tables(rough_exp(propose(bracket_of(height - offset_), height - offset_)));
    const double magnitudes = sum_magnitudes(frame_, near);
    offset_ = ratio_of(sample_, magnitudes, near);
    return solve(height);
  }

  // Of the picture, as far as the sample tells.
  double height(double u) { return offset_ + sample_height(u); }

  // Where the curve has `height`, or the nearer end: secants between the nearest points above and below.
  double solve(double picture_height) {
    const double height = picture_height - offset_;
    for (int i = 0; i < kMaxSteps; ++i) {
      const Bracket bracket = bracket_of(height);
      if (is_near(bracket.above, height)) return bracket.above->u;
      if (is_near(bracket.below, height)) return bracket.below->u;
      const double u = propose(bracket, height);
      if (is_known(u)) return u;
      sample_height(u);
    }
    return propose(bracket_of(height), height);
  }

 private:
  static constexpr std::uint32_t kFewestMcus = 100;
  static constexpr std::uint32_t kLargestStep = 12;
  static constexpr int kMaxSteps = 6;
  static constexpr double kNearHeight = 0.002;
  static constexpr double kApart = 0.02;

  struct Point {
    double u;
    double height;
  };
  struct Bracket {
    const Point* above = nullptr;  // the lowest point that is not below the wanted height
    const Point* below = nullptr;
  };

  // ln(picture / sample)
  static double ratio_of(const ScanSample& sample, double magnitudes, const QuantTables& tables) {
    const double sampled = sample.magnitudes(tables);
    return rough_log(sampled > 0 ? magnitudes / sampled : sample.mcus_ratio());
  }

  static double bits_of(const ScanSample& sample, double u) {
    const ScanSymbols symbols = sample.count(make_quant_tables(rough_exp(u)));
    return rough_log(
        static_cast<double>(std::max<std::uint64_t>(1, scan_bits(symbols, build_scan_tables(symbols)))));
  }

  double sample_height(double u) {
    for (const Point& point : std::span(points_).first(count_)) {
      if (point.u == u) return point.height;
    }
    const double height = bits_of(sample_, u);
    if (count_ < points_.size()) points_[count_++] = {u, height};
    return height;
  }

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
    // Only one side: a little further than the slope says, to get a point on the other side.
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): some point is there, so one of the two is
    const Point& from = bracket.above != nullptr ? *bracket.above : *bracket.below;
    return std::clamp(from.u + kOvershoot * (height - from.height) / slope_at(from), finest_, coarsest_);
  }

  // Through the nearest other point that is not so near that single steps of the tables count.
  double slope_at(const Point& from) const {
    const Point* nearest = nullptr;
    for (const Point& point : std::span(points_).first(count_)) {
      const double distance = std::abs(point.u - from.u);
      if (distance < kApart || (nearest != nullptr && std::abs(nearest->u - from.u) < distance)) continue;
      nearest = &point;
    }
    if (nearest == nullptr) return kTypicalSlope;
    return std::clamp((nearest->height - from.height) / (nearest->u - from.u), 2 * kTypicalSlope,
                      kTypicalSlope / 2);
  }

  static bool is_near(const Point* point, double height) {
    return point != nullptr && std::abs(point->height - height) < kNearHeight;
  }

  bool is_known(double u) const {
    const auto points = std::span(points_).first(count_);
    return std::any_of(points.begin(), points.end(),
                       [&](const Point& point) { return std::abs(point.u - u) < kFinestStep / 2; });
  }

  const Frame& frame_;
  ScanSample sample_;
  double offset_ = 0;  // ln(bits of the picture / bits of the sample)
  double finest_;
  double coarsest_;
  std::array<Point, 64> points_{};
  std::size_t count_ = 0;
};

Candidate measure(const Frame& frame, double percent, const QuantTables& quant, ScanTokens& tokens) {
  Candidate made;
  made.percent = percent;
  made.quant = quant;
  const ScanSymbols symbols = record_tokens(frame, made.quant, tokens);
  made.tables = build_scan_tables(symbols);
  made.scan_bits = scan_bits(symbols, made.tables);
  made.header_bytes = header_size(frame, made.quant, made.tables);
  return made;
}

class RateSearch {
 public:
  RateSearch(const Frame& frame, const RateLimits& limits, Frame* scratch, ScanTokens& tokens)
      : frame_(frame),
        scratch_(scratch),
        tokens_(tokens),
        max_bytes_(limits.max_bytes),
        finest_percent_(percent_of_quality(limits.max_quality)),
        coarsest_percent_(percent_of_quality(limits.min_quality)),
        finest_(rough_log(finest_percent_)),
        coarsest_(rough_log(coarsest_percent_)),
        too_fine_{finest_, 0, false},
        fitting_{coarsest_, 0, false},
        sample_(frame, finest_, coarsest_) {}

  RateChoice run() {
    RateChoice best;
    const double saved = scratch_ != nullptr ? kTrellisSaves : 0;
    double u = sample_.solve_first(wanted_height(kTypicalHeader) + saved);
    for (int i = 0; i < kMaxCandidates; ++i) {
      const Candidate candidate = measure(percent_at(u), i == 0);
      const std::size_t size = candidate.bytes_expected();
      const bool fits = size <= max_bytes_;
      const double wanted = wanted_height(static_cast<double>(candidate.header_bytes));
      const double counted = rough_log(static_cast<double>(std::max<std::uint64_t>(1, candidate.scan_bits)));
      if (fits || !best.fits) {
        best = {candidate, fits, tokens_.is_whole};
      } else {
        best.is_recorded = false;
      }
      (fits ? fitting_ : too_fine_) = {u, counted, true};
      if (fits) best_size_ = size;
      if (is_done(u, fits, i)) break;
      // The sample's height differs from the whole picture's by about the same everywhere near u.
      u = next_between(sample_.solve(wanted - counted + sample_.height(u)), wanted, i);
    }
    return best;
  }

 private:
  struct End {
    double u;
    double height;  // ln(bits), if it was counted
    bool is_counted;
  };

  Candidate measure(double percent, bool is_first) {
    if (scratch_ == nullptr) return measure_candidate(frame_, percent, tokens_);
    // The first needs two rounds: its codes change as levels do. Later ones are near the one before.
    if (is_first) last_tables_ = measure_candidate(frame_, percent, tokens_).tables;
    for (int round = is_first ? 0 : 1;; ++round) {
      Candidate candidate = measure_best_candidate(frame_, percent, last_tables_, *scratch_, tokens_);
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

  // What is good enough gets less with the rounds: steps of the table may be in the way.
  bool is_done(double u, bool fits, int round) const {
    if (fits ? u <= finest_ : u >= coarsest_) return true;
    const double enough = kGoodEnough[std::min(static_cast<std::size_t>(round), kGoodEnough.size() - 1)];
    if (static_cast<double>(best_size_) >= enough * static_cast<double>(max_bytes_)) return true;
    return fitting_.is_counted && fitting_.u - too_fine_.u < kFinestStep;
  }

  // The proposal, kept between what is too fine and what fits. The ends themselves are tried while nothing
  // nearer them is known. A proposal out of bounds says that the sample misleads, many of them that steps are
  // in the way: then only whole counts lead on.
  double next_between(double proposal, double wanted, int round) const {
    const bool may_reach = proposal < coarsest_ - kFinestStep && round < kMaxCandidates / 2;
    if (!fitting_.is_counted && !may_reach) return coarsest_;
    if (!too_fine_.is_counted && proposal <= finest_ + kFinestStep) return finest_;
    const double width = fitting_.u - too_fine_.u;
    const double margin = std::min(width / 4, kFinestStep);
    const double least = too_fine_.u + margin;
    const double most = fitting_.u - margin;
    const bool is_between = proposal >= least && proposal <= most;
    if (!fitting_.is_counted || !too_fine_.is_counted || (is_between && round < kEarlyRounds)) {
      return std::clamp(proposal, least, most);
    }
    const double fall = too_fine_.height - fitting_.height;
    const double part = round % 2 == 0 || fall < kFinestStep ? 0.5 : (too_fine_.height - wanted) / fall;
    return std::clamp(too_fine_.u + part * width, least, most);
  }

  const Frame& frame_;
  Frame* scratch_;
  ScanTokens& tokens_;  // of the last candidate
  ScanTables last_tables_{};
  std::size_t max_bytes_;
  std::size_t best_size_ = 0;  // of what is at fitting_
  double finest_percent_;
  double coarsest_percent_;
  double finest_;  // u of these
  double coarsest_;
  End too_fine_;  // the coarsest that is known to be too large, or the finest allowed
  End fitting_;   // the finest that is known to fit, or the coarsest allowed
  SampleCurve sample_;
};

}  // namespace

std::size_t Candidate::bytes_unstuffed() const {
  return header_bytes + static_cast<std::size_t>((scan_bits + 7) / 8) + kEndOfImageBytes;
}

std::size_t Candidate::bytes_expected() const {
  return bytes_unstuffed() + static_cast<std::size_t>(static_cast<double>(scan_bits) / 8 * kStuffing);
}

Candidate measure_candidate(const Frame& frame, double percent, ScanTokens& tokens) {
  return measure(frame, percent, make_quant_tables(percent), tokens);
}

Candidate measure_best_candidate(const Frame& frame, double percent, const ScanTables& near, Frame& scratch,
                                 ScanTokens& tokens) {
  const QuantTables quant = make_quant_tables(percent);
  trellis_frame(frame, quant, near, scratch);
  Candidate made = measure(scratch, percent, quant, tokens);
  made.trellis_tables = near;
  return made;
}

RateChoice choose_rate(const Frame& frame, const RateLimits& limits, ScanTokens& tokens, Frame* scratch) {
  return RateSearch(frame, limits, scratch, tokens).run();
}

}  // namespace netocr::jpeg
