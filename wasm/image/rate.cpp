// The search runs on u = ln(percent), in which ln(bits) is almost a straight line. A sample of the rows of
// MCUs gives its shape cheaply; the ratio of whole to sample at the last candidate gives its height.
#include "image/rate.hpp"

#include <algorithm>
#include <cmath>

#include "image/jpeg_segments.hpp"

namespace netocr {
namespace {

constexpr double kStuffing = 0.0035;     // stuffed zero bytes per byte of the scan, measured 0.0026..0.0034
constexpr double kAim = 0.9965;          // of max_bytes
constexpr double kGoodEnough = 0.985;    // of max_bytes
constexpr double kFinestStep = 0.001;    // in u: a tenth of a percent of the steps
constexpr double kTypicalSlope = -0.75;  // d ln(bits) / du of photos
constexpr double kTypicalHeader = 600;
constexpr double kFirstGuess = 3.7;  // u at quality 80
constexpr int kMaxCandidates = 10;
constexpr int kMaxSampleSteps = 6;

class RateSearch {
 public:
  RateSearch(const Frame& frame, const RateLimits& limits)
      : frame_(frame),
        limits_(limits),
        finest_(std::log(percent_of_quality(limits.max_quality))),
        coarsest_(std::log(percent_of_quality(limits.min_quality))),
        // An eighth of the rows, but never fewer than about 10.
        sample_step_(std::clamp<std::uint32_t>(frame.mcus_high() / 10, 1, 8)) {}

  RateChoice run() {
    double too_fine = finest_;  // finer than this is known to be too large, or not allowed
    double fitting = coarsest_;
    double bits_wanted = wanted_bits(kTypicalHeader);
    double u = solve_on_sample(bits_wanted, kFirstGuess);
    RateChoice best;
    for (int i = 0; i < kMaxCandidates; ++i) {
      Candidate candidate = measure_candidate(frame_, std::exp(u));
      const double size = static_cast<double>(candidate.bytes_expected());
      const bool fits = candidate.bytes_expected() <= limits_.max_bytes;
      bits_wanted = wanted_bits(static_cast<double>(candidate.header_bytes));
      const double ratio = static_cast<double>(candidate.scan_bits) / sample_bits(u);
      if (fits || !best.fits) best = {candidate, fits};
      (fits ? fitting : too_fine) = u;
      const bool at_end = fits ? u <= finest_ : u >= coarsest_;
      if (at_end || (fits && size >= kGoodEnough * static_cast<double>(limits_.max_bytes))) break;
      if (fitting - too_fine < kFinestStep && best.fits) break;
      const bool give_up = !best.fits && i >= kMaxCandidates / 2;  // then the coarsest one decides
      u = give_up ? coarsest_
                  : next_between(too_fine, fitting, solve_on_sample(bits_wanted / ratio, u), best.fits);
    }
    return best;
  }

 private:
  double wanted_bits(double header_bytes) const {
    const double scan_bytes = static_cast<double>(limits_.max_bytes) * kAim - header_bytes - kEndOfImageBytes;
    return std::max(1.0, scan_bytes * 8 / (1 + kStuffing));
  }

  // The proposal when it lies between the two ends, else their middle (their coarse end while nothing fits).
  double next_between(double too_fine, double fitting, double proposal, bool fits) const {
    if (!fits && proposal >= fitting - kFinestStep) return fitting;
    if (too_fine == finest_ && proposal <= finest_) return finest_;
    const double margin = (fitting - too_fine) * 0.02;
    if (proposal > too_fine + margin && proposal < fitting - margin) return proposal;
    return (too_fine + fitting) / 2;
  }

  double sample_bits(double u) const {
    const ScanSymbols symbols = count_symbols(frame_, make_quant_tables(std::exp(u)), sample_step_);
    return std::max(1.0, static_cast<double>(scan_bits(symbols, build_scan_tables(symbols))) * sample_step_);
  }

  // Where the sample has `bits`, by secants.
  double solve_on_sample(double bits, double start) const {
    double u = std::clamp(start, finest_, coarsest_);
    double height = std::log(sample_bits(u));
    double slope = kTypicalSlope;
    for (int i = 0; i < kMaxSampleSteps; ++i) {
      const double next = std::clamp(u + (std::log(bits) - height) / slope, finest_, coarsest_);
      if (std::abs(next - u) < 4 * kFinestStep) return next;
      const double next_height = std::log(sample_bits(next));
      slope = std::clamp((next_height - height) / (next - u), -3.0, -0.1);
      u = next;
      height = next_height;
    }
    return u;
  }

  const Frame& frame_;
  RateLimits limits_;
  double finest_;
  double coarsest_;
  std::uint32_t sample_step_;
};

}  // namespace

std::size_t Candidate::bytes_unstuffed() const {
  return header_bytes + static_cast<std::size_t>((scan_bits + 7) / 8) + kEndOfImageBytes;
}

std::size_t Candidate::bytes_expected() const {
  return bytes_unstuffed() + static_cast<std::size_t>(static_cast<double>(scan_bits) / 8 * kStuffing);
}

Candidate measure_candidate(const Frame& frame, double percent) {
  Candidate made;
  made.percent = percent;
  made.quant = make_quant_tables(percent);
  const ScanSymbols symbols = count_symbols(frame, made.quant, 1);
  made.tables = build_scan_tables(symbols);
  made.scan_bits = scan_bits(symbols, made.tables);
  made.header_bytes = jpeg_header_size(frame, made.quant, made.tables);
  return made;
}

RateChoice choose_rate(const Frame& frame, const RateLimits& limits) {
  return RateSearch(frame, limits).run();
}

}  // namespace netocr
