// Searches on u = ln(percent), over which ln(bits) falls almost linearly. A sample of the MCUs yields the
// curve's shape cheaply; the offset of the whole picture is estimated from the magnitudes of all
// coefficients, and later from the last whole count.
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
constexpr double kAim = 0.997;        // target size relative to max_bytes
// Sizes relative to max_bytes that end the search, by the number of whole counts. A percent of the bytes is
// worth 0.2 points of SSIMULACRA2.
constexpr std::array<double, 3> kGoodEnough = {0.992, 0.985, 0.975};
constexpr double kFinestStep = 0.001;    // step in u: a tenth of a percent of the quantisation steps
constexpr double kTypicalSlope = -0.75;  // d ln(bits) / du of photos
constexpr double kTypicalHeader = 600;
constexpr double kTrellisSaves = 0.021;  // reduction of ln(bits): 0.019 to 0.031 on six photos
constexpr double kFirstGuess = 3.2;      // u at quality 88
constexpr double kOvershoot = 1.15;
constexpr int kMaxCandidates = 10;
constexpr double kNarrow = 0.2;  // between what is too fine and what fits, in u
constexpr int kEarlyRounds = 3;  // number of rounds that rely on the sample

// The curve log_bits = ln(bits) over u for a sample of the picture's MCUs. Counted points are kept.
class SampleCurve {
 public:
  SampleCurve(const Frame& frame, double finest, double coarsest)
      : frame_(frame),
        sample_(frame, sample_step(frame, kFewestMcus, kLargestStep)),
        finest_(finest),
        coarsest_(coarsest) {}

  // Returns the first solution, the only one that relates picture and sample by their magnitudes.
  double solve_first(double log_bits) {
    sample_log_bits(std::clamp(kFirstGuess, finest_, coarsest_));
    if (sample_.is_whole()) return solve(log_bits);
    offset_ = rough_log(sample_.mcus_ratio());
    const QuantTables near =
        make_quant_tables(rough_exp(propose(bracket_of(log_bits - offset_), log_bits - offset_)));
    const double magnitudes = sum_magnitudes(frame_, near);
    offset_ = ratio_of(sample_, magnitudes, near);
    return solve(log_bits);
  }

  // Returns the picture's log_bits as estimated from the sample.
  double log_bits(double u) { return offset_ + sample_log_bits(u); }

  // Returns u at the given log_bits, or the nearer end of the range, by secants between the nearest points
  // above and below.
  double solve(double picture_log_bits) {
    const double log_bits = picture_log_bits - offset_;
    for (int i = 0; i < kMaxSteps; ++i) {
      const Bracket bracket = bracket_of(log_bits);
      if (is_near(bracket.above, log_bits)) return bracket.above->u;
      if (is_near(bracket.below, log_bits)) return bracket.below->u;
      // The curve gets flat towards the finest: steps along it would not arrive.
      const bool is_far = bracket.above == nullptr && i >= kMaxOneSided;
      const double u = is_far && !is_known(finest_) ? finest_ : propose(bracket, log_bits);
      if (is_known(u)) return u;
      sample_log_bits(u);
    }
    return propose(bracket_of(log_bits), log_bits);
  }

 private:
  static constexpr std::uint32_t kFewestMcus = 100;
  static constexpr std::uint32_t kLargestStep = 12;
  static constexpr int kMaxSteps = 6;
  static constexpr int kMaxOneSided = 2;
  static constexpr double kNearLogBits = 0.002;
  static constexpr double kApart = 0.02;

  struct Point {
    double u;
    double log_bits;
  };
  struct Bracket {
    const Point* above = nullptr;  // the lowest point that is not below the wanted log_bits
    const Point* below = nullptr;
  };

  // Returns ln(picture / sample).
  static double ratio_of(const ScanSample& sample, double magnitudes, const QuantTables& tables) {
    const double sampled = sample.magnitudes(tables);
    return rough_log(sampled > 0 ? magnitudes / sampled : sample.mcus_ratio());
  }

  static double bits_of(const ScanSample& sample, double u) {
    const ScanSymbols symbols = sample.count(make_quant_tables(rough_exp(u)));
    return rough_log(
        static_cast<double>(std::max<std::uint64_t>(1, scan_bits(symbols, build_scan_tables(symbols)))));
  }

  double sample_log_bits(double u) {
    for (const Point& point : std::span(points_).first(count_)) {
      if (point.u == u) return point.log_bits;
    }
    const double log_bits = bits_of(sample_, u);
    if (count_ < points_.size()) points_[count_++] = {u, log_bits};
    return log_bits;
  }

  Bracket bracket_of(double log_bits) const {
    Bracket bracket;
    for (const Point& point : std::span(points_).first(count_)) {
      if (point.log_bits >= log_bits &&
          (bracket.above == nullptr || point.log_bits < bracket.above->log_bits)) {
        bracket.above = &point;
      }
      if (point.log_bits < log_bits &&
          (bracket.below == nullptr || point.log_bits > bracket.below->log_bits)) {
        bracket.below = &point;
      }
    }
    return bracket;
  }

  double propose(const Bracket& bracket, double log_bits) const {
    if (bracket.above != nullptr && bracket.below != nullptr) {
      const double part =
          (bracket.above->log_bits - log_bits) / (bracket.above->log_bits - bracket.below->log_bits);
      return bracket.above->u + part * (bracket.below->u - bracket.above->u);
    }
    // With points on one side only, it steps a little further than the slope implies, to get a point on the
    // other side.
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is a point, so one of the two is set
    const Point& from = bracket.above != nullptr ? *bracket.above : *bracket.below;
    return std::clamp(from.u + kOvershoot * (log_bits - from.log_bits) / slope_at(from), finest_, coarsest_);
  }

  // Computes the slope to the nearest other point that is far enough away for single steps of the tables not
  // to dominate.
  double slope_at(const Point& from) const {
    const Point* nearest = nullptr;
    for (const Point& point : std::span(points_).first(count_)) {
      const double distance = std::abs(point.u - from.u);
      if (distance < kApart || (nearest != nullptr && std::abs(nearest->u - from.u) < distance)) continue;
      nearest = &point;
    }
    if (nearest == nullptr) return kTypicalSlope;
    return std::clamp((nearest->log_bits - from.log_bits) / (nearest->u - from.u), 2 * kTypicalSlope,
                      kTypicalSlope / 2);
  }

  static bool is_near(const Point* point, double log_bits) {
    return point != nullptr && std::abs(point->log_bits - log_bits) < kNearLogBits;
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

  double estimate() { return percent_at(sample_.solve_first(wanted_log_bits(kTypicalHeader))); }

  RateChoice run() {
    RateChoice best;
    const double saved = scratch_ != nullptr ? kTrellisSaves : 0;
    double u = sample_.solve_first(wanted_log_bits(kTypicalHeader) + saved);
    for (int i = 0; i < kMaxCandidates; ++i) {
      const Candidate candidate = measure(percent_at(u), i == 0);
      const std::size_t size = candidate.bytes_expected();
      const bool fits = size <= max_bytes_;
      const double wanted = wanted_log_bits(static_cast<double>(candidate.header_bytes));
      const double counted = rough_log(static_cast<double>(std::max<std::uint64_t>(1, candidate.scan_bits)));
      if (fits || !best.fits) {
        best = {candidate, fits, tokens_.is_whole};
      } else {
        best.is_recorded = false;
      }
      (fits ? fitting_ : too_fine_) = {u, counted, true};
      if (fits) best_size_ = size;
      if (is_done(u, fits, i)) break;
      // Near u the sample's log_bits differ from the whole picture's by an almost constant offset.
      u = next_between(sample_.solve(wanted - counted + sample_.log_bits(u)), wanted, i);
    }
    return best;
  }

 private:
  struct End {
    double u;
    double log_bits;  // valid when is_counted
    bool is_counted;
  };

  Candidate measure(double percent, bool is_first) {
    if (scratch_ == nullptr) return measure_candidate(frame_, percent, tokens_);
    // The first candidate needs two rounds, as its codes change with its levels. Later ones are close to
    // their predecessor.
    if (is_first) last_tables_ = measure_candidate(frame_, percent, tokens_).tables;
    for (int round = is_first ? 0 : 1;; ++round) {
      Candidate candidate = measure_best_candidate(frame_, percent, last_tables_, *scratch_, tokens_);
      last_tables_ = candidate.tables;
      if (round == 1) return candidate;
    }
  }

  // The result is exact at the ends.
  double percent_at(double u) const { return std::clamp(rough_exp(u), finest_percent_, coarsest_percent_); }

  double wanted_log_bits(double header_bytes) const {
    const double scan_bytes = static_cast<double>(max_bytes_) * kAim - header_bytes - kEndOfImageBytes;
    return rough_log(std::max(1.0, scan_bytes * 8 / (1 + kStuffing)));
  }

  // What is good enough gets less with the rounds once the way is narrow: steps of the table may be in it.
  bool is_done(double u, bool fits, int round) const {
    if (fits ? u <= finest_ : u >= coarsest_) return true;
    const bool is_narrow = too_fine_.is_counted && fitting_.u - too_fine_.u < kNarrow;
    const std::size_t patience = is_narrow ? static_cast<std::size_t>(round) : 0;
    const double enough = kGoodEnough[std::min(patience, kGoodEnough.size() - 1)];
    if (static_cast<double>(best_size_) >= enough * static_cast<double>(max_bytes_)) return true;
    return fitting_.is_counted && fitting_.u - too_fine_.u < kFinestStep;
  }

  // Returns the proposal, clamped between what is too fine and what fits. The ends themselves are tried while
  // no nearer bound is known. A proposal out of bounds shows that the sample misleads, many of them that
  // steps of the table prevent progress: then only whole counts are used.
  double next_between(double proposal, double wanted, int round) const {
    const bool may_reach = proposal < coarsest_ - kFinestStep && round < kMaxCandidates / 2;
    if (!fitting_.is_counted && !may_reach) return coarsest_;
    if (!too_fine_.is_counted && proposal <= finest_ + kFinestStep) return finest_;
    const double width = fitting_.u - too_fine_.u;
    // Where all steps are nearly 1 the size does not change over a long way: single steps would not get out
    // of it.
    const double margin = std::min(width / 4, kFinestStep * (1 << (2 * round)));
    const double min = too_fine_.u + margin;
    const double max = fitting_.u - margin;
    const bool is_between = proposal >= min && proposal <= max;
    if (!fitting_.is_counted || !too_fine_.is_counted || (is_between && round < kEarlyRounds)) {
      return std::clamp(proposal, min, max);
    }
    const double fall = too_fine_.log_bits - fitting_.log_bits;
    const double part = round % 2 == 0 || fall < kFinestStep ? 0.5 : (too_fine_.log_bits - wanted) / fall;
    return std::clamp(too_fine_.u + part * width, min, max);
  }

  const Frame& frame_;
  Frame* scratch_;
  ScanTokens& tokens_;  // tokens of the last candidate
  ScanTables last_tables_{};
  std::size_t max_bytes_;
  std::size_t best_size_ = 0;  // size at fitting_
  double finest_percent_;
  double coarsest_percent_;
  double finest_;  // u of the percentages above
  double coarsest_;
  End too_fine_;  // the coarsest u known to be too large, or the finest allowed
  End fitting_;   // the finest u known to fit, or the coarsest allowed
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

double estimate_percent(const Frame& frame, const RateLimits& limits) {
  ScanTokens none;
  return RateSearch(frame, limits, nullptr, none).estimate();
}

}  // namespace netocr::jpeg
